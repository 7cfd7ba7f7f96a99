// The controls of all field types. A maker takes a field, its value and `change`, which it calls
// with each new value, and gives {box, inputs}: what is shown, and the elements that carry its
// accessible description. `group` says that the inputs are one control together.

// An element; text is always text, never markup.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
    } else if (typeof value === "boolean") {
      element.toggleAttribute(name, value);
    } else if (!isNothing(value)) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// Set an attribute, or take it away for null, where that changes anything: browsers look anew at
// all that a style may reach from an attribute that was set.
function assign(element, name, value) {
  if (element.getAttribute(name) === value) {
    return;
  }
  if (value === null) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value);
  }
}

// What a text control shows of a value, as browsers make text of it.
function textOf(value) {
  if (isNothing(value) || Number.isNaN(value)) {
    return "";
  }
  if (Array.isArray(value)) {
    return value.map(textOf).join(",");
  }
  return typeof value === "object" ? "[object Object]" : String(value);
}

const plainAttributes = (field, names) =>
  Object.fromEntries(
    names.map((name) => [name, typeof field[name] === "object" ? null : field[name]])
  );

const single = (input) => ({ box: input, inputs: [input] });

const isDisabled = (field) => Boolean(field.disabled);

// Text

// Not `pattern`: browsers read it in another dialect, and complain of what they cannot read.
const TEXT_ATTRIBUTES = ["placeholder", "maxlength", "minlength"];
const RANGE_ATTRIBUTES = ["min", "max", "step"];

function makeText(field, value, change, type = "text") {
  const input = make("input", {
    type,
    autocomplete: "off",
    ...plainAttributes(field, TEXT_ATTRIBUTES),
    readonly: Boolean(field.readonly),
    disabled: isDisabled(field),
    on: { input: () => change(input.value) },
  });
  input.value = textOf(value);
  return single(input);
}

function makeTextArea(field, value, change, id) {
  const rows = Number.parseInt(field.rows, 10);
  const area = make("textarea", {
    rows: rows > 0 ? Math.min(rows, 40) : 2,
    maxlength: field.max >= 0 ? field.max : null,
    minlength: field.min >= 0 ? field.min : null,
    placeholder: field.placeholder,
    readonly: Boolean(field.readonly),
    disabled: isDisabled(field),
    spellcheck: field.isJson ? "false" : null,
    class: field.isJson ? "code" : null,
    on: { input: () => (change(area.value), editor?.read()) },
  });
  area.value = textOf(value);
  const isEdited = field.isJson === true && !isDisabled(field) && !field.readonly && !isAsPlatform();
  const editor = isEdited ? makeRows(field, area, change, id) : null;
  return { box: editor?.box ?? area, inputs: [area], tell: editor?.tell };
}

// Numbers, colors, dates

function makeNumber(field, value, change) {
  const input = make("input", {
    type: "number",
    inputmode: Number.isInteger(field.step) ? "numeric" : "decimal",
    placeholder: field.placeholder,
    ...plainAttributes(field, RANGE_ATTRIBUTES),
    readonly: Boolean(field.readonly),
    disabled: isDisabled(field),
    on: { input: () => change(Number.parseFloat(input.value)) },
  });
  input.value = textOf(value);
  return single(input);
}

function makeRange(field, value, change) {
  const shown = make("output", { class: "helper" }, textOf(value));
  const input = make("input", {
    type: "range",
    ...plainAttributes(field, RANGE_ATTRIBUTES),
    disabled: isDisabled(field),
    on: {
      input: () => {
        shown.textContent = input.value;
        change(Number.parseFloat(input.value));
      },
    },
  });
  input.value = textOf(value);
  return { box: make("div", { class: "row" }, input, shown), inputs: [input] };
}

