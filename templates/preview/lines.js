// The config and the command line: what is wrong is marked in their lines, and the line of a field
// is found from the field, and the field from its line.

// What the panels show: the config and its lines, {short, full} of the command, the problems.
let lastConfig = null;
let configLines = [];
let commandLines = [];
let lastCommand = null;
let lastProblems = [];
// The path of the field whose lines are lit.
let litPath = null;

function showConfig({ accepted, config, command, problems, judged }) {
  const isSure = data.live || judged === true;
  const made = isSure ? (accepted ? "" : "refused") : "made in the page";
  lastProblems = problems;
  lastCommand = command;
  if (config !== lastConfig || config === null) {
    lastConfig = config;
    configLines = showJson(part("config-text"), config ?? "", "a");
  }
  for (const line of configLines.filter(({ link }) => link !== null)) {
    assign(line.link, "href", fieldOf(line) === null ? null : "#form");
  }
  mark(configLines, problems);
  showCommand();
  light(litPath);
  showState("config", config === null, made);
  showState("command", command === null, made);
}

function showState(id, isEmpty, made) {
  const text = part(`${id}-text`);
  if (isEmpty) {
    text.textContent = "Nothing can be made of this form as it is.";
  }
  text.classList.toggle("is-empty", isEmpty);
  setText(`${id}-badge`, made);
  part(`${id}-badge`).hidden = isEmpty || made === "";
  part(`${id}-badge`).classList.toggle("is-bad", made === "refused");
}

function showCommand() {
  if (lastCommand === null) {
    return;
  }
  part("full-tool").hidden = lastCommand.full === undefined;
  const { short, full } = lastCommand;
  const text = part("full").checked && full !== undefined ? full : short;
  if (text !== part("command-text").textContent) {
    commandLines = text.split("\n").map(flagLine);
    drawPieces(part("command-text"), separated(commandLines), true);
  }
  mark(commandLines, lastProblems);
}

const makeLine = (...pieces) => make("span", { class: "line" }, ...pieces);

const separated = (lines) => lines.flatMap(({ element }, i) => (i ? ["\n", element] : [element]));

function drawPieces(element, pieces, isLines) {
  element.classList.toggle("is-lines", isLines);
  element.replaceChildren(...pieces);
}

// A flag, or the program, with the path of what it says. `--.` says what has no flag as JSON.
function flagLine(line) {
  const name = /^\s*'?--(?:unset=)?([^=']+)/.exec(line);
  const says = name !== null && name[1] !== "." && name[1] !== "preset";
  return { element: makeLine(line), path: says ? stepsOf(name[1]) : [], json: name?.[1] === "." ? line : "" };
}

// Mark the line of each problem, or else that of what is nearest around it.
function mark(lines, problems) {
  const texts = new Map();
  for (const { path, text } of problems) {
    let best = null;
    for (const line of lines) {
      const isAround = !line.isEnd && startsWith(path, line.path.map(String));
      const isNearer = best === null || line.path.length > best.path.length;
      if (isAround && (isNearer || line.json?.includes(JSON.stringify(path[0])))) {
        best = line;
      }
    }
    if (best !== null) {
      const inner = innerText(path.slice(best.path.length));
      texts.set(best, [...(texts.get(best) ?? []), inner ? `${inner}: ${text}` : text]);
    }
  }
  for (const line of lines) {
    const found = texts.get(line);
    line.element.classList.toggle("is-wrong", found !== undefined);
    if (found === undefined) {
      delete line.element.dataset.problem;
    } else {
      // Beside the text, which stays what can be copied.
      line.element.dataset.problem = found.join("; ");
    }
  }
}

// Light the lines of a field, and bring the first of them into view where the config scrolls.
function light(path) {
  litPath = path;
  const steps = path === null ? null : stepsOf(path);
  let first = null;
  for (const line of configLines) {
    const isLit = steps !== null && startsWith(line.path, steps) && line.path.length >= steps.length;
    line.element.classList.toggle("is-lit", isLit);
    first ??= isLit ? line : null;
  }
  const links = configLines.map(({ link }) => link).filter((link) => link?.hasAttribute("href"));
  reach(links.includes(first?.link) ? first.link : links[0]);
  requestAnimationFrame(() => first !== null && bringIntoView(first));
}

