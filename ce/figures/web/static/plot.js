// What a panel and a triangle have in common: head, layers, marks, names, handles, and the hand on them.

import { drag } from "./drag.js";
import { dress, freshId, html, svg, write } from "./element.js";
import { createShading } from "./field.js";
import { createHandles } from "./handle.js";
import { key, lookOf, roleOf } from "./key.js";
import { MARKS, markers, traces } from "./mark.js";
import { nameBoxes, names } from "./name.js";
import { cartesian } from "./panel.js";
import { runs } from "./shape.js";
import { ternary } from "./triangle.js";

// One canvas for all plots: to make one costs as much as to draw a panel.
let letters = null;

function textMeasure(family) {
  const font = `12px ${family}`;
  return (text) => {
    letters ??= document.createElement("canvas").getContext("2d");
    letters.font = font;
    return letters.measureText(text).width;
  };
}

// How many times larger than usual this page's letters are: a plot is laid out for the usual ones, and drawn larger.
const enlarged = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
// How high a panel may be. A page that has to show several at once, in large letters, makes it less.
const allowed = () => Number(getComputedStyle(document.documentElement).getPropertyValue("--ce-highest")) || 300;

// Puts elements into a layer and does not touch those that stand there already.
function put(layer, elements) {
  const old = [...layer.childNodes];
  const fresh = elements.map((element, at) => element !== old[at]);
  const moved = elements.some((element, at) => fresh[at] && element.parentNode === layer);
  if (moved || old.length !== elements.length) layer.replaceChildren(...elements);
  else elements.forEach((element, at) => fresh[at] && old[at].replaceWith(element));
}

// Over bars there are their numbers: the name of an arrow stands in the head there.
const inKey = (panel, { kind }) => MARKS[kind].keyed || (kind === "arrow" && panel.x?.categories);

