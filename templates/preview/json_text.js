// JSON text as it was written: each value with its place in the text, so that a change of one part
// leaves all others as they are, digits of numbers, escapes and spaces alike.

const SPACES = " \t\n\r";

// The value of a text as {kind, start, end, parts}; the parts of an object have `key`,
// `keyStart` and `keyEnd` too. Raises what JSON.parse raises.
function readJson(text) {
  JSON.parse(text);
  let at = 0;
  const skip = () => {
    while (at < text.length && SPACES.includes(text[at])) {
      at += 1;
    }
  };
  const skipText = () => {
    for (at += 1; text[at] !== '"'; at += 1) {
      at += text[at] === "\\" ? 1 : 0;
    }
    at += 1;
  };
  const readParts = (node) => {
    for (at += 1, skip(); !"]}".includes(text[at]); skip()) {
      const place = {};
      if (node.kind === "object") {
        place.keyStart = at;
        skipText();
        place.keyEnd = at;
        place.key = JSON.parse(text.slice(place.keyStart, at));
        skip();
        at += 1;
      }
      node.parts.push(Object.assign(readValue(), place));
      skip();
      at += text[at] === "," ? 1 : 0;
    }
    at += 1;
  };
  const readValue = () => {
    skip();
    const node = { kind: KINDS_BY_SIGN[text[at]] ?? "number", start: at, end: at, parts: [] };
    if (node.kind === "object" || node.kind === "array") {
      readParts(node);
    } else if (node.kind === "text") {
      skipText();
    } else {
      while (at < text.length && !",]}".includes(text[at]) && !SPACES.includes(text[at])) {
        at += 1;
      }
    }
    node.end = at;
    return node;
  };
  return readValue();
}

function isJsonText(text) {
  try {
    readJson(text);
    return true;
  } catch {
    return false;
  }
}

const KINDS_BY_SIGN = { "{": "object", "[": "array", '"': "text", t: "boolean", f: "boolean", n: "null" };

const partAt = (root, path) => path.reduce((node, place) => node.parts[place], root);

const sourceOf = (text, node) => text.slice(node.start, node.end);

// The source of a part with its key, if it has one.
const memberOf = (text, part) => text.slice(part.keyStart ?? part.start, part.end);

const withPart = (text, { start, end }, source) => text.slice(0, start) + source + text.slice(end);

// The text with other members in the list or object `node`: in one line if it was in one.
function withMembers(text, node, members) {
  const [opening, closing] = node.kind === "array" ? "[]" : "{}";
  if (members.length === 0) {
    return withPart(text, node, opening + closing);
  }
  const isFlat = node.parts.length ? !sourceOf(text, node).includes("\n") : node.start > 0;
  const line = members.join(", ");
  if (isFlat && line.length < 80 && !line.includes("\n")) {
    return withPart(text, node, opening + line + closing);
  }
  const before = text.slice(text.lastIndexOf("\n", node.start - 1) + 1, node.start);
  const indent = /^[ \t]*/.exec(before)[0];
  const inner = members.map((member) => `\n${indent}  ${member}`).join(",");
  return withPart(text, node, `${opening}${inner}\n${indent}${closing}`);
}

// A source that was written at the edge of a text, in the place of a part of another one.
const indented = (source, text, node, steps) => {
  const before = text.slice(text.lastIndexOf("\n", node.start - 1) + 1, node.start);
  return source.replaceAll("\n", `\n${/^[ \t]*/.exec(before)[0]}${"  ".repeat(steps)}`);
};

// The same for all texts of the same value: without spaces, keys sorted. Numbers are told apart by
// their digits, not as JavaScript reads them.
function canonicalJson(text) {
  const write = (node) => {
    if (node.kind === "array") {
      return `[${node.parts.map(write).join()}]`;
    }
    if (node.kind === "object") {
      const members = node.parts.map((part) => `${JSON.stringify(part.key)}:${write(part)}`);
      return `{${members.sort().join()}}`;
    }
    const source = sourceOf(text, node);
    return node.kind === "text" ? JSON.stringify(JSON.parse(source)) : source;
  };
  return write(readJson(text));
}

// The JSON text of a number that was typed; null if it is none.
function numberText(typed) {
  const found = /^\+?(-?)(\d*)(\.\d*)?(e[+-]?\d+)?$/i.exec(typed.trim());
  if (found === null || !/\d/.test(`${found[2]}${found[3] ?? ""}`)) {
    return null;
  }
  const [, sign, whole, fraction = "", power = ""] = found;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  return `${sign}${digits}${fraction === "." ? "" : fraction}${power}`;
}
