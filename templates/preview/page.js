// What people do with the page, and how it follows the schema.

function changed(path, value) {
  const made = shown.fields.find((each) => each.path === path);
  keepStep(made ? labelOf(made.field) : path, path);
  setAt(shown.model, path, value);
  shown.changes.set(path, value);
  markTyped(path);
  say("");
  remember();
  judgeSoon();
}

// Fill the form with what was kept, in one step, `what`, that can be undone.
function refill(kept, message, what) {
  keepStep(what);
  restore(kept);
  say(message);
}

function restore(kept) {
  const before = { model: shown.model, changes: shown.changes };
  fill(kept);
  drawValues(before);
  remember();
  showAddress();
  judge();
}

// Tell what was done, until the next thing is.
function say(message) {
  part("toast").textContent = message; // The same once more is told again.
}

function choosePreset() {
  const index = part("preset").selectedIndex;
  const preset = index > 0 ? Object.keys(shown.view.form.presets)[index - 1] : null;
  say(openPreset(preset));
}

// Fill in a preset, and what was typed into it before, if anything; gives what to tell.
function openPreset(preset) {
  const { changes, drafts } = snapshot();
  drafts.set(shown.preset, changes);
  const kept = drafts.get(preset) ?? [];
  const name = preset === null ? "its defaults" : `the preset “${preset}”`;
  refill({ preset, changes: kept, drafts }, "", preset === null ? "no preset" : `preset “${preset}”`);
  const also = kept.length ? `, and what you typed there: ${count(kept.length, "field")}` : "";
  return `The form has ${name}${also}.`;
}

function chooseSchema() {
  const module = part("schema").value;
  if (data.live) {
    window.location.assign(`?schema=${encodeURIComponent(module)}`);
    return;
  }
  show(data.views.find((view) => view.module === module));
}

async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return "Copied";
  } catch {
    window.getSelection().selectAllChildren(element);
    return "Selected";
  }
}

function copying(buttonId, textId) {
  const word = part(buttonId).firstChild;
  part(buttonId).addEventListener("click", async () => {
    word.data = await copyText(part(textId));
    announce(word.data);
    setTimeout(() => (word.data = "Copy"), 1500);
  });
}

function listen() {
  part("form").addEventListener("submit", (event) => event.preventDefault());
  listenToChanges();
  listenToTouches();
  part("preset").addEventListener("change", choosePreset);
  part("schema").addEventListener("change", chooseSchema);
  part("reset").addEventListener("click", () => {
    refill({ ...snapshot(), changes: [] }, "What was typed is gone.", "reset");
  });
  listenToHistory();
  listenToOutline();
  listenToFilter();
  listenToLinks();
  part("show-hidden").addEventListener("change", showHidden);
  part("full").addEventListener("change", showCommand);
  listenToLines();
  drawTabs();
  listenToNotice();
  listenToDrawing();
  copying("copy-document", "tab-text");
  copying("copy-config", "config-text");
  copying("copy-command", "command-text");
  part("theme").value = stored("localStorage", "brevetti preview theme") ?? "";
  part("theme").addEventListener("change", () => {
    stored("localStorage", "brevetti preview theme", part("theme").value);
    applyTheme();
  });
  for (const link of document.querySelectorAll(".skip, .jump a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = document.querySelector(link.getAttribute("href"));
      target.toggleAttribute("open", target.tagName === "DETAILS");
      (target.querySelector(":scope > summary") ?? target).focus({ preventScroll: true });
      target.scrollIntoView();
    });
  }
}

function applyTheme() {
  const theme = part("theme").value;
  if (theme === "") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

// Following the schema

function show(view) {
  shown.view = view;
  shown.fields = [];
  forgetTouched();
  showNothing();
  drawView();
  if (view.form !== null) {
    fill(remembered());
  }
  drawForm();
  forgetSteps();
  say("");
  judge();
}

// The schema has changed, or only its checks: the form keeps what was typed.
function follow(view) {
  const before = shown.view;
  const kept = before.form === null ? remembered() : snapshot();
  shown.view = view;
  drawView();
  if (!sameJson(view.form, before.form)) {
    if (view.form !== null) {
      fill(kept);
    }
    drawForm();
    part("status").textContent = "The form was changed";
  }
  judge();
}

async function refresh() {
  const module = shown.view?.module ?? new URLSearchParams(window.location.search).get("schema");
  const query = module === null ? "" : `?schema=${encodeURIComponent(module)}`;
  try {
    const response = await fetch(`/state${query}`);
    if (response.ok) {
      const { schemas, view } = received(await response.text());
      take(schemas, view);
    }
  } catch {
    // The stream of events tells when the preview is back.
  }
}

function take(schemas, view) {
  if (view === null) {
    tell("This schema is gone", "Choose another one, or bring its file back.");
  } else if (shown.view === null) {
    show(view);
  } else {
    follow(view);
  }
  drawChooser(schemas);
}

function tell(title, text) {
  part("notice").hidden = false;
  part("notice").replaceChildren(make("h2", {}, title), make("p", {}, text));
}

// One stream of events a page that is looked at: browsers open only a few connections to a server.
function followServer() {
  let events = null;
  let isLost = false;
  const open = () => {
    events = new EventSource("/events");
    events.addEventListener("open", () => {
      isLost = false;
      refresh();
    });
    events.addEventListener("change", refresh);
    events.addEventListener("error", () => {
      if (!isLost) {
        isLost = true;
        tell("The preview has ended", "Start it again and this page goes on, if it has the same --port.");
      }
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (events === null) {
      open();
    }
  });
  open();
}

function begin() {
  listen();
  applyTheme();
  if (window.matchMedia("(max-width: 59.99rem)").matches) {
    part("config").open = part("command").open = part("contents").open = false;
  }
  if (!data.live) {
    part("checks-note").hidden = false;
    part("checks-note").textContent =
      "This page is a file without the generated class. The form as it opens, and each preset, " +
      "was judged by the class when the page was written; what you type is only checked as far " +
      "as the form itself says. “brevetti-gen preview” checks everything.";
  }
  const asked = new URLSearchParams(window.location.search).get("schema");
  const first = data.live ? data.view : data.views.find(({ module }) => module === asked) ?? data.views[0];
  if (first === null) {
    tell("There is no such schema", "Choose one of the list.");
  } else {
    show(first);
    openLink(readLink(window.location));
  }
  drawChooser(data.schemas);
  if (data.live) {
    followServer();
  }
}

begin();
