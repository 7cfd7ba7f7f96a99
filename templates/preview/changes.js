// What was changed: a mark and a reset at each field that holds something else than the form as it
// opened with its preset, and the switch that shows only those.

// The model as it opened, and the paths of the fields that stay in sight while the switch is on.
let opened = bare();
let listed = new Set();
let changedPaths = new Set();

const isChangesOnly = () => part("only-changes").checked;

sieves.push({
  isActive: isChangesOnly,
  passes: (made) => made.path !== null && (listed.has(made.path) || made.isChanged),
  stop: () => (part("only-changes").checked = false),
});

// Numbers that were emptied are no numbers; the empty text of other fields is a value of its own.
function isEmptyIn(field, value) {
  const isText = field.isJson !== true && (field.inputType ?? "text") === "text";
  return isNothing(value) || Number.isNaN(value) || (value === "" && !isText);
}

function isSameIn(field, one, other) {
  if (isEmptyIn(field, one) || isEmptyIn(field, other)) {
    return isEmptyIn(field, one) && isEmptyIn(field, other);
  }
  if (field.isJson === true && typeof one === "string" && typeof other === "string") {
    try {
      const isLong = one.length + other.length > MOST_TEXT;
      return one === other || (!isLong && canonicalJson(one) === canonicalJson(other));
    } catch {
      return false;
    }
  }
  return sameJson(one, other);
}

function markChange(made) {
  const { path, field } = made;
  const isChanged = path !== null && !isSameIn(field, valueAt(opened, path), valueAt(shown.model, path));
  made.isChanged = isChanged;
  changedPaths[isChanged ? "add" : "delete"](path);
  made.element.classList.toggle("is-changed", isChanged);
  const head = made.element.querySelector(".field-head");
  const tool = head?.querySelector(".change");
  if (!isChanged) {
    tool?.remove();
  } else if (!tool) {
    head?.append(drawReset(made));
  }
}

function drawReset(made) {
  const label = labelOf(made.field);
  const about = make("span", { class: "unseen" }, ` ${label}`);
  const button = make("button", { type: "button", class: "reset-field" }, "Reset", about);
  button.addEventListener("click", () => resetField(made));
  return make("span", { class: "change" }, make("span", { class: "changed-word" }, "changed"), button);
}

// As the form opened, for one field. It stays in sight.
function resetField({ path, field }) {
  const before = snapshot();
  const name = labelOf(field);
  const stays = listed;
  refill(
    { ...before, changes: before.changes.filter(([changed]) => changed !== path) },
    `“${name}” is as the form opened.`,
    `reset of ${name}`
  );
  listed = stays.add(path);
  showHidden();
  const again = shown.fields.find((made) => made.path === path);
  if (again !== undefined) {
    focusField(again);
  }
}

// After the form was drawn or filled.
function markChanges() {
  opened = shown.view.form === null ? bare() : startModel(shown.view.form, shown.preset);
  changedPaths = new Set();
  shown.fields.forEach(markChange);
  keepChanged();
}

function keepChanged() {
  listed = new Set(changedPaths);
  if (listed.size === 0) {
    part("only-changes").checked = false;
  }
  countChanges();
}

// What was just typed at a path.
function markTyped(path) {
  shown.fields.filter((made) => made.path === path).forEach(markChange);
  countChanges();
}

function countChanges() {
  setText("changes-count", String(changedPaths.size));
  part("changes-tool").hidden = changedPaths.size === 0 && !isChangesOnly();
}

function listenToChanges() {
  part("only-changes").addEventListener("change", () => {
    keepChanged();
    showHidden();
    announce(isChangesOnly() ? `${count(listed.size, "changed field")} shown` : "All fields shown");
  });
}
