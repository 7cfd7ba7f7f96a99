// Dates as the platform's form library keeps them: milliseconds, or text in a field's `format`.

const two = (number) => String(number).padStart(2, "0");

const DATE_PARTS = {
  YYYY: (d) => String(d.getFullYear()).padStart(4, "0"),
  YY: (d) => String(d.getFullYear()).slice(-2),
  MM: (d) => two(d.getMonth() + 1),
  M: (d) => String(d.getMonth() + 1),
  DD: (d) => two(d.getDate()),
  D: (d) => String(d.getDate()),
  HH: (d) => two(d.getHours()),
  H: (d) => String(d.getHours()),
  hh: (d) => two(d.getHours() % 12 || 12),
  h: (d) => String(d.getHours() % 12 || 12),
  mm: (d) => two(d.getMinutes()),
  m: (d) => String(d.getMinutes()),
  ss: (d) => two(d.getSeconds()),
  s: (d) => String(d.getSeconds()),
  SSS: (d) => String(d.getMilliseconds()).padStart(3, "0"),
  A: (d) => (d.getHours() < 12 ? "AM" : "PM"),
  a: (d) => (d.getHours() < 12 ? "am" : "pm"),
};
const DATE_TOKEN = /YYYY|YY|MM?|DD?|HH?|hh?|mm?|SSS|ss?|A|a/g;

const formatDate = (date, format) => format.replace(DATE_TOKEN, (token) => DATE_PARTS[token](date));

// The date that `text` means in `format`; null if it does not fit.
function parseDate(text, format) {
  const tokens = [];
  const escape = (literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  let pattern = "";
  let end = 0;
  for (const found of format.matchAll(DATE_TOKEN)) {
    pattern += escape(format.slice(end, found.index));
    pattern += /^a$/i.test(found[0]) ? "([AaPp][Mm])" : found[0] === "YYYY" ? "(\\d{4})" : "(\\d{1,3})";
    tokens.push(found[0]);
    end = found.index + found[0].length;
  }
  const match = new RegExp(`^${pattern}${escape(format.slice(end))}$`).exec(text);
  if (match === null) {
    return null;
  }
  const parts = { Y: 1970, M: 1, D: 1, H: 0, m: 0, s: 0, S: 0 };
  tokens.forEach((token, i) => {
    const number = Number(match[i + 1]);
    if (token === "YY") {
      parts.Y = 2000 + number;
    } else if (token.toLowerCase() === "a") {
      parts.H = (parts.H % 12) + (match[i + 1].toLowerCase() === "pm" ? 12 : 0);
    } else {
      parts[token[0] === "h" ? "H" : token[0]] = number;
    }
  });
  const date = new Date(parts.Y, parts.M - 1, parts.D, parts.H, parts.m, parts.s, parts.S);
  return Number.isNaN(date.getTime()) ? null : date;
}

const NATIVE_FORMATS = { date: "YYYY-MM-DD", "datetime-local": "YYYY-MM-DDTHH:mm:ss" };

// A date of a model as a browser's date control takes it; "" if it is none.
function dateToControl(value, kind, format) {
  if (!["number", "string"].includes(typeof value) || value === "") {
    return "";
  }
  let date = null;
  if (typeof value === "number") {
    date = new Date(value);
  } else if (format) {
    date = parseDate(value, format);
  }
  date ??= new Date(kind === "date" ? `${value}T00:00:00` : String(value).replace(" ", "T"));
  return Number.isNaN(date.getTime()) ? "" : formatDate(date, NATIVE_FORMATS[kind]);
}

// What the library keeps of a date control's text.
function dateToModel(text, format) {
  if (text === "") {
    return null;
  }
  const date = new Date(text.includes("T") ? text : `${text}T00:00:00`);
  if (Number.isNaN(date.getTime())) {
    return text;
  }
  return format ? formatDate(date, format) : date.getTime();
}
