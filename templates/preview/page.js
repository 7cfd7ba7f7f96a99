// The page: draws the form, asks for the verdict after each change, and follows the schema.

const data = JSON.parse(document.getElementById("data").textContent);
const part = (id) => document.getElementById(id);

// What is shown now. `changes` has what was typed, by model path.
const shown = { view: null, preset: null, model: bare(), changes: new Map(), fields: [] };
let lastCommand = null;
let undoable = null;

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

// What was typed, kept over presets, reloads and changes of the schema

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

// Drawing

function drawForm() {
  const active = shown.fields.find(({ element }) => element.contains(document.activeElement));
  const place = active?.inputs.indexOf(document.activeElement) ?? -1;
  const selection = [document.activeElement?.selectionStart, document.activeElement?.selectionEnd];
  const { form } = shown.view;
  const entries = form === null ? [] : fieldsOf(form);
  const groups = new Map();
  const children = [];
  shown.fields = entries.map(({ field, group }) => {
    const made = makeField(field, group, shown.model, changed);
    if (group === null) {
      children.push(made.element);
    } else {
      if (!groups.has(group)) {
        const legend = isNothing(group.legend) ? null : make("legend", {}, textOf(group.legend));
        groups.set(group, make("fieldset", { class: "group" }, legend));
        children.push(groups.get(group));
      }
      groups.get(group).append(made.element);
    }
    return made;
  });
  if (children.length === 0) {
    children.push(make("p", { class: "quiet" }, emptyReason()));
  }
  part("form").replaceChildren(...children);
  drawTools();
  const again = active && shown.fields.find(({ path }) => path !== null && path === active.path);
  const input = again?.inputs[place];
  if (input) {
    input.focus({ preventScroll: true });
    if (typeof selection[0] === "number" && ["text", "textarea"].includes(input.type)) {
      input.setSelectionRange(...selection);
    }
  }
}

function emptyReason() {
  if (shown.view.form !== null) {
    return "This form has no fields.";
  }
  return shown.view.errors.length
    ? "There is no form yet."
    : "The root of this schema is no object, so there is no form of it.";
}

function drawTools() {
  const { form } = shown.view;
  const presets = form !== null && isObject(form.presets) ? Object.keys(form.presets) : [];
  part("preset-tool").hidden = presets.length === 0;
  part("preset").replaceChildren(
    make("option", { value: "" }, "None"),
    ...presets.map((name, i) => make("option", { value: i + 1 }, name))
  );
  part("preset").selectedIndex = shown.preset === null ? 0 : presets.indexOf(shown.preset) + 1;
  const hiddenFields = shown.fields.filter(({ field }) => !isShown(field));
  part("hidden-tool").hidden = hiddenFields.length === 0;
  part("hidden-count").textContent = hiddenFields.filter(({ field }) => field.type !== "label").length;
  part("required-legend").hidden = !shown.fields.some(({ field }) => field.required);
  showHidden();
}

function showHidden() {
  for (const { field, element } of shown.fields) {
    element.hidden = !isShown(field) && !part("show-hidden").checked;
  }
  for (const group of part("form").querySelectorAll("fieldset.group")) {
    group.hidden = [...group.children].every((child) => child.hidden || child.tagName === "LEGEND");
  }
}

function drawView() {
  const { view } = shown;
  document.title = `${view.title} · form preview`;
  part("title").textContent = view.title;
  part("file").textContent = view.file;
  part("description").textContent = view.description;
  part("description").hidden = view.description === "";
  const notice = part("notice");
  notice.hidden = view.errors.length === 0;
  if (view.errors.length === 0) {
    notice.replaceChildren();
    return;
  }
  const rest = view.form === null ? "" : " The form below is of the last version that could.";
  notice.replaceChildren(
    make("h2", {}, "The schema cannot be compiled as it is now"),
    make("p", {}, `Mend the file and this page follows.${rest}`),
    make("ul", {}, ...view.errors.map(drawDiagnostic))
  );
}

