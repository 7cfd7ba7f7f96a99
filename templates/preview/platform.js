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
  help.popover = "manual";
  const box = make("span", { class: "helped" }, icon, help);
  label.after(box);
  const place = () => {
    const { left, top, bottom } = icon.getBoundingClientRect();
    const { width, height } = help.getBoundingClientRect();
    help.style.left = `${Math.max(0, Math.min(left, document.documentElement.clientWidth - width))}px`;
    help.style.top = `${bottom + height > window.innerHeight && top > height ? top - height : bottom}px`;
  };
  const why = { pointer: false, focus: false };
  const say = (changes) => {
    Object.assign(why, changes);
    const isOpen = help.isConnected && help.togglePopover(why.pointer || why.focus);
    (isOpen ? window.addEventListener : window.removeEventListener)("scroll", place, true);
    if (isOpen) {
      place();
    }
  };
  box.addEventListener("pointerenter", () => say({ pointer: true }));
  box.addEventListener("pointerleave", () => say({ pointer: false }));
  box.addEventListener("focusin", () => say({ focus: true }));
  box.addEventListener("focusout", () => say({ focus: false }));
  box.addEventListener("keydown", ({ key }) => key === "Escape" && say({ pointer: false, focus: false }));
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
