// The sections of a form: which fields are seen, what is folded, and links to all of them.

// What keeps fields from being seen beside their own `visible`: {isActive(), passes(made)}. While
// one is active nothing is folded, and sections without a field that passes are not seen either.
const sieves = [];
const folded = new Set();
let sections = [];

// Up to so many fields, all are listed under their sections from the start.
const LISTED_AT_ONCE = 40;
const LONG = 100;

// The section that fields stand in: of the last heading above that is not deeper, or of a group.
// `made` is its heading, `box` the fieldset of its group; one of them is null.
function makeSection(key, label, depth, parent, { made = null, box = null }) {
  const toggle = make("button", {
    type: "button",
    class: "fold",
    "aria-label": `Fields of ${label}`,
    on: { click: () => fold([section], !folded.has(section.key)) },
  });
  const size = make("span", { class: "fold-size" });
  const section = { key, label, depth, parent, made, box, toggle, size, fields: [] };
  (made?.element ?? box).append(toggle, size);
  sections.push(section);
  return section;
}

// Give each field its section, and list them.
function drawOutline() {
  sections = [];
  let within = null;
  let group = null;
  for (const made of shown.fields) {
    if (made.group !== group) {
      group = made.group;
      const label = group === null || isNothing(group.legend) ? "a group" : textOf(group.legend);
      within = makeSection(`group ${sections.length}`, label, 0, null, {
        box: made.element.closest("fieldset"),
      });
    }
    if (made.field.type === "label") {
      const depth = made.tag === null ? 1 : stepsOf(made.tag).length;
      while (within !== null && within.depth >= depth) {
        within = within.parent;
      }
      within = makeSection(anchorOf(made), labelOf(made.field), depth, within, { made });
    } else {
      within?.fields.push(made);
    }
    made.section = within;
  }
  for (const key of folded) {
    if (!sections.some((section) => section.key === key)) {
      folded.delete(key);
    }
  }
  part("form").classList.toggle("is-long", shown.fields.length > LONG);
  drawLinks();
}

function* sectionsAround(section) {
  for (let at = section; at !== null; at = at.parent) {
    yield at;
  }
}

const isFolded = (section) => [...sectionsAround(section)].some(({ key }) => folded.has(key));
const maySee = ({ field }) => isShown(field) || part("show-hidden").checked;

// Show the fields that may be seen, and hide the others.
function showHidden() {
  const active = sieves.filter((sieve) => sieve.isActive());
  const isNarrowed = active.length > 0;
  const filled = new Set();
  const passing = new Set();
  for (const made of shown.fields) {
    const isHeading = made.field.type === "label";
    if (maySee(made) && (isHeading ? !isNarrowed : active.every((sieve) => sieve.passes(made)))) {
      passing.add(made);
      [...sectionsAround(made.section)].forEach((section) => filled.add(section));
    }
  }
  for (const made of shown.fields) {
    const isHeading = made.field.type === "label";
    const fits = isHeading && isNarrowed ? filled.has(made.section) && maySee(made) : passing.has(made);
    made.isFitting = fits;
    const around = isHeading ? made.section.parent : made.section;
    made.element.hidden = !fits || (!isNarrowed && isFolded(around));
  }
  for (const section of sections) {
    if (section.box !== null) {
      section.box.hidden = !filled.has(section);
    }
    const isOpen = isNarrowed || !folded.has(section.key);
    const size = fieldsWithin(section).filter(({ isFitting }) => isFitting).length;
    section.toggle.hidden = isNarrowed || size === 0;
    section.toggle.setAttribute("aria-expanded", String(isOpen));
    section.size.textContent = isOpen ? "" : count(size, "field");
  }
  showLinks(isNarrowed);
  showFound();
}

const fieldsWithin = (section) => [
  ...section.fields,
  ...sections.filter(({ parent }) => parent === section).flatMap(fieldsWithin),
];

function fold(list, isFolding) {
  for (const { key } of list) {
    if (isFolding) {
      folded.add(key);
    } else {
      folded.delete(key);
    }
  }
  showHidden();
}

// Bring a field to where it can be seen: out of folded sections, hidden ones and the filter.
function reveal(made) {
  fold([...sectionsAround(made.section)].filter(({ made: head }) => head !== made), false);
  if (!maySee(made)) {
    part("show-hidden").checked = true;
  }
  if (made.element.closest("[hidden]")) {
    sieves.filter((sieve) => sieve.isActive()).forEach((sieve) => sieve.stop());
  }
  showHidden();
}

