"use strict";

(() => {
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 40rem)");

const sample = document.body.appendChild(document.createElement("i"));
sample.hidden = true;

/** A color of the page, as `rgb(…)`. */
function color(name) {
  sample.style.color = `var(--${name})`;
  return getComputedStyle(sample).color;
}

/** The colors of the page, for a figure that has some axes. */
function colors(layout) {
  const found = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    "font.color": color("text"),
    "font.size": 12,
    colorway: [color("accent"), color("bad"), color("good"), color("note"), color("muted")],
  };
  for (const name of Object.keys(layout)) {
    if (/^[xy]axis\d*$/.test(name)) {
      found[`${name}.automargin`] = true;
      found[`${name}.gridcolor`] = color("line");
      found[`${name}.linecolor`] = color("control");
      found[`${name}.zerolinecolor`] = color("line");
    }
  }
  return found;
}

/** What Optuna colors from white to dark blue, from the page's faintest to its accent. */
function recolor(data, layout) {
  const scale = [[0, color("line")], [1, color("accent")]];
  let scales = 0;
  for (const trace of data) {
    const [, red] = /^rgb\(([\d.]+),/.exec(trace.line?.color) ?? [];
    if (red !== undefined) {
      const share = Math.round(100 - Number(red) / 2.47);
      trace.line.color = mixed(color("line"), color("accent"), share / 100);
    }
    for (const each of [trace.marker, trace.line].filter((one) => one?.colorscale)) {
      each.colorscale = scales++ ? [[0, color("bad")], [1, color("bad")]] : scale;
    }
    if (trace.type === "parcoords") {
      for (const font of ["tickfont", "labelfont", "rangefont"]) {
        trace[font] = { color: color("text"), size: 11 };
      }
    }
  }
  for (const each of layout.annotations ?? []) {
    each.font = { ...each.font, color: color("text") };
  }
  for (const each of layout.shapes ?? []) {
    each.line = { ...each.line, color: color("control") };
  }
}

/** A color between two, `share` from 0 to 1 of the way. */
function mixed(from, to, share) {
  const [a, b] = [from, to].map((each) => each.match(/\d+/g).map(Number));
  return `rgb(${a.map((part, index) => Math.round(part + (b[index] - part) * share)).join(",")})`;
}

const figures = [...document.querySelectorAll("[data-figure]")];

function draw(place) {
  const { data, layout } = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  recolor(data, layout);
  layout.margin = { l: 60, r: 40, t: data[0]?.type === "parcoords" ? 60 : 20, b: 60 };
  layout.showlegend = Boolean(layout.showlegend ?? data.length > 1) && !narrow.matches && data.length <= 12;
  const config = { responsive: true, displayModeBar: false };
  return Plotly.newPlot(place, data, layout, config).then(() => Plotly.relayout(place, colors(layout)));
}

/** In the colors of the other theme. */
function paint() {
  figures.filter((each) => each.layout).forEach(draw);
}

/** Figures are drawn when they come near: a page of many opens at once. */
const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((each) => each.isIntersecting)) {
    near.unobserve(entry.target);
    draw(entry.target).then(() => entry.target.classList.add("is-drawn"), (error) => {
      entry.target.textContent = `This figure cannot be drawn here: ${error.message}`;
    });
  }
}, { rootMargin: "600px" });
figures.forEach((each) => near.observe(each));
dark.addEventListener("change", paint);

for (const section of document.querySelectorAll(".copied")) {
  const button = section.querySelector("button");
  const said = section.querySelector("[role=status]");
  button.hidden = false;
  button.setAttribute("aria-label", `Copy: ${section.querySelector("h3").textContent}`);
  button.addEventListener("click", async () => {
    const text = section.querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied";
    } catch {
      // A page from a file may not: the text is marked, for the keyboard to copy.
      getSelection().selectAllChildren(text);
      said.textContent = "Marked, to be copied";
    }
  });
}
})();
