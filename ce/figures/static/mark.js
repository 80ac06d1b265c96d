// The marks: each in the units of its axes (its trace), then in pixels.

import { svg } from "./element.js";
import { over } from "./expression.js";
import { tickText } from "./number.js";
import { edges, grid, visibleSteps } from "./sampling.js";
import { FEW, curve, marker, outline } from "./shape.js";

// Each gives the corners (x, y) of a mark in the units of the axes.
export const TRACE = {
  line(scene, axis, mark) {
    const at = over(scene.values, axis.symbol, mark.y);
    return { corners: grid(axis).map((x) => [x, at(x)]) };
  },
  area(scene, axis, mark) {
    return { ranges: edges(grid(axis), over(scene.values, axis.symbol, mark.condition)) };
  },
  path(scene, axis, mark) {
    const { symbol, length } = scene.iterations[mark.along];
    const height = over(scene.values, symbol, mark.y);
    const states = scene.orbit(mark.along);
    if (axis.symbol === symbol) return { corners: Array.from(states, (state) => [state, height(state)]) };
    return { corners: visibleSteps(axis, length).map((at) => [at, height(states[at])]) };
  },
  point(scene, axis, mark) {
    let x;
    if (mark.x !== undefined) x = scene.number(mark.x, mark.along);
    else if (!mark.along) x = scene.values[axis.symbol];
    else if (scene.iterations[mark.along].symbol === axis.symbol) x = scene.state(mark.along);
    else x = scene.step(mark.along);
    return { corners: [[x, scene.number(mark.y, mark.along)]] };
  },
  rule(scene, axis, mark) {
    const end = (wire) => (wire === undefined ? NaN : scene.number(wire));
    return { corners: [[end(mark.x), end(mark.y)]] };
  },
  arrow(scene, axis, mark) {
    return { corners: [mark.start, mark.end].map((pair) => pair.map((wire) => scene.number(wire))) };
  },
  bar(scene, axis, mark) {
    const part = scene.spec.parameters.find(({ kind, base }) => kind === "pmf" && base === mark.heights);
    return { part, corners: (part ? part.symbols : mark.heights).map((wire, at) => [at, scene.number(wire)]) };
  },
  series: (scene, axis, mark) => ({ corners: mark.x.map((x, at) => [x, mark.y[at]]) }),
  band: (scene, axis, mark) => ({
    corners: mark.x.map((x, at) => [x, mark.high[at]]).concat(mark.x.map((x, at) => [x, mark.low[at]]).reverse()),
  }),
};

export function heights(traces) {
  return traces.flatMap(({ mark, corners = [] }) => corners.map(([, y]) => y).concat(mark.kind === "bar" ? [0] : []));
}

// The markers of points and of short series, which may stand out over the edge of the plot.
export function markers({ mark, corners }, view, role) {
  const dotted = mark.kind === "point" || (mark.kind === "series" && corners.length <= FEW);
  return dotted ? corners.map((corner) => marker(corner, view, role)) : [];
}

// Each gives the elements of a mark; `role` says dash and marker, the colour comes from the class around them.
export const PAINT = {
  line: (trace, view, role) => [curve(trace, view, role)],
  path: (trace, view, role) => [curve(trace, view, role)],
  series: (trace, view, role) => [curve(trace, view, role)],
  band: (trace) => [svg("path", { d: trace.runs.map((run) => `${outline(run)}Z`).join(""), class: "ce-band" })],
  area: (trace, view) =>
    trace.ranges.map(([low, high]) => {
      const [x, end] = [view.x.pixel(low), view.x.pixel(high)];
      return svg("rect", { x, y: 0, width: Math.max(0, end - x), height: view.height, class: "ce-area" });
    }),
  point: () => [],
  rule(trace, view) {
    const [[x, y]] = trace.corners;
    const d = Number.isNaN(x) ? `M0,${view.y.pixel(y)}H${view.width}` : `M${view.x.pixel(x)},0V${view.height}`;
    return [svg("path", { d, class: "ce-rule" })];
  },
  arrow(trace, view) {
    const [[x0, y0], [x1, y1]] = trace.corners.map(([x, y]) => [view.x.pixel(x), view.y.pixel(y)]);
    const turn = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
    return [
      svg("path", { d: `M${x0},${y0}L${x1},${y1}`, class: "ce-curve" }),
      svg("path", { d: "M0,0L-9,-4V4Z", class: "ce-head", transform: `translate(${x1},${y1}) rotate(${turn})` }),
    ];
  },
  bar(trace, view) {
    return trace.corners.flatMap(([at, value]) => {
      const { x, width } = view.slot(trace, at);
      // Kept inside the panel, an infinite height too.
      const inside = (y) => Math.max(0, Math.min(view.height, view.y.pixel(y)));
      const [top, foot] = [value, Math.max(0, view.y.low)].map(inside);
      const box = { x, width, y: Math.min(top, foot), height: Math.abs(foot - top) };
      const hatch = view.hatches[trace.role];
      const text = { x: x + width / 2, y: box.y - 6, class: "ce-height", "text-anchor": "middle" };
      return [
        svg("rect", { ...box, class: "ce-bar" }),
        hatch ? svg("rect", { ...box, fill: `url(#${hatch})` }) : null,
        width >= 30 ? svg("text", text, tickText(Number(value.toFixed(3)))) : null,
      ];
    });
  },
};
