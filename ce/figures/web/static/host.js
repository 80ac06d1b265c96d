// The host of a page without a kernel: mounts every figure of the page in the place of its picture.

import { html } from "./element.js";
import { describe, render } from "./figure.js";
import { link } from "./link.js";

// As much of the model of a widget as a figure uses: it listens to its values, and stays as long as the page.
function createModel(state) {
  const listeners = [];
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const listener of listeners) listener();
    },
    on: (event, listener) => listeners.push(listener),
    save_changes() {}
  };
}

const NOTICE = "This figure could not start in your browser; the picture shows its starting values.";

function mount(figure) {
  const still = figure.querySelectorAll(":scope > :is(.ce-place, .ce-picture, .ce-table)");
  const el = html("div");
  try {
    still[0].before(el);
    const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    render({ model: createModel({ spec, values: {} }), el });
    describe(figure);
    if (figure.querySelector("[data-ce-term]")) link(figure, spec.formula);
    for (const node of still) node.remove();
  } catch (error) {
    el.remove();
    // What stands in <noscript> is text to a browser with scripts.
    const hidden = figure.querySelector("noscript");
    if (hidden) hidden.replaceWith(...new DOMParser().parseFromString(hidden.textContent, "text/html").body.childNodes);
    still[0].after(html("p", { class: "ce-notice", role: "note" }, NOTICE));
    reportError(error);
  }
}

// The script is deferred: the page is read when it runs. Where the reader is at its beginning, the first figure is there
// and painted before the next begins, and each has a task of its own.
const figures = [...document.querySelectorAll("figure.ce-figure")];
const next = () => {
  const figure = figures.shift();
  if (!figure) return;
  mount(figure);
  if ("fresh" in document.documentElement.dataset) afterwards(next);
  else next();
};
const afterwards = (task) => requestAnimationFrame(() => setTimeout(task));
next();
