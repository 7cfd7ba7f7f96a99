// What the page shows now, and what was typed: kept over presets, reloads and changes of the schema.

const data = JSON.parse(document.getElementById("data").textContent);
const part = (id) => document.getElementById(id);

// What is shown now. `changes` has what was typed, by model path.
const shown = { view: null, preset: null, model: bare(), changes: new Map(), fields: [] };

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function later(wait, action) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
}

const announce = later(600, (text) => {
  if (part("status").textContent !== text) {
    part("status").textContent = text;
  }
});

// Storage that a browser may refuse.
function stored(storage, key, value) {
  try {
    if (value === undefined) {
      return window[storage].getItem(key);
    }
    window[storage].setItem(key, value);
  } catch {
    // Then nothing is remembered.
  }
  return null;
}

const kindOf = (field) => [field.type, field.inputType ?? "", field.isJson === true].join();
const storageKey = () => `brevetti preview ${shown.view.module}`;

function snapshot() {
  const kinds = new Map(shown.fields.map(({ path, field }) => [path, kindOf(field)]));
  return {
    preset: shown.preset,
    changes: [...shown.changes].map(([path, value]) => [path, kinds.get(path) ?? "", value]),
  };
}

// Fill the model anew: as the form opens, the preset laid over it, and then what was typed, as
// far as the form still has such fields.
function fill({ preset, changes }) {
  const { form } = shown.view;
  const presets = isObject(form.presets) ? form.presets : {};
  shown.preset = preset !== null && own(presets, preset) ? preset : null;
  shown.model = startModel(form, shown.preset);
  shown.changes = new Map();
  const fields = new Map(fieldsOf(form).map(({ field }) => [field.model, field]));
  for (const [path, kind, value] of changes) {
    const field = fields.get(path);
    if (field !== undefined && kindOf(field) === kind) {
      const kept = fitting(field, value);
      if (kept !== undefined) {
        setAt(shown.model, path, kept);
        shown.changes.set(path, kept);
      }
    }
  }
}

// What of a typed value a field can still hold; undefined for nothing.
function fitting(field, value) {
  if (!["select", "radios", "checklist"].includes(field.type)) {
    return value;
  }
  const isChoice = (item) => choicesOf(field).some((choice) => sameJson(choice.value, item));
  if (Array.isArray(value)) {
    return value.filter(isChoice);
  }
  return value === null || isChoice(value) ? value : undefined;
}

function remember() {
  if (data.live) {
    const { preset, changes } = snapshot();
    const secret = new Set(
      shown.fields.filter(({ field }) => field.inputType === "password").map(({ path }) => path)
    );
    const kept = changes.filter(([path]) => !secret.has(path));
    stored("sessionStorage", storageKey(), JSON.stringify({ preset, changes: kept }));
  }
}

function remembered() {
  const text = data.live ? stored("sessionStorage", storageKey()) : null;
  return text === null ? { preset: null, changes: [] } : JSON.parse(text);
}
