// Whole numbers beyond 2^53, of which JavaScript loses digits, as they are written in JSON.

class LongNumber extends Number {
  constructor(source) {
    super(source);
    this.source = source;
  }

  toString() {
    return this.source;
  }

  toJSON() {
    return JSON.rawJSON(this.source);
  }
}

const mayBeLong = (text) => /\d{16}/.test(text) && "rawJSON" in JSON;

// What JSON text stands for. A browser that does not tell how numbers are written rounds them.
function parsed(text) {
  const isLong = (value, source) => typeof value === "number" && /^-?\d+$/.test(source) && !Number.isSafeInteger(value);
  const read = (key, value, { source }) => (isLong(value, source) ? new LongNumber(source) : value);
  return mayBeLong(text) ? JSON.parse(text, read) : JSON.parse(text);
}

// Schemas as they were sent. Their forms have the numbers that the platform's page has of them.
function received(text) {
  const found = parsed(text);
  for (const view of mayBeLong(text) ? [found.view, ...(found.views ?? [])] : []) {
    if (view?.form) {
      view.form_text = JSON.stringify(view.form, null, 2);
      view.form = JSON.parse(view.form_text);
    }
  }
  return found;
}
