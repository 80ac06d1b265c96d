// A heat map: an expression on a grid of cells over the plot, as shading on a canvas and as contour lines.

import { dress, freshId, html, svg } from "./element.js";
import { over } from "./expression.js";
import { scale } from "./number.js";

const CELLS = 96;
export const TALL = Math.sqrt(3) / 2; // height of the probability triangle, its sides being 1

const centres = ({ low, high, log }) => {
  const { value } = scale({ low, high, log: log === true }, 0, CELLS);
  return Array.from({ length: CELLS }, (_, cell) => value(cell + 0.5));
};

// The probabilities at a place of the triangle.
/** @param {number[]} pmf where they are to be written */
export function barycentric(x, y, pmf = []) {
  pmf[2] = y / TALL;
  pmf[1] = x - pmf[2] / 2;
  pmf[0] = 1 - pmf[1] - pmf[2];
  return pmf;
}

// The symbols that vary over a plot.
export const planeOf = ({ x, y, symbols }) => symbols ?? [x.symbol, y.symbol];

// The values at the centres of the cells, row by row from low y.
export function sampled(panel, values, wire) {
  const flat = panel.kind !== "triangle";
  const at = over(values, planeOf(panel), wire);
  const [xs, ys] = (
    flat
      ? [panel.x, panel.y]
      : [
          { low: 0, high: 1 },
          { low: 0, high: TALL }
        ]
  ).map(centres);
  const given = [];
  const inside = (pmf) => pmf.every((mass) => mass >= 0);
  const value = (x, y) => {
    if (!flat) return inside(barycentric(x, y, given)) ? at(given) : NaN;
    [given[0], given[1]] = [x, y];
    return at(given);
  };
  return Float64Array.from({ length: CELLS * CELLS }, (_, cell) =>
    value(xs[cell % CELLS], ys[Math.floor(cell / CELLS)])
  );
}

// From 0 at the lowest level to 1 at the highest, evenly from level to level.
function shade(value, levels) {
  const above = levels.findIndex((level) => value < level);
  if (Number.isNaN(value) || above === 0) return above;
  if (above < 0) return 1;
  const [low, high] = [levels[above - 1], levels[above]];
  return (above - 1 + (value - low) / (high - low)) / (levels.length - 1);
}

// With two more cells at both ends of each row, on the straight line through the last two: shading reaches a
// slanted border then, and a contour crosses it, or runs along it, without regard to the grid.
export function continued(values) {
  const found = values.map((value) => (Number.isFinite(value) ? value : NaN));
  for (let row = 0; row < CELLS; row += 1) {
    const cells = found.subarray(row * CELLS, (row + 1) * CELLS);
    const known = (value) => !Number.isNaN(value);
    for (const [end, inward] of [
      [cells.findIndex(known), 1],
      [cells.findLastIndex(known), -1]
    ]) {
      for (const at of [end - inward, end - 2 * inward]) cells[at] = 2 * cells[at + inward] - cells[at + 2 * inward];
    }
  }
  return found;
}

// A canvas that holds how dark each place is, and a filter that gives it the colour its role has in the theme.
export function createShading(triangular) {
  const id = freshId("tint");
  const tint = svg(
    "filter",
    { id, x: 0, y: 0, width: 1, height: 1, "color-interpolation-filters": "sRGB" },
    svg("feFlood", { "flood-color": "currentColor" }),
    svg("feComposite", { operator: "in", in2: "SourceAlpha" })
  );
  const canvas = html("canvas", {
    width: CELLS,
    height: CELLS,
    class: triangular ? "ce-field ce-triangle" : "ce-field"
  });
  canvas.style.filter = `url(#${id})`;
  let painted = null;
  const paint = (values, { levels, dark }) => {
    const context = canvas.getContext("2d");
    const image = context.createImageData(CELLS, CELLS);
    values.forEach((value, cell) => {
      const depth = shade(value, levels);
      const opacity = Number.isNaN(value) ? 0 : 0.04 + 0.5 * (dark === "high" ? depth : 1 - depth);
      image.data[4 * ((CELLS - 1 - Math.floor(cell / CELLS)) * CELLS + (cell % CELLS)) + 3] = 255 * opacity;
    });
    context.putImageData(image, 0, 0);
  };
  const draw = (trace, { left, top, width, height, total }) => {
    canvas.hidden = !trace;
    if (!trace) return;
    dress(tint, { class: trace.look });
    const share = (part, axis) => `${(100 * part) / total[axis]}%`;
    Object.assign(canvas.style, {
      left: share(left, 0),
      top: share(top, 1),
      width: share(width, 0),
      height: share(height, 1)
    });
    if (painted !== trace.whole) paint((painted = trace.whole), trace.mark);
  };
  return { canvas, tint, draw };
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1]
];
export const FINE = 100; // parts of a cell in which contours are written

// The segments of all contours by marching squares, as a path in hundredths of a cell.
export function contours(values, levels) {
  const segments = [];
  // One more row below the lowest, as far from it as that is from the next.
  const value = (cell) => (cell < 0 ? 2 * values[cell + CELLS] - values[cell + 2 * CELLS] : values[cell]);
  for (let row = -1; row < CELLS - 1; row += 1) {
    for (let column = 0; column < CELLS - 1; column += 1) {
      const cell = row * CELLS + column;
      const [a, b, c, d] = [value(cell), value(cell + 1), values[cell + CELLS + 1], values[cell + CELLS]];
      const [low, high] = [Math.min(a, b, c, d), Math.max(a, b, c, d)];
      if (!(high - low < Infinity)) continue;
      for (const level of levels)
        if (low < level && level <= high) segments.push(cut([a, b, c, d], level, column, row));
    }
  }
  return segments.join("");
}

// The line of one level through a cell, two lines at a saddle.
function cut(around, level, column, row) {
  const below = around.map((value) => value < level);
  const places = [0, 1, 2, 3]
    .filter((side) => below[side] !== below[(side + 1) % 4])
    .map((side) => {
      const [from, to] = [CORNERS[side], CORNERS[(side + 1) % 4]];
      const share = (level - around[side]) / (around[(side + 1) % 4] - around[side]);
      return [column, row].map((base, axis) =>
        Math.round(FINE * (base + 0.5 + from[axis] + share * (to[axis] - from[axis])))
      );
    });
  const middle = around.reduce((sum, value) => sum + value, 0) / 4 < level;
  if (places.length === 4 && middle !== below[0]) places.unshift(places.pop());
  let path = "";
  for (let at = 0; at < places.length; at += 2) path += `M${places[at]}L${places[at + 1]}`;
  return path;
}
