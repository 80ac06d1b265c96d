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

function mount(figure) {
  const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const picture = figure.querySelector("img");
  const el = html("div");
  picture.before(el);
  try {
    render({ model: createModel({ spec, values: {} }), el });
    picture.remove();
    figure.classList.add("ce-mounted");
  } catch (error) {
    el.remove(); // the picture stays
    throw error;
  }
}

function mountAll() {
  for (const figure of document.querySelectorAll("figure.ce-figure:not(.ce-mounted)")) mount(figure);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