const drawDiagnostic = ({ place, text, pointer, hint }) =>
  make(
    "li",
    {},
    make("code", {}, place),
    ` ${text}${pointer ? ` (at ${pointer})` : ""}`,
    hint ? make("span", { class: "hint-text" }, hint) : null
  );

function drawChooser(schemas) {
  part("schema-tool").hidden = schemas.length < 2;
  part("schema").replaceChildren(
    ...schemas.map(({ module, file }) => make("option", { value: module }, `${module} (${file})`))
  );
  part("schema").value = shown.view?.module ?? "";
}

// The verdict

let asked = 0;

async function judge() {
  const { view } = shown;
  if (view.form === null) {
    showNothing();
    return;
  }
  if (!data.live) {
    showVerdict(offlineVerdict(view, shown.preset, shown.model, shown.fields));
    return;
  }
  const number = (asked += 1);
  const request = { schema: view.module, preset: shown.preset, model: shown.model };
  try {
    const response = await fetch("/verdict", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
    });
    const verdict = response.ok ? await response.json() : failure(await response.text());
    if (number === asked) {
      showVerdict(verdict);
    }
  } catch {
    if (number === asked) {
      showVerdict(failure("The preview does not answer."));
    }
  }
}

const failure = (text) => ({
  config: null, command: null, notes: [], problems: [{ path: [], place: "", text: text.trim() }],
});

const judgeSoon = later(120, judge);

function showNothing() {
  part("problem-list").replaceChildren();
  part("problem-count").textContent = part("jump-count").textContent = "";
  part("verdict").textContent = "";
  part("config-text").textContent = part("command-text").textContent = "";
  lastCommand = null;
}

// The field that a problem belongs to: the one whose path leads furthest to it.
function fieldOf(problem) {
  let best = null;
  let length = 0;
  for (const made of shown.fields) {
    const path = made.path ?? made.tag ?? null;
    const steps = path === null ? [] : stepsOf(path);
    if (steps.length > length && startsWith(problem.path, steps)) {
      best = made;
      length = steps.length;
    }
  }
  return best === null ? null : { made: best, inner: problem.path.slice(length) };
}

const innerText = (inner) =>
  inner.map((step, i) => (typeof step === "number" ? `[${step}]` : i ? `.${step}` : step)).join("");

function showVerdict(verdict) {
  const { problems } = verdict;
  const sentences = new Map(shown.fields.map((made) => [made, []]));
  const items = problems.map((problem) => {
    const found = fieldOf(problem);
    if (found === null) {
      return make("li", {}, problem.place ? `${problem.place}: ${problem.text}` : problem.text);
    }
    const inner = innerText(found.inner);
    sentences.get(found.made).push(inner ? `${inner}: ${problem.text}` : problem.text);
    const link = make("a", { href: "#form", on: { click: (event) => goTo(event, found.made) } });
    link.textContent = labelOf(found.made.field);
    return make("li", {}, link, inner ? ` ${inner}` : "", `: ${problem.text}`);
  });
  sentences.forEach((texts, made) => showErrors(made, texts));
  part("problem-list").replaceChildren(...items);
  showOutcome(verdict);
  const notes = [
    ...shown.view.warnings.map(drawDiagnostic),
    ...(verdict.notes ?? []).map((note) => make("li", {}, note)),
  ];
  part("note-list").replaceChildren(...notes);
  showConfig(verdict);
}

function showOutcome({ problems, judged }) {
  const outcome = part("verdict");
  const who = data.live || judged ? "The generated class" : "The form itself";
  outcome.textContent = problems.length
    ? `${who} refuses this form:`
    : data.live || judged
      ? `${who} accepts this form.`
      : `${who} finds nothing wrong.`;
  outcome.classList.toggle("is-good", problems.length === 0);
  const number = problems.length ? String(problems.length) : "";
  part("problem-count").textContent = part("jump-count").textContent = number;
  const first = problems.slice(0, 3).map((problem) => {
    const found = fieldOf(problem);
    return `${found ? labelOf(found.made.field) : problem.place} ${problem.text}`;
  });
  announce(problems.length ? `${count(problems.length, "problem")}: ${first.join("; ")}` : "No problems");
}

