// Tabs of what belongs to the schema: the form's JSON, the model that it holds now, the generated
// class, its help, and its JSON Schema.

const TAB = "brevetti preview tab";
const DOCUMENTS = {
  form: { name: "Form JSON", isJson: true, text: ({ form, form_text }) => form_text ?? jsonOf(form) },
  model: { name: "Form model", isJson: true, text: ({ form }) => form && jsonOf(publicModel()) },
  class: { name: "Class", paint: paintPython, text: (view) => view.class_text },
  help: { name: "--help", text: (view) => view.help },
  schema: { name: "JSON Schema", isJson: true, text: (view) => jsonOf(view.json_schema) },
};
const tabs = new Map();
let openTab = "form";

const jsonOf = (value) => (isNothing(value) ? "" : JSON.stringify(value, null, 2));

// What the form holds, as the platform would send it; secrets are not shown a second time.
function publicModel() {
  const model = copied(shown.model);
  for (const { path } of shown.fields.filter((made) => made.path !== null && isSecret(made))) {
    if (!isBlank(valueAt(model, path))) {
      setAt(model, path, "***");
    }
  }
  return model;
}

function drawTabs() {
  for (const [id, { name }] of Object.entries(DOCUMENTS)) {
    const tab = make("button", {
      type: "button",
      role: "tab",
      id: `tab-${id}`,
      "aria-controls": "tab-text",
      on: { click: () => chooseTab(id) },
    }, name);
    tabs.set(id, tab);
  }
  part("tabs").append(...tabs.values());
  part("tabs").addEventListener("keydown", moveInTabs);
  const kept = stored("localStorage", TAB);
  part("documents").open = own(DOCUMENTS, kept);
  part("documents").addEventListener("toggle", () => {
    stored("localStorage", TAB, part("documents").open ? openTab : "");
    showTab();
  });
  chooseTab(part("documents").open ? kept : openTab);
}

function chooseTab(id) {
  openTab = id;
  tabs.forEach((tab, each) => {
    tab.setAttribute("aria-selected", String(each === id));
    tab.setAttribute("tabindex", each === id ? "0" : "-1");
  });
  part("tab-text").setAttribute("aria-labelledby", `tab-${id}`);
  if (part("documents").open) {
    stored("localStorage", TAB, id);
  }
  part("tab-text").scrollTop = 0;
  showTab();
}

function moveInTabs(event) {
  const ids = [...tabs.keys()];
  const at = ids.indexOf(openTab);
  const last = ids.length - 1;
  const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    chooseTab(ids[to]);
    tabs.get(openTab).focus();
  }
}

// Show what the chosen tab has now, where it is another than before.
function showTab() {
  const isOpen = part("documents").open;
  document.querySelector(".page").classList.toggle("has-documents", isOpen);
  if (!isOpen || shown.view === null) {
    return;
  }
  const { isJson, paint, text } = DOCUMENTS[openTab];
  const found = text(shown.view) || "There is none.";
  const element = part("tab-text");
  if (element.textContent !== found) {
    const { scrollTop } = element;
    if (isJson) {
      showJson(element, found);
    } else {
      drawPieces(element, paint ? paint(found) : [found], false);
    }
    element.scrollTop = scrollTop;
  }
}

// Python with its texts, comments and words told apart by color.
function paintPython(text) {
  const token = /("""[^]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(#[^\n]*)|\b(class|from|import|if|None|True|False)\b/g;
  const pieces = [];
  let end = 0;
  for (const found of text.length > 400000 ? [] : text.matchAll(token)) {
    const kind = found[1] !== undefined ? "json-text" : found[2] !== undefined ? "quiet" : "json-key";
    pieces.push(text.slice(end, found.index), make("span", { class: kind }, found[0]));
    end = found.index + found[0].length;
  }
  return [...pieces, text.slice(end)];
}
