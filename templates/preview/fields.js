// Fields: the control of each type with its label, help, hint, notes and problems.

const INPUTS = {
  number: makeNumber,
  range: makeRange,
  color: makeColor,
  date: (field, value, change) => makeDate(field, value, change, "date"),
  datetime: (field, value, change) => makeDate(field, value, change, "datetime-local"),
  "datetime-local": (field, value, change) => makeDate(field, value, change, "datetime-local"),
  file: makeFile,
  submit: makeButton,
  reset: makeButton,
  button: makeButton,
  image: makeButton,
};
const TEXT_INPUTS = ["text", "password", "email", "url", "tel", "search", "time", "month", "week"];
for (const kind of TEXT_INPUTS) {
  INPUTS[kind] = (field, value, change) => makeText(field, value, change, kind);
}

function makeInput(field, value, change, id) {
  const kind = String(field.inputType).toLowerCase();
  return (own(INPUTS, kind) ? INPUTS[kind] : makeText)(field, value, change, id);
}

const MAKERS = {
  input: makeInput,
  textArea: makeTextArea,
  checkbox: makeCheckbox,
  checklist: makeChecklist,
  radios: makeRadios,
  select: makeSelect,
  selectEx: (field, value, change, id) =>
    (field.multiSelect ? makeMultiSelect : makeSelect)(field, value, change, id),
  submit: makeButton,
  upload: makeFile,
  switch: makeSwitch,
  rangeSlider: makeSlider,
  noUiSlider: makeSlider,
  vueMultiSelect: makeMultiSelect,
  dateTimePicker: (field, value, change) => makeDate(field, value, change, "datetime-local"),
  pikaday: (field, value, change) => makeDate(field, value, change, "date"),
  spectrum: makeSpectrum,
  cleave: makeText,
  masked: makeText,
};

// What the author of a form should know about a field, because the platform's library does
// something else than one would expect. Measured with vue-form-generator 2.3.4.
function notesOf(field, group) {
  const notes = [];
  const { type } = field;
  const choices = listOf(field.values).filter(isObject);
  const lacks = (key) => choices.some((choice) => !own(choice, key));
  if (type !== "label" && !own(MAKERS, type)) {
    notes.push(`The form library knows no type “${textOf(type)}”: it draws nothing, and the validation of the whole form fails.`);
  }
  if (type === "input" && typeof field.inputType !== "string") {
    notes.push("Without an inputType the form library draws nothing.");
  }
  if (["select", "radios", "checklist"].includes(type) && !Array.isArray(field.values)) {
    notes.push("Without a list of values the form library draws nothing.");
  } else if (type === "select" && !field.selectOptions?.value && lacks("id")) {
    notes.push("The form library fails here: the values of a select have an id and a name.");
  } else if (
    (type === "radios" && !field.radiosOptions?.value && lacks("value")) ||
    (type === "checklist" && !field.checklistOptions?.value && lacks("value"))
  ) {
    notes.push(`The form library fails here: the values of ${type} have a value and a name.`);
  }
  for (const name of validatorsOf(field).filter((each) => !own(VALIDATORS, each))) {
    notes.push(`The form library knows no validator “${textOf(name)}”, and its validation fails.`);
  }
  if (group !== null && field.default !== undefined) {
    notes.push("The form library does not fill in defaults of fields inside groups.");
  }
  if (field.default !== undefined && isNothing(field.model)) {
    notes.push("A default without a model ends up under the key “undefined”.");
  }
  if ([field.label, field.hint, field.help].some((text) => typeof text === "string" && isMarkup(text))) {
    notes.push("The form library takes label, hint and help for HTML; here they are shown as text.");
  }
  if (["cleave", "masked"].includes(type)) {
    notes.push("On the platform a mask guides what is typed here.");
  }
  return notes;
}

let fieldCount = 0;

const NO_CONTROL = { box: null, inputs: [], group: false, inline: false };

// A field with its parts: {field, path, tag, element, inputs, errors}. `path` is its model or
// null; `change(path, value)` is called with what people enter.
function makeField(field, group, model, change) {
  const id = `field-${(fieldCount += 1)}`;
  const path = typeof field.model === "string" && field.model !== "" ? field.model : null;
  if (field.type === "label") {
    return makeHeading(field, group, path, model, id);
  }
  const value = path === null ? undefined : valueAt(model, path);
  const changed = (now) => path !== null && change(path, now);
  const control = own(MAKERS, field.type) ? MAKERS[field.type](field, value, changed, id) : NO_CONTROL;
  const parts = describing(field, group, id);
  const top = make("div", { class: "field-head" }, makeLabel(field, control, id));
  if (path !== null) {
    top.append(make("code", { class: "path" }, path));
  }
  const { help, hint, notes, errors } = parts;
  const body = control.inline
    ? [make("div", { class: "inline" }, control.box, top), help]
    : [top, help, control.box];
  const classes = classesOf(field, control);
  const element = make("div", { class: classes, hidden: !isShown(field) }, ...body, hint, ...notes, errors);
  element.style.containIntrinsicBlockSize = `auto ${roomFor(field, element)}rem`;
  describe(element, control, parts, id);
  if (field.required) {
    control.inputs
      .filter((input) => !control.group && !UNREQUIRABLE.includes(input.type))
      .forEach((input) => input.setAttribute("aria-required", "true"));
  }
  return { field, group, path, tag: null, element, inputs: control.inputs, errors, tell: control.tell, isWrong: false };
}

