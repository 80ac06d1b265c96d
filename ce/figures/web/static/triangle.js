// The probability triangle: every distribution over three outcomes is a place in it.

import { svg } from "./element.js";
import { TALL, barycentric } from "./field.js";
import { scale } from "./number.js";

const MARGIN = { top: 22, side: 16, bottom: 26 };
const HIGHEST = 290;

export function ternary(spec, panel, store) {
  const part = spec.parameters.find(({ base, symbols }) => symbols && base === panel.base);

  function layout(scene, view, room) {
    const width = Math.min(room - 2 * MARGIN.side, HIGHEST / TALL);
    const height = width * TALL;
    return {
      left: (room - width) / 2,
      top: MARGIN.top,
      width,
      height,
      now: NaN,
      total: [room, Math.round(height + MARGIN.top + MARGIN.bottom)],
      x: scale({ low: 0, high: 1 }, 0, width),
      y: scale({ low: 0, high: TALL }, height, 0)
    };
  }

  function frame(scene, { x, y, width, height }) {
    const at = (...pmf) => `${x.pixel(pmf[1] + pmf[2] / 2)},${y.pixel(pmf[2] * TALL)}`;
    const lines = [0.2, 0.4, 0.6, 0.8].map((p) => {
      const rest = 1 - p;
      return `M${at(p, rest, 0)}L${at(p, 0, rest)}M${at(rest, p, 0)}L${at(0, p, rest)}M${at(rest, 0, p)}L${at(0, rest, p)}`;
    });
    // Below, the names grow inward, so that a long one stays inside on a phone.
    const corners = [
      [-MARGIN.side, height + 18, "start"],
      [width + MARGIN.side, height + 18, "end"],
      [width / 2, -8, "middle"]
    ];
    return [
      svg("path", { d: lines.join(""), class: "ce-grid" }),
      svg("path", { d: `M${at(1, 0, 0)}L${at(0, 1, 0)}L${at(0, 0, 1)}Z`, class: "ce-axis" }),
      ...panel.names.map((name, k) => {
        const [left, top, anchor] = corners[k];
        return svg("text", { x: left, y: top, class: "ce-corner", "text-anchor": anchor }, name);
      })
    ];
  }

  // The nearest place inside, in thousandths that sum to one: what is negative becomes zero, the others bear it alike.
  function nearest(pmf) {
    let inside = pmf;
    for (let round = 0; round < 2; round += 1) {
      const positive = inside.filter((p) => p > 0);
      const excess = (positive.reduce((sum, p) => sum + p, 0) - 1) / positive.length;
      inside = inside.map((p) => (p > 0 ? p - excess : 0));
    }
    const first = Math.round(1000 * inside[0]);
    const second = Math.min(1000 - first, Math.round(1000 * inside[1]));
    return [first, second, 1000 - first - second].map((share) => share / 1000);
  }

  const unit = () => part.label;
  return {
    layout,
    frame,
    unit,
    words: (scene) =>
      `${scene.words(panel.title)}: the triangle of ${part.label}, corners ${panel.names.join(", ")}. Drag or click to move it.`,
    opening: ({ width, height }) => `M0,${height}H${width}L${width / 2},0Z`,
    moves: "anywhere",
    start: () => {},
    move: (x, y, view) => store.setAll(part, nearest(barycentric(view.x.value(x), view.y.value(y)))),
    place({ values }, view) {
      const [, second, third] = panel.symbols.map((symbol) => values[symbol]);
      return [view.x.pixel(second + third / 2), view.y.pixel(third * TALL)];
    }
  };
}
