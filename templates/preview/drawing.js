// Draws the form and what stands around it.

function drawForm() {
  keepingFocus(drawFields);
  drawTools();
}

// Draw the fields anew that hold something else than `before`, or were typed into: what they show
// may be no value at all.
function drawValues(before) {
  const now = { model: shown.model, changes: shown.changes };
  const isTouched = ({ path }) =>
    path !== null &&
    (before.changes.has(path) ||
      now.changes.has(path) ||
      !sameJson(valueAt(before.model, path), valueAt(now.model, path)));
  const touched = shown.fields.filter(isTouched);
  if (touched.some(({ field }) => field.type === "label")) {
    drawForm();
    return;
  }
  keepingFocus(() => {
    for (const made of touched) {
      const { element } = made;
      Object.assign(made, drawField(made.field, made.group));
      element.replaceWith(made.element);
    }
  });
  drawTools();
}

// Draw, and keep the keyboard where it is, though there is another element now.
function keepingFocus(draw) {
  const was = document.activeElement;
  const active = shown.fields.find(({ element }) => element.contains(was));
  const place = active?.inputs.indexOf(was) ?? -1;
  const selection = [was?.selectionStart, was?.selectionEnd];
  const path = active?.path ?? null;
  draw();
  const again = shown.fields.find((made) => made.path !== null && made.path === path);
  const cells = [...(again?.element.querySelectorAll("[data-at]") ?? [])];
  const input = again?.inputs[place] ?? cells.find(({ dataset }) => dataset.at === was.dataset.at);
  if (input && input !== was) {
    input.focus({ preventScroll: true });
    if (typeof selection[0] === "number" && ["text", "textarea"].includes(input.type)) {
      input.setSelectionRange(...selection);
    }
  }
}

function drawFields() {
  const { form } = shown.view;
  const entries = form === null ? [] : fieldsOf(form);
  const groups = new Map();
  const children = breaksLibrary(form) && !isAsPlatform()
    ? [make("p", { class: "note" }, "An entry that is no field breaks the whole form in the form library.")]
    : [];
  shown.fields = entries.map(({ field, group }) => {
    const made = drawField(field, group);
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
  drawOutline();
  markBroken();
}

const breaksLibrary = (form) =>
  form !== null && [...listOf(form.fields), ...listOf(form.groups)].some((entry) => !isObject(entry));

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
  part("hidden-tool").hidden = hiddenFields.length === 0 || isAsPlatform();
  part("hidden-count").textContent = hiddenFields.filter(({ field }) => field.type !== "label").length;
  part("required-legend").hidden = isAsPlatform() || !shown.fields.some(({ field }) => field.required);
  markChanges();
  showHidden();
}

function drawView() {
  const { view } = shown;
  document.title = `${view.title} · form preview`;
  part("title").textContent = view.title;
  part("file").textContent = view.file;
  part("description").textContent = view.description;
  part("description").hidden = view.description === "";
  drawBroken();
}

function drawChooser(schemas) {
  part("schema-tool").hidden = schemas.length < 2;
  part("schema").replaceChildren(
    ...schemas.map(({ module }) => make("option", { value: module }, module))
  );
  part("schema").value = shown.view?.module ?? "";
}