// One handle, or two for a list of two numbers.
function makeSlider(field, value, change) {
  const options = { ...field.rangeSliderOptions, ...field.noUiSliderOptions };
  const limits = { min: field.min ?? options.min, max: field.max ?? options.max, step: field.step };
  if (!(Array.isArray(value) || options.type === "double" || options.double === true)) {
    return makeRange({ ...limits, disabled: field.disabled }, value ?? field.min, change);
  }
  const ends = Array.isArray(value) ? [value[0], value[1]] : [limits.min ?? 0, limits.min ?? 0];
  const handles = ends.map((end, i) =>
    makeRange({ ...limits, disabled: field.disabled }, end, (number) => {
      ends[i] = number;
      change([...ends]);
    })
  );
  handles.forEach(({ inputs }, i) => inputs[0].setAttribute("aria-label", i ? "To" : "From"));
  const box = make("div", { class: "stack" }, ...handles.map((handle) => handle.box));
  return { box, inputs: handles.flatMap((handle) => handle.inputs), group: true };
}

function makeColor(field, value, change) {
  const shown = make("output", { class: "helper" }, textOf(value));
  const input = make("input", {
    type: "color",
    disabled: isDisabled(field),
    on: {
      input: () => {
        shown.textContent = input.value;
        change(input.value);
      },
    },
  });
  setColor(input, value);
  return { box: make("div", { class: "row" }, input, shown), inputs: [input] };
}

// A color picker holds nothing but #rrggbb, and complains of anything else.
function setColor(picker, value) {
  const text = textOf(value);
  picker.value = /^#[0-9a-f]{6}$/i.test(text) ? text : "#000000";
}

// A color as text, which may be empty, with a picker beside it.
function makeSpectrum(field, value, change) {
  const text = makeText(field, value, (typed) => {
    setColor(picker, typed);
    change(typed === "" ? null : typed);
  }).box;
  const picker = make("input", {
    type: "color",
    "aria-label": "Pick a color",
    disabled: isDisabled(field),
    on: {
      input: () => {
        text.value = picker.value;
        change(picker.value);
      },
    },
  });
  setColor(picker, value);
  return { box: make("div", { class: "row" }, text, picker), inputs: [text] };
}

function makeDate(field, value, change, kind) {
  const options = field.dateTimePickerOptions ?? field.pikadayOptions ?? {};
  const format = [field.format, options.format].find((text) => typeof text === "string");
  const input = make("input", {
    type: kind,
    step: kind === "date" ? null : 1,
    ...plainAttributes(field, ["min", "max"]),
    readonly: Boolean(field.readonly),
    disabled: isDisabled(field),
    on: { input: () => change(dateToModel(input.value, field.format ? format : null)) },
  });
  input.value = dateToControl(value, kind, format);
  return single(input);
}

// Yes or no

function makeCheckbox(field, value, change) {
  const input = make("input", {
    type: "checkbox",
    disabled: isDisabled(field),
    on: { change: () => change(input.checked) },
  });
  input.checked = Boolean(value);
  return { box: input, inputs: [input], inline: true };
}

function makeSwitch(field, value, change) {
  const hasValues = Boolean(field.valueOn);
  const words = [textOf(field.textOff) || "Off", textOf(field.textOn) || "On"];
  const word = make("span", { class: "switch-word", "aria-hidden": "true" });
  const input = make("input", {
    type: "checkbox",
    role: "switch",
    class: "switch",
    disabled: isDisabled(field),
    on: {
      change: () => {
        word.textContent = words[Number(input.checked)];
        change(hasValues ? (input.checked ? field.valueOn : field.valueOff) : input.checked);
      },
    },
  });
  input.checked = hasValues && !isNothing(value) ? value === field.valueOn : Boolean(value);
  word.textContent = words[Number(input.checked)];
  return { box: make("span", { class: "row" }, input, word), inputs: [input], inline: true };
}

// Choices

