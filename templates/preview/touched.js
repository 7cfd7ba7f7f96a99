// Required fields that are still empty: that they are is told once they were left, or all was
// asked for.

const touched = new Set();
let isAllAsked = false;
let lastVerdict = null;

// Whether a problem is only that nobody has come to its field yet.
function isWaiting(problem) {
  const found = isAllAsked ? null : fieldOf(problem);
  if (found === null || found.inner.length > 0) {
    return false;
  }
  const path = found.made.path ?? found.made.tag;
  const isBelow = (each) => each === path || each.startsWith(`${path}.`);
  return isEmptied(valueAt(shown.model, path)) && ![...touched].some(isBelow);
}

// What may be told of problems, and how many others wait.
function heard(problems) {
  const told = problems.filter((problem) => !isWaiting(problem));
  return { told, waiting: problems.length - told.length };
}

const neededText = (number) => `${count(number, "required field")} ${number === 1 ? "is" : "are"} still empty.`;

function showWaiting(number) {
  part("waiting").hidden = number === 0;
  part("waiting-text").textContent = number ? neededText(number) : "";
}

function forgetTouched() {
  touched.clear();
  isAllAsked = false;
}

function touch(path) {
  if (path !== null && !touched.has(path)) {
    touched.add(path);
    if (lastVerdict !== null && !isAllAsked) {
      whenReleased(() => showVerdict(lastVerdict));
    }
  }
}

let isPressed = false;

// Nothing may move while a button of the mouse is down on it: the click would be lost.
function whenReleased(action) {
  if (isPressed) {
    document.addEventListener("pointerup", () => setTimeout(action), { once: true });
  } else {
    action();
  }
}

// Tell all, and lead to the first field with a problem.
function checkAll() {
  isAllAsked = true;
  if (lastVerdict !== null) {
    showVerdict(lastVerdict);
  }
  const first = shown.fields.find(({ element }) => element.classList.contains("has-errors"));
  if (first !== undefined) {
    reveal(first);
    focusField(first);
  }
}

function listenToTouches() {
  document.addEventListener("pointerdown", () => (isPressed = true), true);
  for (const event of ["pointerup", "pointercancel"]) {
    document.addEventListener(event, () => (isPressed = false), true);
  }
  part("form").addEventListener("focusout", ({ target, relatedTarget }) => {
    const made = shown.fields.find(({ element }) => element.contains(target));
    if (made !== undefined && document.hasFocus() && !made.element.contains(relatedTarget)) {
      touch(made.path);
    }
  });
  part("form").addEventListener("submit", checkAll);
  part("check-all").addEventListener("click", checkAll);
  part("reset").addEventListener("click", forgetTouched);
}
