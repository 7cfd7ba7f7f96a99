// Asks what the class says of the form, and shows it: problems, config, command line.

// What the panels show: JSON text, and {short, full}.
let lastConfig = null;
let lastCommand = null;
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
  lastConfig = lastCommand = null;
}

// The field that a problem belongs to: the one whose path leads furthest to it.
function fieldOf(problem) {
  let best = null;
  let length = 0;
  for (const made of shown.fields) {
    const path = made.path ?? made.tag ?? null;
    const steps = (made.steps ??= path === null ? [] : stepsOf(path));
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
    return make("li", {}, link, inner ? `, ${inner}` : "", `: ${problem.text}`);
  });
  sentences.forEach((texts, made) => showErrors(made, texts));
  markOutline();
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
    lastConfig = config;
    showJson(part("config-text"), config);
  }
  if (command !== null) {
    lastCommand = command;
    showCommand();
  }
  const made = data.live || judged ? "" : "made in the page";
  showAge("config", config !== null, lastConfig !== null, made);
  showAge("command", command !== null, lastCommand !== null, made);
}

// Say whether a panel holds what belongs to the form, what belonged to it before, or nothing yet.
function showAge(id, isNew, isFilled, made) {
  const text = part(`${id}-text`);
  if (!isFilled) {
    text.textContent = "Nothing yet: it comes when there are no problems.";
  }
  text.classList.toggle("is-empty", !isFilled);
  part(id).classList.toggle("is-old", !isNew);
  part(`${id}-badge`).textContent = isNew ? made : "last valid";
  part(`${id}-badge`).hidden = isNew ? made === "" : !isFilled;
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
  reveal(made);
  focusField(made);
}
