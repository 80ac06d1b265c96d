// A panel: head, axes, marks, names, handles.

import { axes } from "./axis.js";
import { drag } from "./drag.js";
import { dress, freshId, html, svg } from "./element.js";
import { createHandle } from "./handle.js";
import { PAINT, TRACE, heights, markers } from "./mark.js";
import { NEUTRAL, nameBoxes, names } from "./name.js";
import { limits, scale, tickText, ticks } from "./number.js";
import { runs } from "./shape.js";

const EDGE = { top: 8, right: 12, bottom: 42 };
const HATCH_ANGLES = [null, 45, 0, -45, 90, 20];

function textMeasure(node) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `12px ${getComputedStyle(node).fontFamily}`;
  return (text) => context.measureText(text).width;
}

export function swatch(spec, role, bar, hatch) {
  const shape = bar
    ? [svg("rect", { x: 1, y: 2, width: 20, height: 10, class: "ce-bar" }),
       hatch ? svg("rect", { x: 1, y: 2, width: 20, height: 10, fill: `url(#${hatch})` }) : null]
    : [svg("path", { d: "M0,7H22", class: "ce-curve", "stroke-dasharray": spec.roles[role].dash.join(" ") })];
  return svg("svg", { width: 22, height: 14, class: `ce-swatch ce-role-${role}`, "aria-hidden": "true" }, ...shape);
}

