// The terms of a formula and what they are in its figure: whoever points at one sees the other.

import { buttonRow, html } from "./element.js";

const AROUND = [
  [0, 0],
  [0, 7],
  [0, -7],
  [7, 0],
  [-7, 0]
]; // a curve is thinner than a hand

export function link(figure, { labels }) {
  const terms = [...figure.querySelectorAll("[data-ce-term]")];
  const named = (term) => labels[term.dataset.ceTerm];
  let held = "";
  let lit = "";
  const show = () => {
    for (const part of figure.querySelectorAll("[data-label]"))
      part.classList.toggle("ce-lit", part.dataset.label === lit);
  };
  const drawn = new MutationObserver(show);
  // The rest fades for those who ask the formula; whoever moves the figure wants to see all of it.
  const light = (label = held, from = terms[0]) => {
    figure.classList.toggle("ce-pointing", label !== "" && from.closest(".ce-formula") !== null);
    if (label === lit) return;
    lit = label;
    for (const term of terms) term.classList.toggle("ce-lit", named(term) === lit);
    show();
    // What is drawn meanwhile is lit as well.
    if (lit) drawn.observe(figure, { childList: true, subtree: true });
    else drawn.disconnect();
  };
  const labelOf = (node) => {
    const part = node?.closest("[data-ce-term], [data-label]");
    const label = part && (part.dataset.label ?? named(part));
    return labels.includes(label) ? label : undefined;
  };
  const buttons = labels.map((label) =>
    html(
      "button",
      { type: "button", class: "ce-spoken", "aria-pressed": "false", "data-label": label },
      `Show ${label} in the figure`
    )
  );
  const hold = (label) => {
    held = held === label ? "" : label;
    for (const button of buttons) button.setAttribute("aria-pressed", held === button.dataset.label);
    light(held);
  };
  buttons.forEach((button, at) => button.addEventListener("click", () => hold(labels[at])));
  for (const term of terms) term.addEventListener("click", () => hold(named(term)));
  terms[0].closest(".ce-formula").append(buttonRow("Terms of the formula", buttons));
  figure.addEventListener("pointermove", ({ buttons: pressed, clientX, clientY, target }) => {
    if (!pressed)
      light(AROUND.map(([x, y]) => labelOf(document.elementFromPoint(clientX + x, clientY + y))).find(Boolean), target);
  });
  figure.addEventListener("pointerleave", () => light());
  figure.addEventListener("focusin", ({ target }) => light(labelOf(target), target));
  figure.addEventListener("focusout", () => light());
}