// The config and the command line; of a form that is refused, those of the last that was not.
function showConfig({ config, command, judged }) {
  if (config !== null) {
    showJson(part("config-text"), config);
  } else if (!part("config-text").firstChild) {
    part("config-text").textContent = "No config yet: it is here when there are no problems.";
  }
  if (command !== null) {
    lastCommand = command;
    showCommand();
  } else if (!part("command-text").firstChild) {
    part("command-text").textContent = "No command line yet.";
  }
  part("config").classList.toggle("is-old", config === null);
  part("command").classList.toggle("is-old", command === null);
  const inPage = !data.live && !judged;
  badge("config-badge", config === null ? "of before the problems" : inPage ? "made in the page" : "");
  badge("command-badge", command === null ? "of before the problems" : inPage ? "made in the page" : "");
}

function badge(id, text) {
  part(id).textContent = text;
  part(id).hidden = text === "";
}

function showCommand() {
  part("full-tool").hidden = lastCommand.full === undefined;
  const { short, full } = lastCommand;
  part("command-text").textContent = part("full").checked && full !== undefined ? full : short;
}

// JSON text with its keys and values told apart by color.
function showJson(element, text) {
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g;
  const pieces = [];
  let end = 0;
  for (const found of text.length > 200000 ? [] : text.matchAll(token)) {
    const kind = found[2] !== undefined ? "key" : found[1] !== undefined ? "text" : "literal";
    const word = found[1] ?? found[0];
    pieces.push(text.slice(end, found.index), make("span", { class: `json-${kind}` }, word));
    end = found.index + word.length;
  }
  element.replaceChildren(...pieces, text.slice(end));
}

function goTo(event, made) {
  event.preventDefault();
  if (!isShown(made.field) && !part("show-hidden").checked) {
    part("show-hidden").checked = true;
    showHidden();
  }
  focusField(made);
}

// What people do

function changed(path, value) {
  setAt(shown.model, path, value);
  shown.changes.set(path, value);
  offerUndo(null, "");
  remember();
  judgeSoon();
}

function refill(kept, message) {
  const before = snapshot();
  fill(kept);
  drawForm();
  remember();
  judge();
  offerUndo(before, message);
}

function offerUndo(before, message) {
  undoable = before !== null && before.changes.length ? before : null;
  part("toast").hidden = message === "";
  part("toast-text").textContent = message;
  part("undo").hidden = undoable === null;
}

function choosePreset() {
  const { form } = shown.view;
  const index = part("preset").selectedIndex;
  const preset = index > 0 ? Object.keys(form.presets)[index - 1] : null;
  const filled = preset === null ? "The form has its defaults." : `The form has the preset “${preset}”.`;
  refill({ preset, changes: [] }, filled);
  part("status").textContent = filled;
}

function chooseSchema() {
  const module = part("schema").value;
  if (data.live) {
    window.location.search = `?schema=${encodeURIComponent(module)}`;
    return;
  }
  show(data.views.find((view) => view.module === module));
}

async function copyText(id) {
  const element = part(id);
  try {
    await navigator.clipboard.writeText(element.textContent);
    part("status").textContent = "Copied";
  } catch {
    window.getSelection().selectAllChildren(element);
    part("status").textContent = "Selected, press the keys to copy";
  }
}

