// Draws a figure of ce.figures from its spec: controls, panels, names beside curves, read-outs, caption.
// A plain ES module for anywidget; the website loads it with the host as a classic script (see ce/figures/front_end.py).

import { createChoice, createSlider } from "./control.js";
import { html } from "./element.js";
import { createPanel } from "./panel.js";
import { createTable } from "./readout.js";
import { createScene } from "./scene.js";
import { createStore } from "./store.js";

const VERSION = 1;

const createCaption = ({ title, see, attempt }) =>
  html("p", { class: "ce-caption" }, html("strong", {}, `${title}.`), ` ${see} `, html("em", {}, "Try:"), ` ${attempt}`);

export function render({ model, el }) {
  const spec = model.get("spec");
  if (spec.version !== VERSION) throw new Error(`figure: expected a spec of version ${VERSION}, got ${spec.version}`);
  const store = createStore(model);
  const orbits = {};
  let frame = 0;
  const draw = () => {
    frame = 0;
    const scene = createScene(spec, orbits, store.values());
    for (const part of parts) part.draw(scene);
  };
  const changed = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const panels = spec.panels.map((panel) => createPanel(spec, panel, store, changed));
  const make = { slider: createSlider, choice: createChoice };
  const controls = spec.parameters.filter(({ kind }) => make[kind]).map((part) => make[part.kind](part, store));
  const table = spec.readouts.length ? createTable(spec) : null;
  const parts = [...controls, ...panels, ...(table ? [table] : [])];
  const reset = html("button", { type: "button", class: "ce-button" }, "Reset");
  reset.addEventListener("click", () => {
    for (const part of parts) part.stop?.();
    for (const panel of panels) panel.reset();
    store.reset();
    changed();
  });
  const captioned = el.closest("figure.ce-figure");
  el.append(
    html("div", { class: "ce-live", role: captioned ? null : "group", "aria-label": captioned ? null : spec.title },
      html("div", { class: "ce-controls" }, ...controls.map(({ node }) => node), spec.parameters.length ? reset : null),
      html("div", { class: `ce-panels ce-panels-${Math.min(panels.length, 4)}` }, ...panels.map(({ node }) => node), table?.node),
      captioned ? null : createCaption(spec)));
  const resize = () => {
    for (const panel of panels) panel.resize();
    changed();
  };
  resize();
  draw();
  model.on("change:values", changed);
  const resized = new ResizeObserver(resize);
  for (const { node } of panels) resized.observe(node);
  return () => {
    cancelAnimationFrame(frame);
    resized.disconnect();
    model.off("change:values", changed);
    for (const part of parts) part.stop?.();
  };
}

export default { render };
