// A panel: two axes, of numbers or of names, and what a hand between them moves.

import { axes } from "./axis.js";
import { svg } from "./element.js";
import { heights } from "./mark.js";
import { limits, scale, tickText, ticks } from "./number.js";

const EDGE = { top: 8, right: 12, bottom: 42 };
const ROW = 48;

export function cartesian(spec, panel, store) {
  const slider = ({ symbol }) => spec.parameters.find((part) => part.kind === "slider" && part.symbol === symbol);
  const [across, up] = [slider(panel.x), slider(panel.y)];
  const plane = across && up;
  const bars = panel.marks.filter(({ kind }) => kind === "bar");
  const rows = panel.y.categories;

  function layout(scene, { traces, log, measure, highest }, room) {
    const total = [
      room,
      rows ? rows.length * ROW + EDGE.top + EDGE.bottom : Math.round(Math.max(190, Math.min(highest, room * 0.6)))
    ];
    const tall = total[1] - EDGE.top - EDGE.bottom;
    const range = rows ? { low: -0.5, high: rows.length - 0.5 } : limits(panel.y, log, heights(traces));
    const marksY = rows
      ? rows.map((name, at) => [at, name])
      : ticks(range, 5).map((value) => [value, tickText(value, log)]);
    const left = Math.ceil(Math.max(...marksY.map(([, text]) => measure(text))) + 12);
    const width = room - left - EDGE.right;
    const { categories } = panel.x;
    const ends = rows
      ? limits(
          panel.x,
          false,
          traces.flatMap(({ corners }) => corners.map(([x]) => x))
        )
      : panel.x;
    const axis = categories ? { low: -0.5, high: categories.length - 0.5 } : ends;
    const x = scale({ ...axis, log: panel.x.log === true }, 0, width);
    return {
      left,
      top: EDGE.top,
      width,
      height: tall,
      total,
      marksY,
      x,
      y: rows ? scale(range, 0, tall) : scale(range, tall, 0),
      now: across && !plane ? x.pixel(scene.values[across.symbol]) : NaN,
      slot(mark, at) {
        const each = ((width / categories.length) * 0.76) / bars.length;
        const shift = bars.indexOf(mark) - bars.length / 2;
        return { x: x.pixel(at) + shift * each, width: each * 0.92 };
      }
    };
  }

  const frame = (scene, view) => axes(panel, view, scene.words(panel.x.label));
  const now = ({ now: at, height }) => [
    svg("path", { d: `M${at},0V${height}`, class: "ce-now" }),
    svg("path", { d: `M${at},${height}l6,5v5h-12v-5Z`, class: "ce-grip" })
  ];
  const unit = (scene) => scene.words(panel.y.label);
  const words = (scene) => {
    const against = panel.x.label ? ` against ${scene.words(panel.x.label)}` : "";
    const action = plane ? " Drag or click to move it." : across ? " Drag sideways to change it." : "";
    return `${[scene.words(panel.title), unit(scene)].filter(Boolean).join(": ")}${against}.${action}`;
  };
  const moved = plane
    ? (x, y, view) => store.set([across, view.x.value(x)], [up, view.y.value(y)])
    : (x, y, view) => store.set([across, view.x.value(x)]);
  return {
    layout,
    frame,
    unit,
    words,
    now: across && !plane ? now : null,
    // Bars end within the panel by themselves; their edge and their numbers may stand out.
    opening: ({ width, height }) =>
      panel.x.categories ? `M-9,-50H${width}V${height + 50}H-9Z` : `M0,-1H${width}V${height + 1}H0Z`,
    moves: plane ? "anywhere" : across ? "sideways" : null,
    start: () => store.focus(across.symbol),
    move: across ? moved : null,
    place: plane ? ({ values }, view) => [view.x.pixel(values[across.symbol]), view.y.pixel(values[up.symbol])] : null
  };
}