export function createPanel(spec, panel, store, changed) {
  const slider = spec.parameters.find((part) => part.kind === "slider" && part.symbol === panel.x.symbol);
  const pmfs = spec.parameters.filter((part) => part.kind === "pmf" && panel.marks.some(({ heights }) => heights === part.base));
  const bars = panel.marks.filter(({ kind }) => kind === "bar");
  const roleOf = (mark) => spec.roles.findIndex(({ label }) => label === mark.role);
  const hatches = {};
  const clip = freshId("clip");
  const opening = svg("rect");
  const definitions = svg("defs", {}, svg("clipPath", { id: clip }, opening));
  for (const role of new Set(bars.map(roleOf))) {
    if (HATCH_ANGLES[role] === null) continue;
    hatches[role] = freshId("hatch");
    definitions.append(
      svg("pattern", { id: hatches[role], width: 6, height: 6, patternUnits: "userSpaceOnUse",
                       patternTransform: `rotate(${HATCH_ANGLES[role]})`, class: `ce-role-${role}` },
        svg("path", { d: "M3,0V6", class: "ce-hatch" })));
  }
  const layers = { back: svg("g"), marks: svg("g", { "clip-path": panel.x.categories ? null : `url(#${clip})` }),
                   front: svg("g"), handles: svg("g") };
  const plot = svg("g", {}, layers.back, layers.marks, layers.front, layers.handles);
  const action = slider ? " Drag sideways to change it." : "";
  const against = panel.x.label ? ` against ${panel.x.label}` : "";
  const words = `${panel.title}: ${panel.y.label}${against}.${action}`;
  const canvas = svg("svg", { class: `ce-plot${slider ? " ce-sideways" : ""}`, role: pmfs.length ? "group" : "img",
                              "aria-label": words }, definitions, plot);
  const toggle = panel.y.log === "reader" ? html("input", { type: "checkbox" }) : null;
  if (toggle) toggle.addEventListener("change", changed);
  const head = html("div", { class: "ce-panel-head" },
    html("div", { class: "ce-title" }, panel.title),
    html("div", { class: "ce-unit" }, panel.y.label, toggle ? html("label", { class: "ce-toggle" }, toggle, "log scale") : null,
      ...bars.map((mark) => html("span", { class: "ce-key" }, swatch(spec, roleOf(mark), true, hatches[roleOf(mark)]), mark.label))));
  const node = html("div", { class: "ce-panel" }, head, canvas);
  const handles = pmfs.flatMap((part) => part.symbols.map((symbol, at) => createHandle(part, at, store)));
  layers.handles.append(...handles.map((handle) => handle.node));
  let kept = {};
  let view = null;
  let measure = null;
  let room = 320;

  function layout(scene) {
    const width = Math.max(160, room);
    const height = Math.round(Math.max(190, Math.min(300, width * 0.6)));
    const log = toggle ? toggle.checked : panel.y.log === true;
    const traces = panel.marks.filter(scene.shows).map((mark) => ({ mark, role: roleOf(mark), ...TRACE[mark.kind](scene, panel.x, mark) }));
    const range = limits(panel.y, log, heights(traces));
    const marksY = ticks(range, 5).map((value) => [value, tickText(value, log)]);
    measure ??= textMeasure(node);
    const left = Math.ceil(Math.max(...marksY.map(([, text]) => measure(text))) + 12);
    const [inner, tall] = [width - left - EDGE.right, height - EDGE.top - EDGE.bottom];
    const axis = panel.x.categories ? { low: -0.5, high: panel.x.categories.length - 0.5 } : panel.x;
    const across = scale({ ...axis, log: axis.log === true }, 0, inner);
    view = {
      traces, hatches, left, width: inner, height: tall, total: [width, height], marksY,
      x: across, now: slider ? across.pixel(scene.values[slider.symbol]) : NaN,
      y: scale(range, tall, 0),
      slot({ mark }, at) {
        const each = (inner / panel.x.categories.length) * 0.76 / bars.length;
        const shift = bars.findIndex((bar) => bar === mark) - bars.length / 2;
        return { x: view.x.pixel(at) + shift * each, width: each * 0.92 };
      },
    };
    for (const trace of traces) {
      if (!["bar", "rule", "area"].includes(trace.mark.kind)) trace.runs = runs(trace.corners, view);
    }
  }

  function draw(scene) {
    layout(scene);
    const { width, height, left, total } = view;
    dress(canvas, { viewBox: `0 0 ${total.join(" ")}`, width: total[0], height: total[1] });
    plot.setAttribute("transform", `translate(${left},${EDGE.top})`);
    dress(opening, { x: 0, y: -1, width, height: height + 2 });
    const coloured = (trace, paint) => {
      const group = { class: trace.role === NEUTRAL ? "ce-neutral" : `ce-role-${trace.role}` };
      return svg("g", group, ...paint(trace, view, spec.roles[trace.role] ?? {}));
    };
    const behind = ({ mark }) => (mark.kind === "area" ? 0 : 1);
    const drawn = view.traces.toSorted((a, b) => behind(a) - behind(b)).map((trace) => coloured(trace, PAINT[trace.mark.kind]));
    const points = view.traces.map((trace) => coloured(trace, markers));
    layers.back.replaceChildren(...axes(panel, view));
    if (slider) {
      layers.back.append(svg("path", { d: `M${view.now},0V${height}`, class: "ce-now" }),
                         svg("path", { d: `M${view.now},${height}l6,5v5h-12v-5Z`, class: "ce-grip" }));
    }
    layers.marks.replaceChildren(...drawn);
    layers.front.replaceChildren(...names(nameBoxes(view.traces, view, kept, measure)), ...points);
    for (const handle of handles) handle.draw(view);
  }

  // What a pointer at this place would move: the x slider, or the bar of a distribution under it.
  function grasp(event) {
    const place = (moved) => {
      const box = canvas.getBoundingClientRect();
      return [moved.clientX - box.left - view.left, moved.clientY - box.top - EDGE.top];
    };
    if (slider) {
      return { start: () => store.focus(slider.symbol), move: (moved) => store.set(slider, view.x.value(place(moved)[0])) };
    }
    const [x] = place(event);
    const above = ({ slot }) => event.pointerType !== "touch" && x >= slot().x && x <= slot().x + slot().width;
    const under = handles.find((handle) => handle.node.contains(event.target)) ?? handles.find(above);
    if (!under) return null;
    const start = () => under.node.focus({ preventScroll: true });
    return { start, upright: true, move: (moved) => under.set(view.y.value(place(moved)[1])) };
  }
  drag(canvas, grasp);

  // The width is told by the observer: asking for it at every frame would make the browser lay the page out twice.
  const resize = () => {
    if (node.clientWidth === room || node.clientWidth === 0) return;
    room = node.clientWidth;
    kept = {};
  };
  return { node, draw, resize, reset: () => toggle && (toggle.checked = false) };
}
