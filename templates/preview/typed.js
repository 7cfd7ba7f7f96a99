// What the page shows now, and what was typed: kept over presets, reloads and changes of the schema.

const data = received(document.getElementById("data").textContent);
const part = (id) => document.getElementById(id);

// What is shown now. `changes` has what was typed, by model path; `drafts` what was typed while
// other presets were shown, by their names, as `snapshot` gives it.
const shown = { view: null, preset: null, model: bare(), changes: new Map(), drafts: new Map(), fields: [] };

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function later(wait, action) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
}

// The same text again would be laid out, and told, again.
function setText(id, text) {
  if (part(id).textContent !== text) {
    part(id).textContent = text;
  }
}

const announce = later(600, (text) => setText("status", text));

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

// What was typed, to be filled in again: {preset, changes: [[path, kind, value]], drafts}.
function snapshot() {
  const kinds = new Map(shown.fields.map(({ path, field }) => [path, field]));
  const kindAt = (path) => (kinds.has(path) ? kindOf(kinds.get(path)) : "");
  return {
    preset: shown.preset,
    changes: [...shown.changes].map(([path, value]) => [path, kindAt(path), value]),
    drafts: new Map(shown.drafts),
  };
}

// Fill the model anew: as the form opens, the preset laid over it, and then what was typed, as
// far as the form still has such fields.
function fill({ preset, changes, drafts }) {
  const { form } = shown.view;
  const presets = isObject(form.presets) ? form.presets : {};
  shown.preset = preset !== null && own(presets, preset) ? preset : null;
  shown.model = startModel(form, shown.preset);
  shown.changes = new Map();
  shown.drafts = drafts;
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

// What was typed into each schema, but no secrets: a live page keeps it over reloads.
const memory = new Map();

function remember() {
  const { preset, changes, drafts } = snapshot();
  if (!data.live) {
    memory.set(storageKey(), { preset, changes, drafts });
    return;
  }
  const secret = new Set(shown.fields.filter(isSecret).map(({ path }) => path));
  const open = (list) => list.filter(([path]) => !secret.has(path));
  const kept = [...drafts].map(([name, list]) => [name, open(list)]);
  stored("sessionStorage", storageKey(), JSON.stringify({ preset, changes: open(changes), drafts: kept }));
}

function remembered() {
  const text = data.live ? stored("sessionStorage", storageKey()) : null;
  const nothing = { preset: null, changes: [], drafts: new Map() };
  if (text === null) {
    return memory.get(storageKey()) ?? nothing;
  }
  const { drafts = [], ...kept } = JSON.parse(text);
  return { ...kept, drafts: new Map(drafts) };
}
