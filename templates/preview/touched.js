// Required fields that are still empty: that they are is told once they were left, or all was
// asked for.

const touched = new Set();
let isAllAsked = false;
// The path of a field that was left while the pointer was still down.
let left = null;
let lastVerdict = null;

// Whether a problem is only that nobody has come to its field yet.
function isWaiting(problem) {
  const found = isAllAsked ? null : fieldOf(problem);
  if (found === null || found.inner.length > 0 || !mayBeTyped(found.made.field)) {
    return false;
  }
  const path = found.made.path ?? found.made.tag;
  const isBelow = (each) => each === path || each.startsWith(`${path}.`);
  const visited = [...touched, ...shown.changes.keys()];
  return isEmptied(valueAt(shown.model, path)) && !visited.some(isBelow);
}

const mayBeTyped = (field) => isShown(field) && !isDisabled(field) && !field.readonly;

// What may be told of problems, and how many others wait.
function heard(problems) {
  const told = problems.filter((problem) => !isWaiting(problem));
  return { told, waiting: problems.length - told.length };
}

const neededText = (number) => `${count(number, "required field")} ${number === 1 ? "is" : "are"} still empty.`;

function showWaiting(number) {
  part("waiting").hidden = number === 0;
  setText("waiting-text", number ? neededText(number) : "");
}

function forgetTouched() {
  touched.clear();
  isAllAsked = false;
  left = null;
}

function touch(path) {
  const problems = [...(lastVerdict?.problems ?? []), ...formProblems()];
  const before = heard(problems).waiting;
  touched.add(path);
  if (lastVerdict !== null && heard(problems).waiting !== before) {
    showVerdict(lastVerdict);
  }
}

// Tell all, and lead to the first field with a problem.
function checkAll() {
  isAllAsked = true;
  if (lastVerdict !== null) {
    showVerdict(lastVerdict);
  }
  const first = shown.fields.find(({ isWrong }) => isWrong);
  if (first !== undefined) {
    reveal(first);
    focusField(first);
  }
}

function listenToTouches() {
  // What is pressed must not be drawn anew before it is let go: that would be no click.
  let isPressed = false;
  const leave = () => {
    if (left !== null && !isPressed) {
      touch(left);
      left = null;
    }
  };
  document.addEventListener("pointerdown", () => (isPressed = true), true);
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => setTimeout(() => ((isPressed = false), leave())), true);
  }
  part("form").addEventListener("focusout", ({ target, relatedTarget }) => {
    const made = shown.fields.find(({ element }) => element.contains(target));
    const path = made?.path ?? null;
    if (path !== null && document.hasFocus() && !made.element.contains(relatedTarget)) {
      left = path;
      leave();
    }
  });
  part("form").addEventListener("submit", checkAll);
  part("check-all").addEventListener("click", checkAll);
  part("reset").addEventListener("click", forgetTouched);
}