function makeSelect(field, value, change) {
  const options = field.selectOptions ?? {};
  const choices = choicesOf(field);
  const select = make("select", {
    disabled: isDisabled(field),
    on: { change: () => change(select.value === "" ? null : choices[Number(select.value)].value) },
  });
  if (!options.hideNoneSelectedText) {
    const text = textOf(options.noneSelectedText) || "<Nothing selected>";
    select.append(make("option", { value: "", disabled: Boolean(field.required) }, text));
  }
  const groups = new Map();
  choices.forEach((choice, i) => {
    const option = make("option", { value: i }, choice.name);
    if (!choice.group) {
      select.append(option);
      return;
    }
    if (!groups.has(choice.group)) {
      groups.set(choice.group, make("optgroup", { label: choice.group }));
      select.append(groups.get(choice.group));
    }
    groups.get(choice.group).append(option);
  });
  const chosen = choices.findIndex((choice) => sameJson(choice.value, value));
  select.value = chosen >= 0 ? String(chosen) : "";
  if (chosen < 0 && !isNothing(value)) {
    select.selectedIndex = -1;
  }
  return single(select);
}

function makeRadios(field, value, change, id) {
  const inputs = [];
  const rows = choicesOf(field).map((choice, i) => {
    const input = make("input", {
      type: "radio",
      name: id,
      id: i === 0 ? id : `${id}-${i}`,
      disabled: isDisabled(field) || Boolean(choice.disabled),
      on: { change: () => change(choice.value) },
    });
    input.checked = sameJson(choice.value, value);
    inputs.push(input);
    return make("label", { class: "choice" }, input, make("span", {}, choice.name));
  });
  return { box: make("div", { class: "choices" }, ...rows), inputs, group: true, role: "radiogroup" };
}

// Ticked choices in the order of the clicks; items that are no choices stay, unseen.
function makeTicks(choices, value, change, id, disabled) {
  let chosen = value;
  const holds = (item) =>
    Array.isArray(chosen)
      ? chosen.some((each) => sameJson(each, item))
      : typeof chosen === "string" && chosen.includes(String(item));
  const inputs = [];
  const rows = choices.map((choice, i) => {
    const input = make("input", {
      type: "checkbox",
      id: i === 0 ? id : `${id}-${i}`,
      disabled,
      on: {
        change: () => {
          const others = listOf(chosen).filter((each) => !sameJson(each, choice.value));
          chosen = input.checked ? [...others, choice.value] : others;
          change(chosen);
        },
      },
    });
    input.checked = holds(choice.value);
    inputs.push(input);
    return make("label", { class: "choice" }, input, make("span", {}, choice.name));
  });
  return { box: make("div", { class: "choices" }, ...rows), inputs, group: true, role: "group" };
}

// Ticks in a list that is opened by a click and says how many are ticked while it is closed.
function makeClosedTicks(choices, value, change, id, disabled) {
  const words = (list) => `${listOf(list).length} selected`;
  const summary = make("summary", {}, words(value));
  const changed = (now) => ((summary.textContent = words(now)), change(now));
  const ticks = makeTicks(choices, value, changed, id, disabled);
  return { ...ticks, box: make("details", { class: "closed-list" }, summary, ticks.box), summary };
}

const makeChecklist = (field, value, change, id) =>
  (field.listBox ? makeTicks : makeClosedTicks)(choicesOf(field), value, change, id, isDisabled(field));

function makeMultiSelect(field, value, change, id) {
  const options = field.selectOptions ?? {};
  // Unlike a select, it keeps a chosen object whole.
  const items = listOf(field.values).map((item) => {
    const key = [options.label, "name", "label"].find((name) => isObject(item) && own(item, name));
    return { value: item, name: key === undefined ? textOf(item) : textOf(item[key]) };
  });
  if (options.multiple || field.multiSelect) {
    return makeClosedTicks(items, value, change, id, isDisabled(field));
  }
  const positions = items.map((item, i) => ({ id: i, name: item.name }));
  const position = items.findIndex((item) => sameJson(item.value, value));
  const base = { ...field, values: positions, selectOptions: { noneSelectedText: field.placeholder } };
  return makeSelect(base, position < 0 ? null : position, (i) =>
    change(i === null ? null : items[i].value)
  );
}

// Without a value

function makeButton(field) {
  const text = textOf(field.buttonText) || labelOf(field) || "Submit";
  return single(make("button", { type: "button", disabled: true }, text));
}

const makeFile = () => single(make("input", { type: "file", disabled: true }));
