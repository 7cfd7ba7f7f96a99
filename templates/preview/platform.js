// The form as the platform's library draws it: help behind an icon, headings like labels, what is
// on top of each other there, and nothing of ours.

const DRAWING = "brevetti preview drawing";

const isAsPlatform = () => part("as-platform").checked;

// A field as `makeField` makes it, with only what the library draws, in its order.
function drawField(field, group) {
  const made = makeField(field, group, shown.model, changed);
  if (!isAsPlatform()) {
    return made;
  }
  const { element } = made;
  const label = element.querySelector(".label, h2, h3, h4, h5");
  element.querySelectorAll(".note").forEach((each) => each.remove());
  // A checkbox stands below its label.
  element.querySelector(".inline")?.append(element.querySelector(".inline").firstChild);
  if (isNothing(field.label)) {
    label?.classList.add("unseen");
  } else {
    hideHelp(element, label);
  }
  return made;
}

// Put the help behind an icon, which shows it to those who point at it or lead the keyboard there.
function hideHelp(element, label) {
  const help = element.querySelector(".help");
  if (help === null || label === null) {
    return;
  }
  const name = `Help: ${label.firstChild.textContent}`;
  const icon = make("button", { type: "button", class: "help-icon", "aria-label": name, "aria-describedby": help.id }, "?");
  const box = make("span", { class: "helped" }, icon, help);
  label.after(box);
  box.addEventListener("keydown", ({ key }) => box.classList.toggle("is-dismissed", key === "Escape"));
  for (const event of ["pointerleave", "focusout"]) {
    box.addEventListener(event, () => box.classList.remove("is-dismissed"));
  }
}

// What the library does not draw has no place here, and nothing is folded.
function showDrawing() {
  const isPlain = isAsPlatform();
  part("form").classList.toggle("as-platform", isPlain);
  if (isPlain) {
    part("show-hidden").checked = false;
    folded.clear();
  }
}

function listenToDrawing() {
  part("as-platform").checked = stored("localStorage", DRAWING) === "platform";
  showDrawing();
  part("as-platform").addEventListener("change", () => {
    stored("localStorage", DRAWING, isAsPlatform() ? "platform" : "");
    showDrawing();
    drawForm();
    judge();
  });
}
