// The cells of rows: a control for each plain value, keys of maps, and the keys of objects.

function drawCell(editor, text, node, meaning, path, name) {
  const choices = choicesIn(meaning);
  const kinds = meaning.kinds;
  if (choices !== null) {
    return drawChoice(editor, text, node, choices, meaning, path, name);
  }
  const kind = kinds.length === 1 && !(node.kind === "null" && meaning.isNullable) ? kinds[0] : node.kind;
  if (kind === "boolean" && node.kind === "boolean") {
    return drawTick(editor, text, node, path, name);
  }
  if (kind === "null") {
    return make("code", { class: "rows-fixed" }, "null");
  }
  return ["array", "object"].includes(kind)
    ? drawSource(editor, text, node, path, name)
    : drawTyped(editor, text, node, kind, meaning, path, name);
}

const cellMade = (tag, path, name, attributes) =>
  make(tag, {
    "aria-label": name,
    autocomplete: "off",
    spellcheck: "false",
    "data-at": cellAt(path, "value"),
    ...attributes,
  });

// A text or a number. A number is kept as it was typed; what is none becomes a text, which the
// class then refuses, and nothing becomes null.
function drawTyped(editor, text, node, kind, meaning, path, name) {
  const source = sourceOf(text, node);
  const value = node.kind === "text" ? JSON.parse(source) : node.kind === "null" ? "" : source;
  const isLong = kind === "text" && /\n/.test(value);
  const typed = {
    on: {
      input: () => {
        const number = kind === "number" ? numberText(cell.value) : null;
        const isEmpty = kind === "number" && cell.value.trim() === "";
        mark(number);
        setSource(editor, path, number ?? (isEmpty ? "null" : JSON.stringify(cell.value)));
      },
    },
  };
  const type = isSecretValue(meaning) ? "password" : "text";
  const cell = isLong
    ? cellMade("textarea", path, name, { rows: Math.min(value.split("\n").length, 8), ...typed })
    : cellMade("input", path, name, { type, inputmode: kind === "number" ? "decimal" : null, ...typed });
  const mark = (number) => {
    cell.dataset.odd = String(kind === "number" && number === null);
    markCell(editor, cell, cell.dataset.odd === "true");
  };
  cell.value = value;
  mark(node.kind === "number" ? value : null);
  return cell;
}

function drawTick(editor, text, node, path, name) {
  const word = make("span", { "aria-hidden": "true" });
  const say = () => (word.textContent = tick.checked ? "true" : "false");
  const tick = cellMade("input", path, name, {
    type: "checkbox",
    on: { change: () => (say(), setSource(editor, path, tick.checked ? "true" : "false")) },
  });
  tick.checked = sourceOf(text, node) === "true";
  say();
  return make("span", { class: "rows-tick" }, tick, word);
}

function drawChoice(editor, text, node, choices, meaning, path, name) {
  const value = parsed(sourceOf(text, node));
  const all = meaning.isNullable && !choices.includes(null) ? [...choices, null] : choices;
  const chosen = all.findIndex((each) => sameJson(each, value));
  const wordOf = (each) => (typeof each === "string" ? each : JSON.stringify(each));
  if (all.length === 1 && chosen === 0) {
    return make("code", { class: "rows-fixed" }, wordOf(all[0]));
  }
  const select = cellMade("select", path, name, {
    "data-odd": String(chosen < 0),
    on: {
      change: () => {
        select.dataset.odd = "false";
        markCell(editor, select, false);
        setSource(editor, path, JSON.stringify(all[Number(select.value)]));
      },
    },
  });
  all.forEach((each, i) => select.append(make("option", { value: i }, wordOf(each))));
  if (chosen < 0) {
    select.prepend(make("option", { value: "", disabled: true, selected: true }, wordOf(value)));
  } else {
    select.value = String(chosen);
  }
  return select;
}

// A part as JSON text of its own, where rows would lie too deep or the value is of another kind.
function drawSource(editor, text, node, path, name) {
  const source = sourceOf(text, node);
  const cell = cellMade("textarea", path, `${name} as JSON`, {
    class: "code",
    rows: Math.min(source.split("\n").length + 1, 10),
    on: {
      input: () => {
        const isJson = isJsonText(cell.value);
        cell.dataset.odd = String(!isJson);
        markCell(editor, cell, !isJson);
        if (isJson) {
          setSource(editor, path, cell.value);
        }
      },
    },
  });
  cell.value = source;
  return cell;
}

