// What a field can be asked without its class: the validators that the form itself names. As in
// the platform's library, ranges and `required` mean nothing without one.

const isBlank = (value) => isNothing(value) || value === "";
const isFiniteNumber = (value) => typeof value === "number" && Number.isFinite(value);

function numberFaults(value, field) {
  if (!isFiniteNumber(value)) {
    return ["must be a number"];
  }
  const faults = [];
  if (!isNothing(field.min) && value < field.min) {
    faults.push(`must be at least ${field.min}`);
  }
  if (!isNothing(field.max) && value > field.max) {
    faults.push(`must be at most ${field.max}`);
  }
  return faults;
}

function lengthFaults(length, field, noun) {
  if (!isNothing(field.min) && length < field.min) {
    return [`must have at least ${field.min} ${noun}`];
  }
  return !isNothing(field.max) && length > field.max
    ? [`must have at most ${field.max} ${noun}`]
    : [];
}

function dateFaults(value, field) {
  const time = new Date(value).getTime();
  if (Number.isNaN(time)) {
    return ["must be a date"];
  }
  const early = !isNothing(field.min) && time < new Date(field.min).getTime();
  const late = !isNothing(field.max) && time > new Date(field.max).getTime();
  return early ? [`must not be before ${field.min}`] : late ? [`must not be after ${field.max}`] : [];
}

const fits = (pattern, sentence) => (value) => (pattern.test(String(value)) ? [] : [sentence]);

const VALIDATORS = {
  required: () => [],
  number: numberFaults,
  integer: (value, field) =>
    Number.isInteger(value) || !isFiniteNumber(value)
      ? numberFaults(value, field)
      : [...numberFaults(value, field), "must be a whole number"],
  double: (value) => (typeof value === "number" && !Number.isNaN(value) ? [] : ["must be a number"]),
  string: (value, field) =>
    typeof value === "string" ? lengthFaults(value.length, field, "characters") : ["must be text"],
  array: (value, field) =>
    Array.isArray(value) ? lengthFaults(value.length, field, "items") : ["must be a list"],
  date: dateFaults,
  regexp: (value, field) => {
    try {
      const fitting = isNothing(field.pattern) || new RegExp(field.pattern).test(String(value));
      return fitting ? [] : [`must match ${field.pattern}`];
    } catch {
      return [];
    }
  },
  email: fits(/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/, "must be an e-mail address"),
  url: fits(/^https?:\/\/[^\s.]+\.[^\s]+/, "must be the address of a web page"),
  creditCard: fits(/^[0-9 -]{12,23}$/, "must be the number of a credit card"),
  alpha: fits(/^[a-zA-Z]*$/, "must be letters only"),
  alphaNumeric: fits(/^[a-zA-Z0-9]*$/, "must be letters and digits only"),
};

const validatorsOf = (field) => (isNothing(field.validator) ? [] : [field.validator].flat());

// What the form itself finds wrong with the value of a field.
function formFaults(field, value) {
  const faults = [];
  if (field.readonly === true || field.disabled === true || !isShown(field)) {
    return faults;
  }
  for (const name of validatorsOf(field).filter((each) => own(VALIDATORS, each))) {
    const isEmptyList = name === "array" && Array.isArray(value) && value.length === 0;
    // A number input that was emptied holds NaN, which the library takes for a wrong number.
    if (isBlank(value) || (isEmptyList && field.required)) {
      faults.push(...(field.required ? ["is required"] : []));
    } else {
      faults.push(...VALIDATORS[name](value, field));
    }
  }
  return [...new Set(faults)];
}

// All that the form itself finds wrong, as problems.
function formProblems() {
  return shown.fields.flatMap(({ field, path }) => {
    const faults = path === null ? [] : formFaults(field, valueAt(shown.model, path));
    return faults.map((text) => ({ path: stepsOf(path), place: path, text }));
  });
}

// Why the form library cannot check the form at all.
function breaksChecking({ field }) {
  const unknown = validatorsOf(field).find((each) => !own(VALIDATORS, each));
  if (field.type !== "label" && !own(MAKERS, field.type)) {
    return `it knows no type “${textOf(field.type)}”`;
  }
  return unknown === undefined || !isShown(field) ? null : `it knows no validator “${textOf(unknown)}”`;
}

// Why the text of a JSON field is no JSON, which the form itself does not ask; else null.
function jsonFaultOf(field, value) {
  if (field.isJson !== true || typeof value !== "string" || value.trim() === "") {
    return null;
  }
  try {
    JSON.parse(value);
    return null;
  } catch (error) {
    return error.message;
  }
}
