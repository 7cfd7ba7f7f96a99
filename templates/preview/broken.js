// A schema that cannot be compiled as it is now: told above all that one looks at, with the lines,
// and at the fields that it is about. The form stays that of the last version that could.

// When the page was given a version that could, for how old the form is.
let lastGood = null;

function drawBroken() {
  const { errors, form } = shown.view;
  const isBroken = errors.length > 0;
  lastGood = isBroken ? lastGood : new Date();
  const isOld = isBroken && form !== null;
  document.querySelector(".sheet").classList.toggle("is-old", isOld);
  part("age").hidden = !isOld;
  if (isOld) {
    const since = lastGood === null ? "" : `, of ${lastGood.toLocaleTimeString([], { timeStyle: "short" })}`;
    part("age").textContent = `The form of the last version that could be compiled${since}`;
  }
  part("notice").hidden = !isBroken;
  const kept = part("notice").querySelector("details")?.open ?? true;
  part("notice").replaceChildren();
  if (isBroken) {
    const title = make("h2", {}, "The schema cannot be compiled as it is now");
    const rest = isOld ? " The form below is of the last version that could." : "";
    part("notice").append(
      make(
        "details",
        { open: kept },
        make("summary", {}, title, make("span", { class: "count" }, String(errors.length))),
        make("p", {}, `Mend the file and this page follows.${rest}`),
        make("ul", {}, ...errors.map(drawError))
      )
    );
  }
  markBroken();
}

const drawDiagnostic = ({ place, text, pointer, hint }) =>
  make(
    "li",
    {},
    make("code", {}, place),
    ` ${text}${pointer ? ` (at ${pointer})` : ""}`,
    hint ? make("span", { class: "hint-text" }, hint) : null
  );

// With the line, and where in it.
function drawError(error) {
  const item = drawDiagnostic(error);
  if (error.excerpt !== null) {
    const [before, at, after] = error.excerpt;
    const number = make("span", { class: "line-number" }, `${error.line} `);
    const texts = [before, after].map((text) => make("span", {}, text));
    item.append(make("pre", { class: "excerpt" }, number, texts[0], make("mark", {}, at || " "), texts[1]));
  }
  return item;
}

// The field of the form that an error of the schema is about, by its pointer; else null.
function fieldOfError({ place, pointer }) {
  if (!place.startsWith(`${shown.view.file}:`)) {
    return null;
  }
  const steps = pointer.slice(2).split("/").map((step) => unescaped(step).replace(/~1/g, "/").replace(/~0/g, "~"));
  const isDefinition = ["$defs", "definitions"].includes(steps[0]);
  const path = isDefinition ? pathTo(pointer.split("/").slice(0, 3).join("/")) : [];
  for (let at = isDefinition ? 2 : 0; path && steps[at] === "properties" && at + 1 < steps.length; at += 2) {
    path.push(steps[at + 1]);
  }
  return path && fieldOf({ path });
}

// The nearest path at which the schema of the last version refers to a definition; else null.
function pathTo(reference) {
  const seen = new Set();
  const ahead = [{ schema: shown.view.json_schema, path: [] }];
  for (const { schema, path } of ahead) {
    if (!isObject(schema) || seen.has(schema) || seen.size > MOST_SCHEMAS) {
      continue;
    }
    seen.add(schema);
    if (schema.$ref === reference) {
      return path;
    }
    const same = ["allOf", "anyOf", "oneOf"].flatMap((word) => listOf(schema[word]));
    const target = typeof schema.$ref === "string" ? [referredTo(schema.$ref)] : [];
    ahead.push(...[...same, ...target].map((each) => ({ schema: each, path })));
    for (const [key, child] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
      ahead.push({ schema: child, path: [...path, key] });
    }
  }
  return null;
}

const MOST_SCHEMAS = 5000;

// Tell errors at their fields too.
function markBroken() {
  part("form").querySelectorAll(".broken").forEach((each) => each.remove());
  const items = [...part("notice").querySelectorAll("li")];
  shown.view.errors.forEach((error, i) => {
    const found = fieldOfError(error);
    if (found !== null) {
      const line = error.line === null ? "" : `, in line ${error.line}`;
      found.made.element.append(make("p", { class: "broken" }, `The schema is broken here${line}: ${error.text}`));
      items[i]?.querySelector(".to-field")?.remove();
      const link = make("a", { href: "#form", class: "to-field" }, `To “${labelOf(found.made.field)}”`);
      link.addEventListener("click", (event) => goTo(event, found.made));
      items[i]?.append(link);
    }
  });
}

// The notice stays above all else, which must not lie under it: styles have its height.
function listenToNotice() {
  new ResizeObserver(() => {
    const { offsetHeight } = part("notice");
    document.documentElement.style.setProperty("--notice", `${offsetHeight}px`);
  }).observe(part("notice"));
}
