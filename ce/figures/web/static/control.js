// The controls: sliders, choices, switches and buttons.

import { freshId, html, keepKeys, write } from "./element.js";
import { countText, tickText } from "./number.js";
import { createPlayer } from "./player.js";
import { position, snap, track, unposition } from "./store.js";

export function createSlider(part, store) {
  const id = freshId("slider");
  const { low, high, step } = track(part);
  // Of the steps up to the end none is lost to rounding.
  const input = html("input", { type: "range", id, min: low, max: high + step / 1e6, step });
  const shown = html("span", { class: "ce-value", "aria-hidden": "true" });
  store.inputs[part.symbol] = input;
  keepKeys(input);
  input.addEventListener("input", () => {
    const old = store.values()[part.symbol];
    const moved = Number(input.value) - position(part, old);
    const value = snap(part, unposition(part, Number(input.value)));
    // On a log scale of whole numbers one step of the slider can be less than one.
    store.set([part, value === old && part.integer ? old + Math.sign(moved) : value]);
  });
  // A finger that goes on to scroll the page has moved the slider as it came down.
  let before = 0;
  input.addEventListener("pointerdown", () => (before = store.values()[part.symbol]));
  input.addEventListener("pointercancel", () => store.put({ [part.symbol]: before }));
  const player = part.animate ? createPlayer(part, store) : null;
  return {
    node: html(
      "div",
      { class: "ce-control ce-slider", "data-label": part.label },
      html("label", { for: id }, part.label),
      input,
      shown
    ),
    buttons: player?.nodes,
    words: () => `${part.label} = ${shown.textContent}`,
    draw({ values }) {
      const text = part.integer ? countText(values[part.symbol]) : tickText(values[part.symbol]);
      input.value = position(part, values[part.symbol]);
      input.setAttribute("aria-valuetext", text);
      write(shown, text);
    },
    stop: () => player?.stop(),
    hold: (hidden) => player?.hold(hidden)
  };
}

export function createChoice(part, store) {
  const name = freshId("choice");
  const inputs = part.options.map(([, value]) => html("input", { type: "radio", name, value }));
  const labels = part.options.map(([text], at) => html("label", {}, inputs[at], text));
  inputs.forEach((input, at) => {
    keepKeys(input);
    input.addEventListener("change", () => store.set([part, part.options[at][1]]));
  });
  return {
    node: html(
      "div",
      {
        class: "ce-control ce-choice",
        "data-label": part.label,
        role: "radiogroup",
        "aria-labelledby": `${name}-label`
      },
      html("span", { id: `${name}-label` }, part.label),
      html("div", { class: "ce-row" }, ...labels)
    ),
    words: () => `${part.label}: ${labels.find(({ control }) => control.checked).textContent}`,
    draw: ({ values }) => inputs.forEach((input, at) => (input.checked = part.options[at][1] === values[part.symbol]))
  };
}

export function createSwitch(part, store) {
  const input = html("input", { type: "checkbox" });
  keepKeys(input);
  input.addEventListener("change", () => store.set([part, Number(input.checked)]));
  return {
    node: html(
      "div",
      { class: "ce-control ce-choice", "data-label": part.label },
      html("label", {}, input, part.label)
    ),
    words: () => `${part.label}: ${input.checked ? "on" : "off"}`,
    draw: ({ values }) => (input.checked = values[part.symbol] === 1)
  };
}

export function createButton(words, press) {
  const node = html("button", { type: "button", class: "ce-button" }, words);
  node.addEventListener("click", press);
  return node;
}