// The list of links

let entries = [];

function drawLinks() {
  const places = new Map();
  const isLong = shown.fields.filter(({ field }) => field.type !== "label").length > LISTED_AT_ONCE;
  const top = make("ul", { class: "links" });
  entries = [];
  for (const section of sections.filter(({ box }) => box !== null)) {
    places.set(section, addEntry(top, section, null, isLong));
  }
  for (const made of shown.fields) {
    const isHeading = made.field.type === "label";
    const around = isHeading ? made.section.parent : made.section;
    const list = around === null ? top : places.get(around);
    if (isHeading) {
      places.set(made.section, addEntry(list, made.section, made, isLong));
    } else {
      addEntry(list, null, made, isLong);
    }
  }
  part("outline-list").replaceChildren(top);
}

// Add a link to a list, and give the list below it.
function addEntry(list, section, made, isLong) {
  const label = section?.label ?? (labelOf(made.field) || made.path || "(no label)");
  const marks = make("span", { class: "marks" });
  const link =
    made === null
      ? make("span", { class: "link" }, label, marks)
      : make("a", { class: "link", href: fragmentOf(anchorOf(made)) }, label, marks);
  const item = make("li", { class: section ? "of-section" : null }, link);
  const inner = section && make("ul", { hidden: isLong });
  if (section) {
    const toggle = make("button", {
      type: "button",
      class: "fold",
      "aria-expanded": String(!isLong),
      "aria-label": `Links to the fields of ${label}`,
      on: { click: () => showInner(entry, entry.inner.hidden) },
    });
    item.append(toggle, inner);
  }
  const entry = { made, section, link, item, inner, isOpen: !isLong, marks, marked: 0 };
  list.append(item);
  entries.push(entry);
  return inner;
}

function showInner(entry, isOpen) {
  entry.isOpen = isOpen;
  entry.inner.hidden = !isOpen;
  entry.item.querySelector(".fold").setAttribute("aria-expanded", String(isOpen));
}

// Show the links to what can be seen in the form, folded or not.
function showLinks(isNarrowed) {
  for (const { made, section, item, inner, isOpen } of entries) {
    item.hidden = made === null ? section.box.hidden : !made.isFitting;
    if (inner) {
      const isListed = isNarrowed || isOpen;
      inner.hidden = !isListed;
      item.querySelector(".fold").hidden = isNarrowed || !fieldsWithin(section).length;
    }
  }
  part("fold-all").hidden = isNarrowed || sections.length === 0;
  part("fold-all").textContent = sections.every(({ key }) => folded.has(key)) ? "Unfold all" : "Fold all";
}

// Mark what has problems, in sections with the number of fields that have some.
function markOutline() {
  const isWrong = (made) => made.isWrong;
  for (const entry of entries) {
    const wrong = entry.section
      ? fieldsWithin(entry.section).filter(isWrong).length + (entry.made !== null && isWrong(entry.made))
      : Number(isWrong(entry.made));
    if (wrong !== entry.marked) {
      entry.marked = wrong;
      const said = entry.section ? count(wrong, "problem") : "has a problem";
      const sign = make("span", { class: "sign", "aria-hidden": "true" }, entry.section ? wrong : "");
      entry.marks.replaceChildren(...(wrong ? [sign, make("span", { class: "unseen" }, said)] : []));
    }
  }
}

// The link of the field that the keyboard is in.
function markCurrent(target) {
  const current = entries.find(({ made }) => made !== null && made.element.contains(target));
  for (const { link } of entries) {
    if (link.hasAttribute("aria-current")) {
      link.removeAttribute("aria-current");
    }
  }
  current?.link.setAttribute("aria-current", "location");
}

// Arrows lead from link to link, and up into the filter.
function walkLinks(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const links = [...part("outline-list").querySelectorAll("a.link")].filter((link) => link.checkVisibility());
  const next = links[links.indexOf(document.activeElement) + steps];
  if (steps === undefined || (next === undefined && steps > 0)) {
    return;
  }
  event.preventDefault();
  (next ?? part("filter")).focus();
}

function listenToOutline() {
  part("fold-all").addEventListener("click", () => {
    fold(sections, !sections.every(({ key }) => folded.has(key)));
  });
  part("form").addEventListener("focusin", (event) => markCurrent(event.target));
  part("outline-list").addEventListener("keydown", walkLinks);
}
