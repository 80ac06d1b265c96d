// The shapes of marks in pixels.

import { svg } from "./element.js";

export const MARKERS = {
  circle: "M5,0A5,5 0 1 1 -5,0A5,5 0 1 1 5,0Z",
  square: "M-4.5,-4.5H4.5V4.5H-4.5Z",
  triangle: "M0,-5.8L5.4,4.2H-5.4Z",
  diamond: "M0,-6L6,0L0,6L-6,0Z",
  cross: "M-5,-2H-2V-5H2V-2H5V2H2V5H-2V2H-5Z",
  star: "M0,-6.5L1.9,-2H6.4L2.8,1.1L4,6L0,3.2L-4,6L-2.8,1.1L-6.4,-2H-1.9Z"
};

export const FEW = 24;

// The corners of a curve in pixels, in runs without gaps, without those that would not be seen.
export function runs(corners, view) {
  const found = [[]];
  for (const [x, y] of corners) {
    const at = [view.x.pixel(x), view.y.pixel(y)];
    const run = found[found.length - 1];
    if (!at.every(Number.isFinite)) {
      if (run.length) found.push([]);
      continue;
    }
    at[1] = Math.max(-2000, Math.min(4000, at[1]));
    const last = run[run.length - 1];
    if (!last || Math.abs(last[0] - at[0]) + Math.abs(last[1] - at[1]) >= 0.4) run.push(at);
  }
  return found.filter((run) => run.length);
}

const outline = (run) => "M" + run.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L");

export const curve = (trace, view, role) => [
  svg("path", {
    d: trace.runs.map(outline).join(""),
    class: "ce-curve",
    "stroke-dasharray": trace.solid ? null : role.dash?.join(" ")
  })
];

export const region = (trace) => [
  svg("path", { d: trace.runs.map((run) => `${outline(run)}Z`).join(""), class: "ce-band" })
];

export const bar = (box, hatch) => [
  svg("rect", { ...box, class: "ce-bar" }),
  hatch ? svg("rect", { ...box, fill: `url(#${hatch})` }) : null
];

// A short arrow has a small head; one that could not be seen is not drawn.
export function arrow(trace, view) {
  const [[x0, y0], [x1, y1]] = trace.corners.map(([x, y]) => [view.x.pixel(x), view.y.pixel(y)]);
  const [across, down] = [x1 - x0, y1 - y0];
  const long = Math.hypot(across, down);
  if (!(long >= 2 && long < Infinity)) return [];
  const size = Math.min(1, long / 16);
  const [endX, endY] = [x1 - (across / long) * 7 * size, y1 - (down / long) * 7 * size];
  const turn = (Math.atan2(down, across) * 180) / Math.PI;
  return [
    svg("path", { d: `M${x0},${y0}L${endX},${endY}`, class: "ce-curve" }),
    svg("path", {
      d: "M0,0L-9,-4.5V4.5Z",
      class: "ce-head",
      transform: `translate(${x1},${y1}) rotate(${turn}) scale(${size})`
    })
  ];
}

export function marker([x, y], view, role) {
  const at = [view.x.pixel(x), view.y.pixel(y)];
  // A point beyond the range of the axes is not shown: at the edge it would say a wrong number.
  if (!(at[0] >= -1 && at[0] <= view.width + 1 && at[1] >= -1 && at[1] <= view.height + 1)) return null;
  return svg("path", { d: MARKERS[role.marker ?? "circle"], class: "ce-marker", transform: `translate(${at.join()})` });
}