export function createPlot(spec, panel, store, changed) {
  const kind = (panel.kind === "triangle" ? ternary : cartesian)(spec, panel, store);
  const hatches = {};
  const clip = freshId("clip");
  const opening = svg("path");
  const definitions = svg("defs", {}, svg("clipPath", { id: clip }, opening));
  const keyed = panel.marks.filter((mark) => mark.label && inKey(panel, mark));
  const keys = new Map(keyed.map((mark) => [mark.label, key(spec, mark)]));
  // Bars are filled with the pattern of their key.
  for (const mark of keyed) hatches[roleOf(spec, mark)] = keys.get(mark.label).querySelector("pattern")?.id;
  const layers = {
    back: svg("g"),
    now: svg("g"),
    marks: svg("g", { "clip-path": `url(#${clip})` }),
    names: svg("g"),
    front: svg("g"),
    handles: svg("g", { class: "ce-handles" })
  };
  const plot = svg("g", {}, ...Object.values(layers));
  const parts = spec.parameters.filter(
    (part) => part.symbols && panel.marks.some(({ heights }) => heights === part.base)
  );
  const handles = parts.flatMap((part) => createHandles(part, store));
  const spot = kind.place ? svg("circle", { r: 22, class: "ce-hit ce-spot" }) : null;
  layers.handles.append(...handles.map((handle) => handle.node), ...(spot ? [spot] : []));
  const canvas = svg(
    "svg",
    { class: `ce-plot ce-${kind.moves ?? "still"}`, role: handles.length ? "group" : "img" },
    definitions,
    plot
  );
  const toggle = panel.y?.log === "reader" ? html("input", { type: "checkbox" }) : null;
  if (toggle) toggle.addEventListener("change", changed);
  const [title, unit] = [html("div", { class: "ce-title" }), html("span")];
  const shading = panel.marks.some((mark) => mark.kind === "heatmap") ? createShading(panel.kind === "triangle") : null;
  if (shading) definitions.append(shading.tint);
  const node = html(
    "div",
    { class: "ce-panel" },
    title,
    html(
      "div",
      { class: "ce-unit" },
      unit,
      toggle ? html("label", { class: "ce-toggle" }, toggle, "log scale") : null,
      ...keys.values()
    ),
    html("div", { class: "ce-frame" }, shading?.canvas, canvas)
  );
  // What was drawn stays as long as what it was made from: of each mark its trace, of all of them the scales.
  let shown = new Map();
  let scales = "";
  let boxes = [];
  let places = "";
  let timer = 0;
  /** @type {any} */
  let view = null;
  let measure = null;
  let room = 320;
  let size = 1;
  let highest = allowed();

  // A point needs no name where its curve has it, and names do not keep away from points.
  const unnamed = ({ kind, label }) =>
    MARKS[kind].named === undefined ||
    (kind === "point" && boxes.some((box) => box.label === label && box.kind !== kind));

  function layout(scene) {
    const found = traces(scene, panel).map((trace) => {
      const role = roleOf(spec, trace.mark);
      return { ...trace, role, look: lookOf(role) };
    });
    view = { traces: found, hatches, measure, highest, log: toggle ? toggle.checked : panel.y?.log === true };
    Object.assign(view, kind.layout(scene, view, Math.max(160, room)));
    const now = JSON.stringify([view.total, view.marksY, view.x, view.y, scene.words(panel.x?.label)]);
    view.fresh = now !== scales;
    scales = now;
    const before = view.fresh ? new Map() : shown;
    shown = new Map(found.map((trace) => [trace.mark, trace]));
    view.steady = found.length === before.size;
    for (const trace of found) {
      const old = before.get(trace.mark);
      const same = old && ["corners", "ranges", "field"].every((part) => old[part] === trace[part]);
      if (same) Object.assign(trace, { runs: old.runs, element: old.element });
      else if (MARKS[trace.mark.kind].joined || trace.dotted) trace.runs = runs(trace.corners, view);
      view.steady &&= same || unnamed(trace.mark);
    }
  }

  function placeNames() {
    boxes = nameBoxes(
      view.traces.filter(({ mark }) => !inKey(panel, mark)),
      view,
      boxes
    );
    const now = JSON.stringify(boxes);
    if (now !== places) layers.names.replaceChildren(...names(boxes));
    places = now;
  }

  function draw(scene) {
    layout(scene);
    const { total } = view;
    write(title, scene.words(panel.title));
    write(unit, kind.unit(scene));
    dress(canvas, {
      viewBox: `0 0 ${total.join(" ")}`,
      width: total[0] * size,
      height: total[1] * size,
      "aria-label": kind.words(scene)
    });
    dress(plot, { transform: `translate(${view.left},${view.top})` });
    dress(opening, { d: kind.opening(view) });
    const coloured = (trace, paint) =>
      svg(
        "g",
        { class: trace.look + (trace.mark.when?.guessed ? " ce-guessed" : ""), "data-label": trace.mark.label },
        ...paint(trace, view, spec.roles[trace.role] ?? {})
      );
    const front = ({ mark }) => (MARKS[mark.kind].behind ? 0 : 1);
    for (const trace of view.traces) trace.element ??= coloured(trace, MARKS[trace.mark.kind].paint);
    if (view.fresh) layers.back.replaceChildren(...kind.frame(scene, view));
    layers.now.replaceChildren(...(kind.now?.(view) ?? []));
    put(
      layers.marks,
      view.traces.toSorted((a, b) => front(a) - front(b)).map(({ element }) => element)
    );
    // Where only the hand has moved, names make way for it when it rests.
    clearTimeout(timer);
    if (view.steady) timer = setTimeout(placeNames, 150);
    else placeNames();
    layers.front.replaceChildren(...view.traces.map((trace) => coloured(trace, markers)));
    for (const handle of handles) handle.draw(view);
    if (spot) {
      const [x, y] = kind.place(scene, view);
      dress(spot, { cx: x, cy: y });
    }
    shading?.draw(
      view.traces.find(({ field }) => field),
      view
    );
  }

  // What a pointer at this place would move: the values of the axes, or the bar under it.
  function grasp(event) {
    const place = (moved) => {
      const box = canvas.getBoundingClientRect();
      const zoom = view.total[0] / box.width;
      return [(moved.clientX - box.left) * zoom - view.left, (moved.clientY - box.top) * zoom - view.top];
    };
    const hand = store.hand?.(spec.panels.indexOf(panel));
    if (hand) {
      const move = (moved) => {
        const [x, y] = place(moved);
        hand(view.x.value(x), view.y.value(y), view);
      };
      return { start() {}, move };
    }
    if (kind.move)
      return { free: event.target === spot, start: kind.start, move: (moved) => kind.move(...place(moved), view) };
    const [x, y] = place(event);
    const above = ({ slot }) => event.pointerType !== "touch" && x >= slot().x && x <= slot().x + slot().width;
    // What a finger can hit of one bar may lie over its neighbour: the nearer one is meant.
    const away = ({ slot }) =>
      slot().middle && Math.abs(slot().middle[1] - y) <= 22 ? Math.abs(slot().middle[0] - x) : Infinity;
    const hit = handles.find(({ node }) => node.contains(event.target));
    const under = hit ? handles.reduce((best, one) => (away(one) < away(best) ? one : best), hit) : handles.find(above);
    if (!under) return null;
    const start = () => under.node.focus({ preventScroll: true });
    return { start, upright: true, move: (moved) => under.set(view.y.value(place(moved)[1])) };
  }
  drag(canvas, grasp);

  // Asked for all panels before any is drawn, and not at every frame: it makes the browser lay the page out.
  const resize = (width = node.clientWidth / enlarged()) => {
    size = enlarged();
    highest = allowed();
    measure ??= textMeasure(getComputedStyle(node).fontFamily);
    if (width === room || width === 0) return;
    room = width;
    boxes = [];
  };
  return { node, draw, resize, reset: () => toggle && (toggle.checked = false) };
}