// How high a field is at most before it was laid out, in rem: what is higher would lie over others.
function roomFor({ label, model, help, hint }, element) {
  const lines = [label, model, help, hint].map((text) => Math.ceil(String(text ?? "").length / 32));
  const rows = element.querySelector("textarea")?.rows ?? element.querySelectorAll(".choices > *").length;
  const notes = 5 * element.querySelectorAll(".note").length;
  return 6 + notes + 2 * rows + 1.5 * lines.reduce((one, other) => one + other);
}

const UNREQUIRABLE = ["checkbox", "button", "range", "color"];

// A button is its own label.
function makeLabel(field, control, id) {
  const kind = field.type === "input" ? field.inputType : field.type;
  if (["button", "submit", "reset"].includes(kind)) {
    return null;
  }
  const text = make("span", {}, labelOf(field) || "(no label)");
  const star = field.required ? make("span", { class: "star", "aria-hidden": "true" }, "*") : null;
  return control.group
    ? make("div", { class: "label", id: `${id}-label` }, text, star)
    : make("label", { class: "label", for: id }, text, star);
}

// Tell assistive technology what belongs to the control, or to the group that the controls are.
function describe(element, control, { help, hint, notes, errors }, id) {
  const described = [help, hint, ...notes, errors].filter((each) => each !== null);
  const ids = described.map((each) => each.id).join(" ");
  if (control.group) {
    element.setAttribute("role", control.role ?? "group");
    element.setAttribute("aria-labelledby", `${id}-label`);
    element.setAttribute("aria-describedby", ids);
    control.summary?.setAttribute("aria-describedby", `${id}-label`);
  } else if (control.inputs.length) {
    control.inputs[0].id = id;
    control.inputs[0].setAttribute("aria-describedby", ids);
  }
}

function describing(field, group, id) {
  const part = (name, text) =>
    isNothing(text) || text === ""
      ? null
      : make("p", { class: name, id: `${id}-${name}` }, decoded(textOf(text)));
  return {
    help: part("help", field.help),
    hint: part("hint", field.hint),
    notes: notesOf(field, group).map((note, i) =>
      make("p", { class: "note", id: `${id}-note-${i}` }, note)
    ),
    errors: make("div", { class: "errors", id: `${id}-errors` }),
  };
}

function classesOf(field, control) {
  const classes = ["field"];
  const flags = {
    "is-hidden-field": !isShown(field),
    "is-disabled": isDisabled(field),
    "is-featured": Boolean(field.featured),
    "is-inline": Boolean(control.inline),
    "is-number": field.type === "input" && field.inputType === "number",
  };
  classes.push(...Object.keys(flags).filter((name) => flags[name]));
  return classes.join(" ");
}

// A heading; its tag names the object that it heads, and says how deep that lies.
function makeHeading(field, group, path, model, id) {
  const depth = typeof field.tag === "string" ? stepsOf(field.tag).length : 1;
  const level = Math.min(depth, 4) + 1;
  const value = path === null ? "" : textOf(valueAt(model, path));
  const { help, hint, notes, errors } = describing(field, group, id);
  const element = make(
    "div",
    { class: `heading heading-${level}${isShown(field) ? "" : " is-hidden-field"}`, hidden: !isShown(field) },
    make(`h${level}`, { id, tabindex: "-1" }, labelOf(field)),
    help,
    value === "" ? null : make("p", {}, value),
    hint,
    ...notes,
    errors
  );
  const tag = typeof field.tag === "string" ? field.tag : null;
  return { field, group, path, tag, element, inputs: [], errors, isWrong: false };
}

// Show the sentences at a field, or take them away; `inner` has the paths in its value that they
// are about.
function showErrors(made, sentences, inner = []) {
  made.isWrong = sentences.length > 0;
  made.tell?.(inner);
  made.errors.replaceChildren(...sentences.map((sentence) => make("p", {}, sentence)));
  made.element.classList.toggle("has-errors", made.isWrong);
  made.inputs.forEach((input) => assign(input, "aria-invalid", made.isWrong ? "true" : null));
}

function focusField(made) {
  made.element.querySelector(".closed-list")?.setAttribute("open", "");
  const target = made.inputs.find((input) => !input.disabled) ?? made.element.querySelector("[tabindex]");
  made.element.scrollIntoView({ block: "center" });
  if (target) {
    target.focus({ preventScroll: true });
  } else {
    made.element.setAttribute("tabindex", "-1");
    made.element.focus({ preventScroll: true });
  }
}