function bringIntoView(line) {
  const pre = part("config-text");
  const topOf = ({ element }) => element.getBoundingClientRect().top - pre.getBoundingClientRect().top;
  if (topOf(line) < 0 || topOf(line) > pre.clientHeight - 24) {
    // So that no line is cut at the top.
    pre.scrollTop += topOf(configLines[Math.max(0, configLines.indexOf(line) - 4)]);
  }
}

// Of all links of the config only one is a stop of the Tab key; arrows lead to the others.
function reach(link) {
  for (const line of configLines) {
    if (line.link?.hasAttribute("href")) {
      assign(line.link, "tabindex", line.link === link ? "0" : "-1");
    }
  }
}

function moveInConfig(event) {
  const links = configLines.map(({ link }) => link).filter((link) => link?.hasAttribute("href"));
  const at = links.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (at >= 0 && links[to] !== undefined) {
    event.preventDefault();
    reach(links[to]);
    links[to].focus();
  }
}

function listenToLines() {
  part("form").addEventListener("focusin", ({ target }) => {
    const made = shown.fields.find(({ element }) => element.contains(target));
    light(made?.path ?? made?.tag ?? null);
  });
  part("config-text").addEventListener("keydown", moveInConfig);
  part("config-text").addEventListener("click", (event) => {
    const line = configLines.find(({ link }) => link === event.target);
    const found = line === undefined ? null : fieldOf(line);
    if (found !== null) {
      goTo(event, found.made);
    }
  });
}

// The lines that elements show.
const drawnLines = new Map();

// JSON text with its keys and values told apart by color, a line after the other: its lines as
// {text, element, link, path, isEnd}, where `link` is the key, and `isEnd` tells the end of an
// object. What is the same above and below a change stays as it is.
function showJson(element, text, keyTag = "span") {
  const before = (drawnLines.get(element) ?? []).filter((line) => line.element.parentNode === element);
  const lines = text === "" || text.length > 400000 ? [] : linesOf(text);
  const most = Math.min(before.length, lines.length);
  const isKept = (at) => before.at(at).text === lines.at(at).text;
  let above = 0;
  let below = 0;
  while (above < most && isKept(above)) {
    above += 1;
  }
  while (below < most - above && isKept(-1 - below)) {
    below += 1;
  }
  lines.forEach((line, i) => {
    const kept = i < above ? before[i] : i >= lines.length - below ? before.at(i - lines.length) : drawLine(line, keyTag);
    Object.assign(line, { element: kept.element, link: kept.link });
  });
  if (below === 0) {
    drawPieces(element, lines.length ? separated(lines) : [text], lines.length > 0);
  } else {
    before.slice(above, -below).forEach((line) => (line.element.nextSibling.remove(), line.element.remove()));
    const made = lines.slice(above, -below).flatMap((line) => [line.element, "\n"]);
    before.at(-below).element.before(...made);
  }
  drawnLines.set(element, lines);
  return lines;
}

// As both Python and JavaScript write JSON with indents: each key and each item has its line.
function linesOf(json) {
  const around = [];
  return json.split("\n").map((text) => {
    const [, , key, value] = LINE.exec(text);
    if (value === "}" || value === "]") {
      return { text, path: around.pop()?.path ?? [], isEnd: true };
    }
    const holder = around.at(-1);
    const step = key === undefined ? holder && holder.items++ : JSON.parse(key);
    const path = holder === undefined ? [] : [...holder.path, step];
    if (value === "{" || value === "[") {
      around.push({ path, items: 0 });
    }
    return { text, path, isEnd: false };
  });
}

// The indent, the key and the value of a line, and the comma.
const LINE = /^( *)(?:("(?:[^"\\]|\\.)*"): )?(.*?)(,?)$/s;

function drawLine({ text }, keyTag) {
  const [, indent, key, value, comma] = LINE.exec(text);
  const link = key === undefined ? null : make(keyTag, { class: "json-key" }, key);
  const kind = value.startsWith('"') ? "text" : "literal";
  const shownValue = /^[[\]{}]+$/.test(value) ? value : make("span", { class: `json-${kind}` }, value);
  return { element: makeLine(indent, link ?? "", link === null ? "" : ": ", shownValue, comma), link };
}
