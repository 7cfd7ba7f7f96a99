// Links: `?preset=NAME` opens a preset, `#training.epochs` a field, and `#&values={…}`, as
// "Copy link" makes it, what was typed. What stands after `#` is never sent to a server.

const VALUES = "&values=";

// What a field or heading is called in links.
const anchorOf = (made) => made.path ?? made.tag ?? labelOf(made.field);

const fragmentOf = (anchor) =>
  `#${encodeURIComponent(anchor).replace(/%5B/g, "[").replace(/%5D/g, "]")}`;

function isSecret({ path, field }) {
  return field.inputType === "password" || listOf(shown.view.secrets).includes(path);
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// What an address asks for: {preset, anchor, values}, each null where it does not; `values` is
// undefined where they cannot be read.
function readLink({ search, hash }) {
  const [anchor, values = null] = hash.slice(1).split(VALUES);
  let read = null;
  if (values !== null) {
    try {
      const value = JSON.parse(decodeURIComponent(values));
      read = isObject(value) ? new Map(Object.entries(value)) : undefined;
    } catch {
      read = undefined;
    }
  }
  const preset = new URLSearchParams(search).get("preset");
  return { preset, anchor: anchor === "" ? null : unescaped(anchor), values: read };
}

// The address of what is shown now.
function addressOf({ anchor = null, values = null } = {}) {
  const query = new URLSearchParams();
  if (data.schemas.length > 1) {
    query.set("schema", shown.view.module);
  }
  if (shown.preset !== null) {
    query.set("preset", shown.preset);
  }
  const address = new URL(window.location.href);
  address.search = String(query);
  address.hash = anchor === null && values === null ? "" : fragmentOf(anchor ?? "");
  const held = values === null ? "" : VALUES + encodeURIComponent(JSON.stringify(values));
  return address.href + held;
}

// Keep the address that of the preset that is shown, so that it can be given away too.
function showAddress() {
  const address = addressOf({ anchor: readLink(window.location).anchor });
  if (address === window.location.href) {
    return;
  }
  try {
    window.history.replaceState(null, "", address);
  } catch {
    // A file in some browsers: then the address stays what it was.
  }
}

// What a field may hold of what a link says; undefined for nothing.
function heldOf(made, value) {
  const { field } = made;
  const isFixed = field.readonly === true || isDisabled(field) || isSecret(made);
  if (isFixed || !(own(MAKERS, field.type) && field.type !== "label")) {
    return undefined;
  }
  const isText = ["input", "textArea", "cleave", "masked", "spectrum"].includes(field.type);
  if (isText ? typeof value === "object" && value !== null : field.type === "checkbox" && typeof value !== "boolean") {
    return undefined;
  }
  return fitting(field, copied(value));
}

// Open what an address asks for. What was there before can be had back.
function openLink(link) {
  const { form } = shown.view;
  if (form === null) {
    return;
  }
  const presets = isObject(form.presets) ? form.presets : {};
  const said = [];
  const hasPreset = link.preset !== null && own(presets, link.preset);
  if (link.preset !== null && !hasPreset) {
    said.push(`There is no preset “${link.preset}”.`);
  }
  if (link.values === undefined) {
    said.push("The values of the link cannot be read.");
  }
  if (link.values) {
    said.push(openValues(hasPreset ? link.preset : null, link.values));
  } else if (hasPreset && link.preset !== shown.preset) {
    said.push(openPreset(link.preset));
  }
  showAddress();
  if (link.anchor !== null && !openAnchor(link.anchor)) {
    said.push(`There is no field “${link.anchor}”.`);
  }
  if (said.length) {
    say(said.join(" "));
  }
}

function openValues(preset, values) {
  const changes = [];
  for (const made of shown.fields.filter(({ path }) => path !== null && values.has(path))) {
    const value = heldOf(made, values.get(made.path));
    if (value !== undefined) {
      changes.push([made.path, kindOf(made.field), value]);
    }
  }
  refill({ ...snapshot(), preset, changes }, "", "the values of a link");
  const rest = values.size - changes.length;
  return (
    `The link filled in ${count(changes.length, "field")}.` +
    (rest ? ` ${count(rest, "value")} of it fit no field here.` : "")
  );
}

function openAnchor(anchor) {
  const found =
    shown.fields.find(({ path }) => path === anchor) ??
    shown.fields.find((made) => anchorOf(made) === anchor);
  if (found === undefined) {
    return document.getElementById(anchor) !== null;
  }
  reveal(found);
  focusField(found);
  return true;
}

// A link to what is shown, with what was typed, but no secrets.
async function copyLink() {
  const typed = shown.fields.filter(({ path }) => path !== null && shown.changes.has(path));
  const values = Object.fromEntries(
    typed.filter((made) => !isSecret(made)).map(({ path }) => [path, shown.changes.get(path)])
  );
  const secret = typed.filter(isSecret).map(({ field }) => labelOf(field));
  const { anchor } = readLink(window.location);
  const link = addressOf({ anchor, values: typed.length > secret.length ? values : null });
  const left = secret.length ? ` Without the secret values of ${secret.join(", ")}.` : "";
  const long = link.length > 2000 ? ` It has ${link.length} characters, which some programs cut.` : "";
  try {
    await navigator.clipboard.writeText(link);
    say(`The link is copied.${left}${long}`);
  } catch {
    window.history.replaceState(null, "", link);
    say(`The link is the address of this page now.${left}${long}`);
  }
}

function listenToLinks() {
  part("copy-link").addEventListener("click", copyLink);
  window.addEventListener("hashchange", () => openLink({ ...readLink(window.location), preset: shown.preset }));
  // A link that was followed before leads there again.
  part("outline-list").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link !== null && link.hash === window.location.hash) {
      openLink({ ...readLink(window.location), preset: null });
    }
  });
}