// An object: the keys that it is known to have by their titles, others with a cell for the key.
function drawObject(editor, text, node, meaning, path, name) {
  const properties = propertiesOf(meaning);
  const rows = drawnParts(editor, node, path).map((each, i) =>
    properties.has(each.key)
      ? drawProperty(editor, text, node, meaning, properties, path, i, name)
      : drawEntry(editor, text, node, meaning, path, i, name)
  );
  const missing = [...properties.keys()].filter((key) => !node.parts.some((each) => each.key === key));
  const adds = missing.map((key) => drawAddKey(editor, meaning, properties.get(key), node, path, key, name));
  const other = takesOthers(meaning) ? [drawAddEntry(editor, meaning, node, path, name)] : [];
  const nothing = node.parts.length ? "" : adds.length ? "No keys." : "No entries.";
  return drawGroup(name, rows, [drawMore(editor, node, path), ...adds, ...other], nothing);
}

function drawProperty(editor, text, node, meaning, properties, path, i, name) {
  const { key } = node.parts[i];
  const title = textOf(firstOf(meaningOf(properties.get(key)), "title")) || key;
  const what = `${name}, ${title}`;
  const value = drawValue(editor, text, node.parts[i], properties.get(key), [...path, i], what);
  const mark = make("label", { class: "rows-name" }, title);
  if (value.matches("input, select, textarea")) {
    value.id = `${editor.id}-${[...path, i].join("-")}`;
    mark.setAttribute("for", value.id);
  }
  const removes = !isRequired(meaning, key);
  return drawRow(editor, node, path, i, { what, named: title, mark, value, moves: false, removes });
}

function drawEntry(editor, text, node, meaning, path, i, name) {
  const { key } = node.parts[i];
  const what = `${name}, ${key || `entry ${i + 1}`}`;
  const at = [...path, i];
  const value = drawValue(editor, text, node.parts[i], otherSchemas(meaning, key), at, what);
  const mark = cellMade("input", at, `Key of ${name}, entry ${i + 1}`, {
    type: "text",
    class: "rows-key code",
    "data-at": cellAt(at, "key"),
    placeholder: "key",
    on: { input: () => rename(editor, path, i, mark.value) },
  });
  mark.value = key;
  mark.dataset.group = path.join(".");
  mark.setAttribute("aria-invalid", String(node.parts.filter((each) => each.key === key).length > 1));
  return drawRow(editor, node, path, i, { what, named: key || `entry ${i + 1}`, mark, value, moves: true, removes: true });
}

// Another key, in its place; keys that are there twice are marked.
function rename(editor, path, i, key) {
  const { text, node } = atPath(editor, path);
  const { keyStart, keyEnd } = node.parts[i];
  write(editor, text.slice(0, keyStart) + JSON.stringify(key) + text.slice(keyEnd));
  const keys = [...editor.body.querySelectorAll(".rows-key")].filter(({ dataset }) => dataset.group === path.join("."));
  const known = node.parts.map((each, at) => (at === i ? key : each.key));
  for (const cell of keys) {
    cell.setAttribute("aria-invalid", String(known.filter((each) => each === cell.value).length > 1));
  }
}

// The button that gives an object a key that it is known to have.
function drawAddKey(editor, meaning, schemas, node, path, key, name) {
  const title = textOf(firstOf(meaningOf(schemas), "title")) || key;
  const add = () => addMember(editor, node, path, key, startOf(schemas), `${title} added`, "row");
  return drawAdd(path, `add ${key}`, title, ` to ${name}`, add);
}

function drawAddEntry(editor, meaning, node, path, name) {
  const start = () => startOf(otherSchemas(meaning, ""));
  const add = () => {
    const there = atPath(editor, path).node.parts.findIndex((each) => each.key === "");
    if (there >= 0) {
      focusCell(editor, [cellAt([...path, there], "key")]);
    } else {
      addMember(editor, node, path, "", start(), "Entry added: type its key", "key");
    }
  };
  return drawAdd(path, "add", "Add entry", ` to ${name}`, add);
}

function addMember(editor, node, path, key, start, message, role) {
  const at = [...path, node.parts.length];
  const source = JSON.stringify(start, null, 2);
  editor.mores.set(path.join("."), Math.max(node.parts.length + 1, MOST_ROWS));
  setMembers(
    editor, path,
    (members, object, text) => [...members, `${JSON.stringify(key)}: ${indented(source, text, object, 1)}`],
    [cellAt(at, role), cellAt(at, "add"), cellAt(at, "remove"), cellAt(path, "add")], message
  );
}
