// The guess that a figure asks for before it opens: its sliders, its marks, and the gap in words.

import { createButton, createSlider } from "./control.js";
import { html, remembered, write } from "./element.js";
import { countText, numberText, tickText } from "./number.js";
import { createStore, position, track } from "./store.js";

// The spec of the figure with the marks of the guess in their panel.
export const withMarks = (spec, { panel, marks }) => ({
  ...spec,
  panels: spec.panels.map((one, at) => (at === panel ? { ...one, marks: [...one.marks, ...marks] } : one))
});

// `open` is told when the reader has made the guess or goes on without one.
export function createGuess({ name, guess }, changed, open) {
  const { parameters, truths, on, over = [], panel, digits, unit, question, lesson, close, at } = guess;
  const key = `ce-guess-${name}`;
  let [given, guessed, closed] = [{}, 1, true];
  const draw = () => {
    for (const control of sliders) control.draw({ values: store.values() });
  };
  const store = createStore({
    get: (what) => (what === "spec" ? guess : given),
    save_changes() {},
    set(_, values) {
      given = values;
      draw();
      changed();
    }
  });
  const sliders = parameters.map((part) => createSlider(part, store));
  const said = html("p", { class: "ce-gap", role: "status", tabindex: "-1" });

  function gap() {
    const guesses = parameters.map(({ symbol }) => store.values()[symbol]);
    const off = parameters.map((part, k) => position(part, guesses[k]) - position(part, truths[k]));
    const worst = off.reduce((best, one, k) => (Math.abs(one) > Math.abs(off[best]) ? k : best), 0);
    const [part, size] = [parameters[worst], Math.abs(off[worst])];
    const number = (value) => (part.integer ? countText(value) : numberText(value, digits));
    const own = (value) => (part.integer ? countText(value) : tickText(value));
    const { low, high } = track(part);
    const [from, to] = [own(guesses[worst]), number(truths[worst])].map((text) =>
      `${text}\u00a0${text === "1" ? unit.replace(/s$/, "") : unit}`.trim()
    );
    const how =
      size <= close * (high - low)
        ? "close"
        : `too ${off[worst] > 0 ? "high" : "low"} by ${part.log ? `a factor of ${numberText(10 ** size, 2)}` : number(size)}`;
    const where = over.length ? `Farthest off ${part.label}: you` : "You";
    return `${where} said ${from}, it is ${to}: ${how}. ${lesson}`;
  }

  function end(made, again) {
    closed = false;
    guessed = made;
    node.remove();
    if (made) write(said, gap());
    remembered((kept) => kept.setItem(key, JSON.stringify(made ? store.values() : 0)));
    open(at, again);
  }
  const node = html(
    "fieldset",
    { class: "ce-guess" },
    html("legend", {}, question),
    html(
      "div",
      { class: "ce-controls" },
      ...sliders.map((slider) => slider.node),
      html(
        "div",
        { class: "ce-row" },
        createButton("This is my guess", () => end(1)),
        createButton("Show me without one", () => end(0))
      )
    )
  );
  draw();
  const before = remembered((kept) => JSON.parse(kept.getItem(key)));
  return {
    node,
    said,
    // Goes on from where the reader was before the page was opened again.
    resume() {
      if (before === null) return;
      given = before || {};
      end(before ? 1 : 0, true);
    },
    values: () => ({ ...store.values(), guessed }),
    // What a hand in a panel of a closed figure moves: the guess, and never the figure.
    hand: (one) =>
      closed
        ? (x, y, view) => {
            if (one !== panel) return;
            const near = over.map((place) => Math.abs(view.x.pixel(place) - view.x.pixel(x)));
            store.set([parameters[over.length ? near.indexOf(Math.min(...near)) : 0], on === "x" ? x : y]);
          }
        : null
  };
}
