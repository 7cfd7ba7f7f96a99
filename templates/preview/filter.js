// The filter over the fields: those are seen whose words have all that was typed.

const SHORTCUT = "brevetti preview shortcut";
let words = [];

sieves.push({
  isActive: () => words.length > 0,
  passes: (made) => words.every((word) => wordsOf(made).includes(word)),
  stop: () => setFilter(""),
});

// What a field is found by: its own texts, and the names of its sections.
function wordsOf(made) {
  made.words ??= [
    labelOf(made.field),
    made.path,
    ...[made.field.help, made.field.hint].map((text) => decoded(textOf(text))),
    ...choicesOf(made.field).map(({ name }) => name),
    ...[...sectionsAround(made.section)].map(({ label }) => label),
  ]
    .join("\n")
    .toLowerCase();
  return made.words;
}

function setFilter(text) {
  part("filter").value = text;
  words = text.toLowerCase().split(/\s+/).filter(Boolean);
  showHidden();
}

function showFound() {
  const fields = shown.fields.filter((made) => made.field.type !== "label" && maySee(made));
  const found = fields.filter(({ isFitting }) => isFitting).length;
  setText("found", words.length ? `${found} of ${count(fields.length, "field")}` : "");
  part("none-found").hidden = words.length === 0 || found > 0;
}

// The key leads to the filter where it types nothing.
function listenToFilter() {
  part("filter").addEventListener("input", () => setFilter(part("filter").value));
  part("filter").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      setFilter("");
    } else if (event.key === "ArrowDown") {
      part("outline-list").closest("details").open = true;
      walkLinks(event);
    }
  });
  part("show-all").addEventListener("click", () => {
    setFilter("");
    part("filter").focus();
  });
  part("shortcut").checked = stored("localStorage", SHORTCUT) !== "off";
  part("shortcut").addEventListener("change", () => {
    stored("localStorage", SHORTCUT, part("shortcut").checked ? "on" : "off");
  });
  document.addEventListener("keydown", (event) => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (event.key === "/" && isPlain && part("shortcut").checked && !isTyping(event.target)) {
      event.preventDefault();
      part("filter").focus();
      part("filter").select();
    }
  });
}

const UNTYPED = ["checkbox", "radio", "range", "color", "button", "submit", "reset", "file", "image"];

const isTyping = (target) =>
  target.matches("textarea, select, [contenteditable]") ||
  (target.tagName === "INPUT" && !UNTYPED.includes(target.type));
