// Asks what the class says of the form, and shows both verdicts: the class's, and the form's own.

let asked = 0;
// What was last told of problems: it is not told again at each key stroke.
let toldCount = "";

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
  accepted: false,
  config: null,
  command: null,
  notes: [],
  problems: [{ path: [], place: "", text: text.trim() }],
});

const judgeSoon = later(120, judge);

function showNothing() {
  for (const id of ["problem-list", "form-problem-list", "note-list"]) {
    part(id).replaceChildren();
  }
  for (const id of ["problem-count", "jump-count", "verdict", "form-verdict", "difference"]) {
    setText(id, "");
  }
  showConfig({ config: null, command: null, problems: [] });
  showTab();
}

// The fields by their paths, of the form that is drawn.
let byPath = { fields: null, found: new Map() };

function fieldAt(steps) {
  if (byPath.fields !== shown.fields) {
    byPath = { fields: shown.fields, found: new Map() };
    for (const made of [...shown.fields].reverse()) {
      const path = made.path ?? made.tag ?? null;
      byPath.found.set(path === null ? null : stepsOf(path).join("\0"), made);
    }
  }
  return byPath.found.get(steps.join("\0"));
}

// The field that a problem belongs to: the one whose path leads furthest to it.
function fieldOf({ path }) {
  for (let length = path.length; length > 0; length -= 1) {
    const made = fieldAt(path.slice(0, length));
    if (made !== undefined) {
      return { made, inner: path.slice(length) };
    }
  }
  return null;
}

const innerText = (inner) =>
  inner.map((step, i) => (typeof step === "number" ? `[${step}]` : i ? `.${step}` : step)).join("");

function showVerdict(verdict) {
  lastVerdict = verdict;
  const isJudged = data.live || verdict.judged;
  const { told: problems, waiting } = heard(verdict.problems);
  const { told: faults, waiting: awaited } = heard(formProblems());
  const wrong = new Map();
  const add = (problem, who) => {
    const found = fieldOf(problem);
    if (found !== null) {
      const inner = innerText(found.inner);
      const { sentences, inners } = wrong.get(found.made) ?? { sentences: [], inners: [] };
      sentences.push(`${who}${inner ? `${inner}: ` : ""}${problem.text}`);
      wrong.set(found.made, { sentences, inners: [...inners, found.inner] });
    }
  };
  problems.forEach((problem) => add(problem, ""));
  // What only the form finds wrong keeps people from sending it all the same.
  const only = faults.filter((problem) => !wrong.has(fieldOf(problem).made));
  only.forEach((problem) => add(problem, isJudged ? "The form itself: " : ""));
  for (const made of shown.fields) {
    const found = wrong.get(made);
    const texts = isAsPlatform() ? faults.filter(isOf(made)).map(({ text }) => text) : found?.sentences ?? [];
    if (texts.length > 0 || made.isWrong) {
      showErrors(made, texts, found?.inners);
    }
  }
  markOutline();
  showClassVerdict(problems, waiting, isJudged);
  showFormVerdict(faults, awaited);
  showDifference(verdict, faults.length + awaited, isJudged);
  showWaiting(Math.max(waiting, awaited));
  showCount([...problems, ...only]);
  const notes = [
    ...shown.view.warnings.map(drawDiagnostic),
    ...(verdict.notes ?? []).map((note) => make("li", {}, note)),
  ];
  part("note-list").replaceChildren(...notes);
  const isMarked = ({ place }) => !isJudged && !isEmptied(valueAt(shown.model, place));
  showConfig({ ...verdict, problems: [...verdict.problems, ...(verdict.unread ?? []), ...only.filter(isMarked)] });
  showTab();
}

const isOf = (made) => (problem) => problem.place === made.path;

const isEmptied = (value) => isBlank(value) || Number.isNaN(value);

// A problem in a list, with a link to its field.
function drawProblem(problem) {
  const found = fieldOf(problem);
  if (found === null) {
    return make("li", {}, problem.place ? `${problem.place}: ${problem.text}` : problem.text);
  }
  const link = make("a", { href: "#form", on: { click: (event) => goTo(event, found.made) } });
  link.textContent = labelOf(found.made.field);
  const inner = innerText(found.inner);
  return make("li", {}, link, inner ? `, ${inner}` : "", `: ${problem.text}`);
}

function showOutcome(id, text, kind) {
  setText(id, text);
  part(id).classList.toggle("is-good", kind === "good");
  part(id).classList.toggle("is-bad", kind === "bad");
}

function showClassVerdict(problems, waiting, isJudged) {
  const whose = shown.view.errors.length ? "The class of the last version" : "The generated class";
  part("problem-list").replaceChildren(...problems.map(drawProblem));
  if (!isJudged) {
    const rest = problems.length ? " It will refuse:" : "";
    showOutcome("verdict", `${whose} has not seen what you typed.${rest}`, problems.length ? "bad" : "");
  } else if (problems.length) {
    showOutcome("verdict", `${whose} refuses this form:`, "bad");
  } else if (waiting) {
    showOutcome("verdict", `${whose} needs more than this form has yet.`, "");
  } else {
    showOutcome("verdict", `${whose} accepts this form.`, "good");
  }
}

function showFormVerdict(problems, waiting) {
  const broken = shown.fields.map(breaksChecking).find((reason) => reason !== null);
  part("form-problem-list").replaceChildren(...problems.map(drawProblem));
  if (breaksLibrary(shown.view.form)) {
    showOutcome("form-verdict", "The form itself is not drawn by the form library.", "bad");
  } else if (broken !== undefined) {
    showOutcome("form-verdict", `The form itself cannot be checked by the form library: ${broken}.`, "bad");
  } else if (problems.length) {
    showOutcome("form-verdict", "The form itself finds this wrong:", "bad");
  } else if (waiting) {
    showOutcome("form-verdict", "The form itself cannot be sent yet.", "");
  } else {
    showOutcome("form-verdict", "The form itself finds nothing wrong.", "good");
  }
}

// What it means for people on the platform when the two verdicts differ.
function showDifference({ problems }, faults, isJudged) {
  const isRefused = isJudged && problems.length > 0;
  const text =
    isRefused && faults === 0
      ? "On the platform this form can be sent; the program then refuses it when it starts."
      : faults > 0 && isJudged && !isRefused
        ? "On the platform this form cannot be sent, though the program would take it."
        : "";
  setText("difference", text);
  part("difference").hidden = text === "";
}

function showCount(problems) {
  const number = problems.length ? String(problems.length) : "";
  setText("problem-count", number);
  setText("jump-count", number);
  const first = problems.slice(0, 3).map((problem) => {
    const found = fieldOf(problem);
    return `${found ? labelOf(found.made.field) : problem.place} ${problem.text}`;
  });
  const text = problems.length ? `${count(problems.length, "problem")}: ${first.join("; ")}` : "No problems";
  if (text !== toldCount) {
    toldCount = text;
    announce(text);
  }
}

function goTo(event, made) {
  event.preventDefault();
  reveal(made);
  focusField(made);
}
