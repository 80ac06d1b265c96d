// The host of a page without a kernel: mounts every figure of the page in the place of its picture.

import { html } from "./element.js";
import { render } from "./figure.js";

function createModel(state) {
  const listeners = new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    },
    on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    off: (event, listener) => listeners.set(event, (listeners.get(event) ?? []).filter((one) => one !== listener)),
    save_changes() {},
  };
}

const NOTICE = "This figure could not start in your browser; the picture shows its starting values.";

function mount(figure) {
  const still = figure.querySelectorAll(".ce-picture, .ce-table");
  const el = html("div");
  figure.classList.add("ce-mounted");
  try {
    figure.prepend(el);
    const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    render({ model: createModel({ spec, values: {} }), el });
    for (const node of still) node.remove();
  } catch (error) {
    el.remove();
    still[0].after(html("p", { class: "ce-notice", role: "note" }, NOTICE));
    reportError(error);
  }
}

function mountAll() {
  for (const figure of document.querySelectorAll("figure.ce-figure:not(.ce-mounted)")) mount(figure);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