function copying(buttonId, textId) {
  const button = part(buttonId);
  button.addEventListener("click", async () => {
    await copyText(textId);
    button.textContent = part("status").textContent.split(",")[0];
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}

function listen() {
  part("form").addEventListener("submit", (event) => event.preventDefault());
  part("preset").addEventListener("change", choosePreset);
  part("schema").addEventListener("change", chooseSchema);
  part("reset").addEventListener("click", () => {
    refill({ preset: shown.preset, changes: [] }, "What was typed is gone.");
    part("status").textContent = "What was typed is gone";
  });
  part("undo").addEventListener("click", () => {
    const kept = undoable;
    refill(kept, "");
    offerUndo(null, "Undone.");
    part("reset").focus();
  });
  part("show-hidden").addEventListener("change", showHidden);
  part("full").addEventListener("change", () => lastCommand && showCommand());
  copying("copy-config", "config-text");
  copying("copy-command", "command-text");
  part("theme").value = stored("localStorage", "brevetti preview theme") ?? "";
  part("theme").addEventListener("change", () => {
    stored("localStorage", "brevetti preview theme", part("theme").value);
    applyTheme();
  });
  for (const link of document.querySelectorAll(".skips a, .jump a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = document.querySelector(link.getAttribute("href"));
      target.toggleAttribute("open", target.tagName === "DETAILS");
      (target.querySelector("summary") ?? target).focus({ preventScroll: true });
      target.scrollIntoView();
    });
  }
}

function applyTheme() {
  const theme = part("theme").value;
  if (theme === "") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

// Following the schema

function show(view) {
  shown.view = view;
  shown.fields = [];
  showNothing();
  drawView();
  if (view.form !== null) {
    fill(remembered());
  }
  drawForm();
  offerUndo(null, "");
  judge();
}

// The schema has changed, or only its checks: the form keeps what was typed.
function follow(view) {
  const before = shown.view;
  const kept = before.form === null ? remembered() : snapshot();
  shown.view = view;
  drawView();
  if (!sameJson(view.form, before.form)) {
    if (view.form !== null) {
      fill(kept);
    }
    drawForm();
    part("status").textContent = "The form was changed";
  }
  judge();
}

async function refresh() {
  const module = shown.view?.module ?? new URLSearchParams(window.location.search).get("schema");
  const query = module === null ? "" : `?schema=${encodeURIComponent(module)}`;
  try {
    const response = await fetch(`/state${query}`);
    if (response.ok) {
      const { schemas, view } = await response.json();
      take(schemas, view);
    }
  } catch {
    // The stream of events tells when the preview is back.
  }
}

function take(schemas, view) {
  if (view === null) {
    tell("This schema is gone", "Choose another one, or bring its file back.");
  } else if (shown.view === null) {
    show(view);
  } else {
    follow(view);
  }
  drawChooser(schemas);
}

function tell(title, text) {
  part("notice").hidden = false;
  part("notice").replaceChildren(make("h2", {}, title), make("p", {}, text));
}

// One stream of events a page that is looked at: browsers open only a few connections to a server.
function followServer() {
  let events = null;
  let isLost = false;
  const open = () => {
    events = new EventSource("/events");
    events.addEventListener("open", () => {
      isLost = false;
      refresh();
    });
    events.addEventListener("change", refresh);
    events.addEventListener("error", () => {
      if (!isLost) {
        isLost = true;
        tell("The preview has ended", "Start it again and this page goes on, if it has the same --port.");
      }
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (events === null) {
      open();
    }
  });
  open();
}

function begin() {
  listen();
  applyTheme();
  if (window.matchMedia("(max-width: 59.99rem)").matches) {
    part("config").open = part("command").open = false;
  }
  if (!data.live) {
    part("checks-note").hidden = false;
    part("checks-note").textContent =
      "This page is a file without the generated class. The form as it opens, and each preset, " +
      "was judged by the class when the page was written; what you type is only checked as far " +
      "as the form itself says. “brevetti-gen preview” checks everything.";
  }
  const first = data.live ? data.view : data.views[0];
  if (first === null) {
    tell("There is no such schema", "Choose one of the list.");
  } else {
    show(first);
  }
  drawChooser(data.schemas);
  if (data.live) {
    followServer();
  }
}

begin();
