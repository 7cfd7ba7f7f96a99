// Editors beside the JSON text of a field: rows of lists and maps, cells of their types, kinds to
// pick. The text is the value; rows are drawn of it, and each change is a change of the text, in
// its place and nowhere else.

const MOST_ROWS = 100;
const MOST_NESTED = 5;
const MOST_TEXT = 200000;
const EMPTY = { array: "[]", object: "{}" };
// What was opened, and the texts of kinds that were left, for as long as the page is there.
const openRows = new Set();
const leftTexts = new Map();

// The editor of a JSON field: an element, `read` to call when the text was changed, and `tell` with
// the paths in the value of what is wrong.
function makeRows(field, area, change, id) {
  const editor = { field, area, change, id, mores: new Map(), wrong: [] };
  editor.kind = make("div", { class: "rows-kind" });
  editor.size = make("span", { class: "rows-size" });
  editor.body = make("div", { class: "rows-body" });
  editor.details = make(
    "details",
    { class: "rows", open: openRows.has(rowsKey(editor)), on: { toggle: () => toggled(editor) } },
    make("summary", { "data-at": "|rows" }, "Rows", make("span", { class: "unseen" }, ` of ${labelOf(field)}`), editor.size),
    editor.body
  );
  redraw(editor);
  const box = make("div", { class: "with-rows" }, area, editor.kind, editor.details);
  const tell = (paths) => {
    editor.wrong = paths;
    markWrong(editor);
  };
  return { box, read: () => redraw(editor), tell };
}

// As they are now: they may change while the form stays.
const schemasOf = ({ field }) => schemasAt(String(field.model));
const rowsKey = ({ field }) => `${shown.view?.module} ${field.model}`;

function toggled(editor) {
  openRows[editor.details.open ? "add" : "delete"](rowsKey(editor));
  redraw(editor);
}

// What the rows are of: {text, root}, or the `fault` of a text that cannot be read.
function readRows(editor) {
  const typed = editor.area.value;
  if (typed.length > MOST_TEXT) {
    return { text: typed, root: null, fault: "the text is too long for rows" };
  }
  try {
    if (typed.trim() === "") {
      const meaning = meaningOf(schemasOf(editor));
      const text = alternativesIn(meaning).length > 1 ? undefined : EMPTY[meaning.kinds[0]];
      return { text: text ?? "", root: text === undefined ? null : readJson(text), fault: null };
    }
    const text = listedText(editor, typed) ?? typed;
    return { text, root: readJson(text), fault: null };
  } catch (error) {
    return { text: typed, root: null, fault: `the text is no JSON, ${error.message}` };
  }
}

