// Form models: nested values under dotted paths, filled, changed and read as the platform's form
// library does it.

// A container whose keys are all its own, so that no key (`__proto__`) means anything special.
const bare = () => Object.create(null);

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof LongNumber);

const isNothing = (value) => value === null || value === undefined;

const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

function copied(value) {
  if (Array.isArray(value)) {
    return value.map(copied);
  }
  if (!isObject(value)) {
    return value;
  }
  const copy = bare();
  for (const key of Object.keys(value)) {
    copy[key] = copied(value[key]);
  }
  return copy;
}

// The keys of a dotted path; `a[0]` is another way to write `a.0`.
const stepsOf = (path) => path.replace(/\[(\w+)\]/g, ".$1").replace(/^\./, "").split(".");

function valueAt(model, path) {
  let value = model;
  for (const step of stepsOf(path)) {
    if (typeof value !== "object" || value === null || !own(value, step)) {
      return undefined;
    }
    value = value[step];
  }
  return value;
}

function setAt(model, path, value) {
  const steps = stepsOf(path);
  const last = steps.pop();
  let target = model;
  for (const step of steps) {
    if (!own(target, step) || typeof target[step] !== "object" || target[step] === null) {
      target[step] = bare();
    }
    target = target[step];
  }
  target[last] = value;
}

function deleteAt(model, path) {
  const steps = stepsOf(path);
  const last = steps.pop();
  const target = steps.length ? valueAt(model, steps.join(".")) : model;
  if (typeof target === "object" && target !== null) {
    delete target[last];
  }
}

const listOf = (value) => (Array.isArray(value) ? value : []);

// The fields of a form in their order, each with the group that it lies in, if any.
function fieldsOf(form) {
  const found = listOf(form.fields).map((field) => ({ field, group: null }));
  for (const group of listOf(form.groups).filter(isObject)) {
    found.push(...listOf(group.fields).map((field) => ({ field, group })));
  }
  return found.filter((entry) => isObject(entry.field));
}

// The model of a form that was just opened. The library fills in the defaults of `fields` only,
// not those in `groups`; one without a model it puts under the key "undefined".
function openedModel(form) {
  const model = bare();
  for (const field of listOf(form.fields).filter(isObject)) {
    const path = String(field.model);
    if (field.default !== undefined && valueAt(model, path) === undefined) {
      setAt(model, path, copied(field.default));
    }
  }
  return model;
}

// Lay a preset over a model: objects key by key, everything else whole.
function merge(model, preset) {
  for (const key of Object.keys(preset)) {
    if (isObject(preset[key]) && own(model, key) && isObject(model[key])) {
      merge(model[key], preset[key]);
    } else {
      model[key] = copied(preset[key]);
    }
  }
  return model;
}

function startModel(form, presetName) {
  const model = openedModel(form);
  const presets = isObject(form.presets) ? form.presets : {};
  const preset = presetName !== null && own(presets, presetName) ? presets[presetName] : null;
  return isObject(preset) ? merge(model, preset) : model;
}

// Equal as JSON: the order of keys does not matter, and NaN is null.
function sameJson(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, i) => sameJson(item, other[i]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => own(other, key) && sameJson(one[key], other[key]))
    );
  }
  const plain = (value) => (Number.isNaN(value) ? null : value instanceof LongNumber ? value.source : value);
  return plain(one) === plain(other);
}

// Labels, hints and choices

const ENTITIES = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", deg: "°", micro: "µ",
  times: "×", plusmn: "±", sup2: "²", sup3: "³", le: "≤", ge: "≥", ne: "≠", hellip: "…",
  ndash: "–", mdash: "—", laquo: "«", raquo: "»", copy: "©", reg: "®", euro: "€", mu: "μ",
  sigma: "σ", alpha: "α", beta: "β", infin: "∞", rarr: "→", larr: "←", permil: "‰", middot: "·",
};

// The text that HTML text stands for. The library inserts labels and hints as HTML, so exported
// ones are escaped; here they never become markup, only their entities are read.
function decoded(html) {
  return String(html).replace(/&(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z0-9]+);/gi, (entity, name) => {
    if (name[0] !== "#") {
      return own(ENTITIES, name) ? ENTITIES[name] : entity;
    }
    const hex = name[1] === "x" || name[1] === "X";
    const code = parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}

const isMarkup = (html) => /<[a-z!/?]/i.test(String(html));

const hasLabel = (field) => !isNothing(field.label) && field.label !== "";

const labelOf = (field) => (hasLabel(field) ? decoded(field.label) : String(field.model ?? ""));

const isShown = (field) => isNothing(field.visible) || Boolean(field.visible);

// The choices of a field as {value, name, group, disabled}. Objects have their value under `id` or
// `value`, or under the key that the field's own options name.
function choicesOf(field) {
  const options = field.selectOptions ?? field.radiosOptions ?? field.checklistOptions ?? {};
  return listOf(field.values).map((item) => {
    if (!isObject(item)) {
      return { value: item, name: String(item) };
    }
    const valueKey = [options.value, "id", "value"].find((key) => own(item, key));
    const nameKey = [options.name, "name", "label"].find((key) => own(item, key));
    const value = valueKey === undefined ? null : item[valueKey];
    const name = nameKey === undefined ? value : item[nameKey];
    return { value, name: String(name), group: item.group, disabled: Boolean(item.disabled), item };
  });
}
