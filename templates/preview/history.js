// Undo and redo: each step is what was there before it, as `snapshot` gives it.

const MOST_STEPS = 200;
const past = [];
const future = [];
// The field that the last step typed into, as long as nothing else was done: it is one step.
let typing = null;

// Keep what is there, before `what` is done.
function keepStep(what, path = null) {
  if (path === null || path !== typing) {
    past.push({ what, kept: snapshot() });
    past.splice(0, past.length - MOST_STEPS);
    future.length = 0;
    showSteps();
  }
  typing = path;
}

function forgetSteps() {
  past.length = future.length = 0;
  typing = null;
  showSteps();
}

function takeStep(from, onto, word) {
  const step = from.pop();
  if (step === undefined) {
    return;
  }
  onto.push({ what: step.what, kept: snapshot() });
  typing = null;
  restore(step.kept);
  showSteps();
  say(`${word}: ${step.what}.`);
}

const undo = () => takeStep(past, future, "Undone");
const redo = () => takeStep(future, past, "Done again");

// Buttons that have nothing to do keep the keyboard.
function showSteps() {
  for (const [id, steps, word] of [["undo", past, "Undo"], ["redo", future, "Redo"]]) {
    const last = steps[steps.length - 1];
    part(id).setAttribute("aria-disabled", String(last === undefined));
    part(id).title = last === undefined ? "" : `${word}: ${last.what}`;
  }
}

// In a field the keys are the browser's.
function listenToHistory() {
  part("undo").addEventListener("click", undo);
  part("redo").addEventListener("click", redo);
  part("form").addEventListener("focusout", () => (typing = null));
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) {
      return;
    }
    if (key === "z" || (key === "y" && !event.shiftKey)) {
      event.preventDefault();
      (key === "y" || event.shiftKey ? redo : undo)();
    }
  });
}