// The JSON text of a list of texts that was typed otherwise: one a line, or between commas.
function listedText(editor, typed) {
  const meaning = meaningOf(schemasOf(editor));
  const items = meaningOf(itemSchemas(meaning, 0));
  const isListOfTexts = meaning.kinds.join() === "array" && items.kinds.join() === "text";
  if (!isListOfTexts || items.isNullable || /^\s*([[{]|null\s*$|$)/.test(typed)) {
    return null;
  }
  const lines = typed.trim().split(/\r?\n/);
  const parts = lines.length > 1 ? lines.map((line) => line.trim().replace(/,+$/, "")) : typed.split(",");
  const texts = parts.map((part) => part.trim().replace(/^"+|"+$/g, "")).filter((part) => part !== "");
  return JSON.stringify(texts, null, 2);
}

function redraw(editor) {
  const source = readRows(editor);
  const { text, root, fault } = source;
  const meaning = meaningOf(schemasOf(editor));
  const alternatives = alternativesIn(meaning);
  const size = root !== null && ["array", "object"].includes(root.kind) ? ` (${root.parts.length})` : "";
  editor.size.textContent = fault === null ? size : ` (${fault.split(",")[0]})`;
  editor.kind.replaceChildren(...(alternatives.length > 1 && fault === null ? [drawKind(editor, source, root, meaning, alternatives, [])] : []));
  if (!editor.details.open) {
    return;
  }
  if (fault !== null) {
    editor.body.replaceChildren(make("p", { class: "quiet" }, `No rows: ${fault}. They come back with a text that they can show.`));
  } else if (root === null) {
    editor.body.replaceChildren(make("p", { class: "quiet" }, "There is no value yet."));
  } else {
    editor.body.replaceChildren(drawValue(editor, text, root, schemasOf(editor), [], labelOf(editor.field)));
    markWrong(editor);
  }
}

// Mark the cells of what is wrong, and those whose value is of another type than they are.
function markWrong(editor) {
  if (!editor.details.open) {
    return;
  }
  const { root } = readRows(editor);
  const places = new Set(editor.wrong.map((path) => cellAt(placesOf(root, path), "value")));
  for (const cell of editor.body.querySelectorAll("[data-at$='|value']")) {
    markCell(editor, cell, cell.dataset.odd === "true" || places.has(cell.dataset.at));
  }
}

function markCell(editor, cell, isWrong) {
  cell.setAttribute("aria-invalid", String(isWrong));
  if (isWrong) {
    cell.setAttribute("aria-describedby", `${editor.id}-errors`);
  } else {
    cell.removeAttribute("aria-describedby");
  }
}

// The places in the text of the parts that a path of keys and indices leads through.
function placesOf(root, path) {
  const places = [];
  let node = root;
  for (const step of path) {
    const isStep = (part, place) => (node.kind === "array" ? place === step : part.key === step);
    const place = node?.parts.findIndex(isStep) ?? -1;
    places.push(place);
    node = node?.parts[place];
  }
  return places;
}

// Change the text; rows are drawn anew only where their number or kind changes.
function write(editor, text) {
  editor.area.value = text;
  editor.change(text);
}

function rewrite(editor, text, focus, message) {
  write(editor, text);
  redraw(editor);
  focusCell(editor, focus);
  part("status").textContent = message;
}

function atPath(editor, path) {
  const { text, root } = readRows(editor);
  return { text, node: partAt(root, path) };
}

function setSource(editor, path, source) {
  const { text, node } = atPath(editor, path);
  write(editor, withPart(text, node, source));
}

// The members of a list or object changed by `how`, which is given their sources.
function setMembers(editor, path, how, focus, message) {
  const { text, node } = atPath(editor, path);
  const members = node.parts.map((each) => memberOf(text, each));
  rewrite(editor, withMembers(text, node, how(members, node, text)), focus, message);
}

const cellAt = (path, role) => `${path.join(".")}|${role}`;

const isUsable = (element) => element !== undefined && !element.disabled;

// Focus the first of some places that is there: a cell, or whatever can be used in a row.
function focusCell(editor, places) {
  const all = [...editor.body.querySelectorAll("[data-at]"), ...editor.kind.querySelectorAll("[data-at]")];
  for (const place of places) {
    const cell = all.find(({ dataset }) => dataset.at === place);
    const row = place.endsWith("|row") ? place.slice(0, -"|row".length) : null;
    const inRow = row === null ? undefined : all.find(({ dataset, tagName, disabled }) =>
      !disabled && tagName !== "BUTTON" && isInRow(dataset.at, row));
    const found = [cell, inRow].find(isUsable);
    if (found !== undefined) {
      found.focus();
      if (found.tagName === "INPUT" && found.type !== "checkbox") {
        found.select();
      }
      return;
    }
  }
  editor.details.querySelector("summary").focus();
}

const isInRow = (at, row) => at.startsWith(`${row}|`) || at.startsWith(`${row}.`);

// A value with its kinds to pick, if there are several.
function drawValue(editor, text, node, schemas, path, name) {
  const meaning = meaningOf(schemas);
  const alternatives = alternativesIn(meaning);
  const chosen = alternatives.length > 1 ? chosenOf(alternatives, text, node) : -1;
  const inner = chosen < 0 ? meaning : meaningOf(alternatives[chosen].schemas);
  const drawn = drawParts(editor, text, node, inner, path, name);
  if (alternatives.length < 2 || path.length === 0) {
    return drawn;
  }
  const kind = drawKind(editor, { text }, node, meaning, alternatives, path, name);
  return make("div", { class: "rows-either" }, kind, drawn);
}

function drawParts(editor, text, node, meaning, path, name) {
  if (path.length > MOST_NESTED && node.parts.length) {
    return drawSource(editor, text, node, path, name);
  }
  if (node.kind === "array") {
    return drawList(editor, text, node, meaning, path, name);
  }
  return node.kind === "object"
    ? drawObject(editor, text, node, meaning, path, name)
    : drawCell(editor, text, node, meaning, path, name);
}

// The select of kinds. What was typed of a kind comes back when that is picked again.
function drawKind(editor, { text }, node, meaning, alternatives, path, name) {
  const chosen = node === null ? -1 : chosenOf(alternatives, text, node);
  const leftKey = (i) => `${rowsKey(editor)} ${path.join(".")} ${alternatives[i].name}`;
  const select = make("select", {
    "data-at": cellAt(path, "kind"),
    on: {
      change: () => {
        const source = readRows(editor);
        const i = Number(select.value);
        if (source.root !== null && chosen >= 0) {
          leftTexts.set(leftKey(chosen), sourceOf(source.text, partAt(source.root, path)));
        }
        const start = JSON.stringify(startOfAlternative(meaning, alternatives[i]), null, 2);
        const kept = leftTexts.get(leftKey(i));
        const now = source.root === null ? kept ?? start : withPart(
          source.text,
          partAt(source.root, path),
          kept ?? indented(start, source.text, partAt(source.root, path), 0)
        );
        rewrite(editor, now, [cellAt(path, "kind")], `${name ?? labelOf(editor.field)} is now ${alternatives[i].name}`);
      },
    },
  });
  alternatives.forEach((each, i) => select.append(make("option", { value: i }, each.name)));
  if (chosen < 0) {
    select.prepend(make("option", { value: "", disabled: true, selected: true }, node === null ? "Not set" : "None of these"));
  } else {
    select.value = String(chosen);
  }
  select.id = `${editor.id}-kind-${path.join("-")}`;
  const about = make("span", { class: "unseen" }, ` of ${name ?? labelOf(editor.field)}`);
  const label = make("label", { for: select.id }, "Kind", about);
  return make("div", { class: "rows-pick" }, label, select);
}

// How many rows of a list or map are drawn, and the button for further ones.
function drawnParts(editor, node, path) {
  const most = editor.mores.get(path.join(".")) ?? MOST_ROWS;
  return node.parts.slice(0, most);
}

function drawMore(editor, node, path) {
  const most = editor.mores.get(path.join(".")) ?? MOST_ROWS;
  const rest = node.parts.length - most;
  const more = () => {
    editor.mores.set(path.join("."), most + MOST_ROWS);
    redraw(editor);
    focusCell(editor, [cellAt([...path, most], "row")]);
  };
  return rest > 0
    ? make("button", { type: "button", "data-at": cellAt(path, "more"), on: { click: more } }, `Show ${Math.min(rest, MOST_ROWS)} of ${rest} more`)
    : null;
}

function drawList(editor, text, node, meaning, path, name) {
  const rows = drawnParts(editor, node, path).map((each, i) => {
    const what = `${name}, item ${i + 1}`;
    const value = drawValue(editor, text, each, itemSchemas(meaning, i), [...path, i], what);
    const mark = make("span", { class: "rows-place" }, `${i + 1}.`);
    return drawRow(editor, node, path, i, { what, named: `item ${i + 1}`, mark, value, moves: true, removes: true });
  });
  const add = () => {
    const source = JSON.stringify(startOf(itemSchemas(meaning, node.parts.length)), null, 2);
    const at = [...path, node.parts.length];
    editor.mores.set(path.join("."), Math.max(node.parts.length + 1, MOST_ROWS));
    setMembers(
      editor, path, (members, list, now) => [...members, indented(source, now, list, 1)],
      [cellAt(at, "row"), cellAt(at, "add"), cellAt(at, "remove")], `Item ${node.parts.length + 1} added`
    );
  };
  const button = takesItem(meaning, node.parts.length) ? drawAdd(path, "add", "Add item", ` to ${name}`, add) : null;
  return drawGroup(name, rows, [drawMore(editor, node, path), button], node.parts.length ? "" : "No items.");
}

function drawGroup(name, rows, buttons, nothing) {
  return make(
    "div",
    { class: "rows-group", role: "group", "aria-label": name },
    rows.length ? make("ul", { class: "rows-list", role: "list" }, ...rows) : null,
    nothing ? make("p", { class: "quiet" }, nothing) : null,
    make("div", { class: "rows-adds" }, ...buttons)
  );
}

const drawAdd = (path, role, label, about, click) =>
  make(
    "button",
    { type: "button", class: "rows-add", "data-at": cellAt(path, role), on: { click } },
    `+ ${label}`,
    make("span", { class: "unseen" }, about)
  );

// A row: what names it, its value, and the buttons to move and remove it.
function drawRow(editor, node, path, i, { what, named, mark, value, moves, removes }) {
  const last = node.parts.length - 1;
  const move = (to, role, back) => () =>
    setMembers(editor, path, (members) => {
      const [moved] = members.splice(i, 1);
      members.splice(to, 0, moved);
      return members;
    }, [cellAt([...path, to], role), cellAt([...path, to], back)], `${named} is now number ${to + 1} of ${last + 1}`);
  const remove = () => {
    const next = [...path, Math.min(i, last - 1)];
    setMembers(editor, path, (members) => members.filter((_, at) => at !== i),
      [cellAt(next, "remove"), cellAt(next, "row"), cellAt(path, "add")], `${named} removed, ${last} left`);
  };
  const at = [...path, i];
  const tool = (role, word, click, disabled) => {
    const label = `${word} ${what}`;
    const about = { title: label, "aria-label": label, "data-at": cellAt(at, role) };
    return make("button", { type: "button", class: `rows-tool is-${role}`, ...about, disabled, on: { click } });
  };
  const tools = [
    moves ? tool("up", "Move up", move(i - 1, "up", "down"), i === 0) : null,
    moves ? tool("down", "Move down", move(i + 1, "down", "up"), i === last) : null,
    removes ? tool("remove", "Remove", remove, false) : null,
  ];
  const isNested = ["array", "object"].includes(node.parts[i].kind);
  return make(
    "li",
    { class: isNested ? "rows-row is-nested" : "rows-row" },
    mark,
    make("div", { class: "rows-value" }, value),
    make("div", { class: "rows-tools" }, ...tools)
  );
}
