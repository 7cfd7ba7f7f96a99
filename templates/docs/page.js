"use strict";

(() => {
const field = document.querySelector("input[type=search]");
const found = document.querySelector(".found");
const none = document.querySelector(".none");
const contents = document.querySelector(".contents");
const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
const modules = [...document.querySelectorAll(".module")];
const parts = [...document.querySelectorAll(".part")];
let texts = null;

/** What is searched: settings and heads of sections, each with its words. */
function searched() {
  texts ??= [...document.querySelectorAll("[data-text]")].map((element) => {
    const module = element.closest(".module").querySelector("h2").textContent;
    return [element, `${module} ${element.textContent}`.toLowerCase()];
  });
  return texts;
}

/** Show what has all the words, each with the head of its section; all without words. */
function filter() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let fitting = 0;
  for (const [element, text] of searched()) {
    const fits = words.every((word) => text.includes(word));
    element.hidden = !fits;
    element.classList.toggle("is-found", fits && words.length > 0);
    fitting += fits && element.matches(".setting");
  }
  for (const section of document.querySelectorAll(".section")) {
    const shows = section.querySelector(":scope > [data-text]:not([hidden])") !== null;
    section.hidden = !shows;
    section.querySelector(".head").hidden = !shows;
  }
  for (const module of modules) {
    module.hidden = words.length > 0 && !module.querySelector(".is-found");
  }
  for (const part of parts) {
    part.hidden = words.length > 0;
  }
  for (const [anchor, link] of links) {
    const heading = document.getElementById(decodeURIComponent(anchor));
    link.parentElement.hidden = heading !== null && heading.closest("[hidden]") !== null;
  }
  none.hidden = words.length === 0 || document.querySelector(".is-found") !== null;
  const all = searched().filter(([element]) => element.matches(".setting")).length;
  found.textContent = words.length ? `${fitting} of ${all} settings` : "";
}

function clear() {
  field.value = "";
  filter();
}

/** Where the keyboard is; a browser takes it away where a link has led. */
function current() {
  const active = document.activeElement;
  return active === document.body ? document.querySelector(".is-found > :target > .here") : active;
}

/** The link in the heading of what was found `steps` further on; of the first, if none is current. */
function result(steps) {
  const results = [...document.querySelectorAll(".is-found:not([hidden]) .here")];
  return results[results.indexOf(current()) + steps];
}

field.addEventListener("input", filter);
none.querySelector("button").addEventListener("click", () => {
  clear();
  field.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const inField = document.activeElement === field;
  const inResults = current()?.matches(".is-found .here");
  if (event.key === "/" && !inField) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && field.value) {
    clear();
    field.focus();
  } else if (field.value && (event.key === "ArrowDown" || (event.key === "Enter" && inField))) {
    const next = result(1);
    if (next && (inField || inResults)) {
      event.preventDefault();
      next.focus();
    }
  } else if (field.value && event.key === "ArrowUp" && inResults) {
    event.preventDefault();
    (result(-1) ?? field).focus();
  }
});

/** A link leads also to what the search hides, and takes the keyboard along. */
function arrive() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.closest("[hidden]")) {
    clear();
    target.scrollIntoView();
  }
  if (!document.activeElement.matches(".here")) {
    target?.querySelector(":scope > .here")?.focus({ preventScroll: true });
  }
}

window.addEventListener("hashchange", arrive);
document.addEventListener("click", (event) => {
  if (event.target.closest("a")) {
    setTimeout(arrive);
  }
});

/** Scroll the contents, and nothing around them, to one of their links. */
function reveal(link) {
  const [box, around] = [link, contents].map((element) => element.getBoundingClientRect());
  contents.scrollTop += Math.min(0, box.top - around.top) + Math.max(0, box.bottom - around.bottom);
}

/** Mark in the contents what is read. */
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      contents.querySelector("[aria-current]")?.removeAttribute("aria-current");
      const link = links.get(encodeURIComponent(entry.target.id)) ?? links.get(entry.target.id);
      if (link) {
        link.setAttribute("aria-current", "location");
        reveal(link);
      }
    }
  }
}, { rootMargin: "0px 0px -75% 0px" });
for (const anchor of links.keys()) {
  const heading = document.getElementById(decodeURIComponent(anchor));
  if (heading) {
    seen.observe(heading);
  }
}

document.querySelector(".finder").hidden = false;
// A browser that goes back keeps what was typed.
filter();
})();
