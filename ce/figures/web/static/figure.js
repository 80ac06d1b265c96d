// Draws a figure of ce.figures from its spec: its words, controls, panels, read-outs.

import { createButton, createChoice, createSlider, createSwitch } from "./control.js";
import { buttonRow, dress, freshId, html, write } from "./element.js";
import { createGoal } from "./goal.js";
import { createGuess, withMarks } from "./guess.js";
import { createPlot } from "./plot.js";
import { createTable } from "./readout.js";
import { createScene } from "./scene.js";
import { createStore } from "./store.js";

const VERSION = 3;
const CONTROLS = { slider: createSlider, choice: createChoice, switch: createSwitch };

// What a screen reader says of a figure as a whole.
export const describe = (node) => node.setAttribute("aria-describedby", node.querySelector(".ce-spoken").id);

export function render({ model, el }) {
  let spec = model.get("spec");
  if (spec.version !== VERSION) throw new Error(`figure: expected a spec of version ${VERSION}, got ${spec.version}`);
  const store = createStore(model);
  const kept = {};
  let frame = 0;
  let seen = true;
  let stale = true;
  const draw = (_time, shown = closed ?? parts) => {
    frame = 0;
    stale = false;
    // On paper all is drawn, but a guess that nobody has made.
    const unasked = closed && shown === parts ? { guessed: 0 } : {};
    const scene = createScene(spec, kept, { ...store.values(), ...guess?.values(), ...unasked });
    for (const part of shown) part.draw(scene);
  };
  // Out of sight nothing is drawn; what has changed meanwhile is drawn when it comes into view.
  const changed = () => {
    stale = true;
    if (seen) frame ||= requestAnimationFrame(draw);
  };
  const guess = spec.guess ? createGuess(spec, changed, open) : null;
  if (guess) {
    if (spec.guess.marks) spec = withMarks(spec, spec.guess);
    store.hand = guess.hand;
  }
  const moved = () => {
    if (alone) dress(reset, { tabindex: 0 });
    changed();
  };
  const panels = spec.panels.map((panel) => createPlot(spec, panel, store, moved));
  const controls = spec.parameters.filter(({ kind }) => CONTROLS[kind]).map((part) => CONTROLS[part.kind](part, store));
  const table = spec.readouts.length ? createTable(spec) : null;
  const goal = spec.goal ? createGoal(spec, store) : null;
  const parts = [...controls, ...panels, ...(table ? [table] : [])];
  // Of a closed figure only the panel of the guess is shown: the rest is drawn when it opens, or is printed.
  const asked = panels.filter((_, at) => at === spec.guess?.panel);
  let closed = guess && [...controls, ...asked];
  const stop = () => {
    for (const part of parts) part.stop?.();
  };
  const buttons = spec.buttons.map((button) => createButton(button.label, () => store.press(button)));
  const reset = createButton("Reset", () => {
    stop();
    for (const panel of panels) panel.reset();
    store.reset();
    changed();
  });
  const pressed = [
    ...controls.flatMap(({ buttons: own = [] }) => own),
    ...buttons,
    ...(spec.parameters.length ? [reset] : [])
  ];
  // Outside a toolbar it is no stop of the keyboard as long as there is nothing to take back.
  const alone = pressed.length < 3;
  if (alone) dress(reset, { tabindex: -1 });
  const setting = html("p", { class: "ce-setting" });
  const words = html("p", { class: "ce-spoken", id: freshId("words") });
  const live = html(
    "div",
    { class: "ce-live ce-closed" },
    words,
    setting,
    guess?.node,
    guess?.said,
    html("div", { class: "ce-controls" }, ...controls.map(({ node }) => node), buttonRow(spec.title, pressed)),
    html(
      "div",
      { class: `ce-panels ce-panels-${Math.min(panels.length, 4)}` },
      ...panels.map(({ node }) => node),
      table?.node
    ),
    goal?.node
  );
  el.append(live);
  // Shows all, at the state that the guess was about.
  function open(at, again) {
    live.classList.remove("ce-closed");
    closed = null;
    write(words, `At the start: ${spec.alt}`);
    if (!at) return;
    resize();
    store.put(at);
    draw();
    const next = live.querySelector("input, [role=slider], button") ?? guess.said;
    if (!again) next.focus({ preventScroll: true });
  }
  const resize = (width) => {
    for (const panel of panels) panel.resize(width);
  };
  // Paper shows no controls, and two panels side by side.
  const print = ({ type }) => {
    write(setting, controls.length ? `Drawn at ${controls.map(({ words }) => words()).join(", ")}.` : "");
    const paper = type === "beforeprint";
    resize(paper ? (panels[1] ? 300 : 624) : undefined);
    draw(0, paper ? parts : undefined);
  };
  const prints = ["beforeprint", "afterprint"];
  for (const type of prints) addEventListener(type, print);
  for (const { node } of asked) node.classList.add("ce-asked");
  if (!guess) open();
  resize(); // what is hidden has no size
  draw();
  guess?.resume();
  model.on("change:values", moved);
  if (goal) model.on("change:values", goal.changed);
  // In the next frame: a plot that grew while sizes are told would have Firefox complain of a loop.
  const resized = new ResizeObserver(() =>
    requestAnimationFrame(() => {
      resize();
      changed();
    })
  );
  for (const { node } of panels) resized.observe(node);
  const watched = new IntersectionObserver((entries) => {
    const now = entries.at(-1).isIntersecting;
    if (now === seen) return;
    seen = now;
    if (seen && stale) changed();
    for (const part of parts) part.hold?.(!seen);
  });
  watched.observe(el);
  return () => {
    cancelAnimationFrame(frame);
    resized.disconnect();
    watched.disconnect();
    model.off("change:values", moved);
    if (goal) {
      model.off("change:values", goal.changed);
      goal.stop();
    }
    for (const type of prints) removeEventListener(type, print);
    stop();
  };
}
