// The marks: the last of the five places of a kind of mark, which CONTRIBUTING.md lists.
//
// trace    what the mark comes to, in the units of the axes: corners (x, y), or ranges of x, or a field of values
// paint    the elements that draw a trace; colours come from the class around them, dash and marker from `role`
// joined   whether the corners are a curve, which gets runs of pixels
// named    when its name is placed, the lowest first; without it the name is not written beside the mark
// keyed    whether its name stands in the head of the panel
// hatched  whether its bars are hatched
// behind   whether it lies under the other marks

import { svg } from "./element.js";
import { over, variables } from "./expression.js";
import { FINE, continued, contours, planeOf, sampled } from "./field.js";
import { tickText } from "./number.js";
import { edges, everyStep, grid, visibleSteps } from "./sampling.js";
import { FEW, arrow, bar, curve, marker, region } from "./shape.js";

// A trace that is made again only when a value changes that it depends on: those of `wires`, but for what varies in it.
function steady(scene, panel, mark, values, wires, varying, make) {
  const needed = wires.flatMap(variables).filter((symbol) => !varying.includes(symbol));
  return scene.keep(`${panel.title} ${panel.marks.indexOf(mark)}`, values, needed, make);
}

// One made of functions of the x axis.
function alongX(scene, panel, mark, wires, make) {
  const [values, { symbol }] = [scene.at(mark.along), panel.x];
  const functions = () => wires.map((wire) => over(values, [symbol], wire));
  return steady(scene, panel, mark, values, wires, [symbol], () => make(grid(panel.x), ...functions()));
}

const pairs = (xs, y) => xs.map((x) => [x, y([x])]);
const around = (upper, lower) => ({ corners: upper.concat(lower.reverse()) });

// Where along x a mark stands that has no x of its own.
function abscissa(scene, { symbol }, { along }, step) {
  if (!along) return scene.values[symbol];
  const at = scene.sequences[along].symbols.indexOf(symbol);
  return at < 0 ? step : scene.filled(along)(step)[at][step];
}

export const MARKS = {
  line: {
    named: 2,
    joined: true,
    paint: curve,
    trace: (scene, panel, mark) => alongX(scene, panel, mark, [mark.y], (xs, y) => ({ corners: pairs(xs, y) }))
  },
  path: {
    named: 3,
    joined: true,
    paint: curve,
    trace(scene, panel, mark) {
      const { length, symbols, at: counter = "", kind } = scene.sequences[mark.along];
      const last = mark.so_far ? scene.step(mark.along) : length;
      const wires = [mark.y, mark.x ?? 0, ...scene.needs(mark.along), mark.so_far ? counter : 0];
      return steady(scene, panel, mark, scene.values, wires, mark.so_far ? symbols : [...symbols, counter], () => {
        const free = mark.x !== undefined || symbols.includes(panel.x.symbol);
        const steps = free ? everyStep(last) : visibleSteps(panel.x, last);
        const y = scene.course(mark.along, mark.y);
        const x = mark.x === undefined ? (at) => abscissa(scene, panel.x, mark, at) : scene.course(mark.along, mark.x);
        // Dashes say nothing along a path that jumps to and fro.
        return { steps, corners: steps.map((at) => [x(at), y(at)]), solid: mark.x !== undefined && kind === "draws" };
      });
    }
  },
  series: {
    named: 4,
    joined: true,
    paint: curve,
    trace: (scene, panel, mark) =>
      steady(scene, panel, mark, {}, [], [], () => ({
        corners: mark.x.map((x, at) => [x, mark.y[at]]),
        dotted: mark.x.length <= FEW
      }))
  },
  point: {
    named: 5,
    paint: () => [],
    trace(scene, panel, mark) {
      const step = mark.along ? scene.step(mark.along) : 0;
      const x = mark.x === undefined ? abscissa(scene, panel.x, mark, step) : scene.number(mark.x, mark.along);
      return { corners: [[x, scene.number(mark.y, mark.along)]], dotted: true };
    }
  },
  rule: {
    named: 1,
    trace(scene, panel, mark) {
      return { corners: [[mark.x, mark.y].map((wire) => (wire === undefined ? NaN : scene.number(wire, mark.along)))] };
    },
    paint(trace, view) {
      const [[x, y]] = trace.corners;
      const at = Number.isNaN(x) ? view.y.pixel(y) : view.x.pixel(x);
      const d = Number.isNaN(x) ? `M0,${at}H${view.width}` : `M${at},0V${view.height}`;
      return Number.isFinite(at) ? [svg("path", { d, class: "ce-rule" })] : [];
    }
  },
  span: {
    named: 0,
    behind: true,
    trace: (scene, panel, mark) =>
      alongX(scene, panel, mark, [mark.condition], (xs, holds) => ({ ranges: edges(xs, (x) => holds([x])) })),
    paint: (trace, view) =>
      trace.ranges.map(([low, high]) => {
        const [x, end] = [view.x.pixel(low), view.x.pixel(high)];
        return svg("rect", { x, y: 0, width: Math.max(0, end - x), height: view.height, class: "ce-span" });
      })
  },
  between: {
    named: 3,
    joined: true,
    behind: true,
    paint: region,
    trace: (scene, panel, mark) =>
      alongX(scene, panel, mark, [mark.low, mark.high], (xs, low, high) => around(pairs(xs, high), pairs(xs, low)))
  },
  band: {
    joined: true,
    paint: region,
    trace: (scene, panel, mark) =>
      steady(scene, panel, mark, {}, [], [], () =>
        around(
          mark.x.map((x, at) => [x, mark.high[at]]),
          mark.x.map((x, at) => [x, mark.low[at]])
        )
      )
  },
  arrow: {
    named: 4,
    joined: true,
    paint: arrow,
    trace: (scene, panel, mark) => ({
      corners: [mark.start, mark.end].map((pair) => pair.map((wire) => scene.number(wire, mark.along)))
    })
  },
  bar: {
    keyed: true,
    hatched: true,
    trace(scene, panel, { heights, along }) {
      const wires = Array.isArray(heights)
        ? heights
        : scene.spec.parameters.find(({ base }) => base === heights).symbols;
      return { corners: wires.map((wire, at) => [at, scene.number(wire, along)]) };
    },
    paint: (trace, view) =>
      trace.corners.flatMap(([at, value]) => {
        if (Number.isNaN(value)) return [];
        const { x, width } = view.slot(trace.mark, at);
        // Kept inside the panel, an infinite height too.
        const inside = (y) => Math.max(0, Math.min(view.height, view.y.pixel(y)));
        const [top, foot] = [value, Math.max(0, view.y.low)].map(inside);
        const box = { x, width, y: Math.min(top, foot), height: Math.abs(foot - top) };
        const text = {
          x: x + width / 2,
          y: value < 0 ? box.y + box.height + 14 : box.y - 6,
          class: "ce-height",
          "text-anchor": "middle"
        };
        // Beside the arrow that goes up or down in the middle.
        if (view.traces.some(({ mark }) => mark.kind === "arrow")) {
          const side = text.x > view.x.pixel(at) + 1 ? 1 : -1;
          Object.assign(text, { x: view.x.pixel(at) + 6 * side, "text-anchor": side > 0 ? "start" : "end" });
        }
        return [
          ...bar(box, view.hatches[trace.role]),
          width >= 30 ? svg("text", text, tickText(Number(value.toFixed(3)))) : null
        ];
      })
  },
  segment: {
    keyed: true,
    hatched: true,
    trace: (scene, { y }, mark) => ({
      corners: [mark.start, mark.end].map((wire) => [scene.number(wire, mark.along), y.categories.indexOf(mark.row)])
    }),
    paint(trace, view) {
      const [[start, row], [end]] = trace.corners;
      const [left, right] = [start, end].map(view.x.pixel).sort((a, b) => a - b);
      const middle = view.y.pixel(row);
      if (!(right - left > 0.5)) return [];
      const box = { x: left, width: Math.min(right, view.width) - left, y: middle - 15, height: 30 };
      const text = {
        x: left + box.width / 2,
        y: middle + 4,
        class: "ce-name ce-name-segment",
        "text-anchor": "middle"
      };
      return [
        ...bar(box, view.hatches[trace.role]),
        view.measure(trace.mark.label) + 8 <= box.width ? svg("text", text, trace.mark.label) : null
      ];
    }
  },
  heatmap: {
    keyed: true,
    behind: true,
    trace(scene, panel, mark) {
      const values = scene.at(mark.along);
      return steady(scene, panel, mark, values, [mark.value], planeOf(panel), () => {
        const field = sampled(panel, values, mark.value);
        return { field, whole: panel.kind === "triangle" ? continued(field) : field };
      });
    },
    paint(trace, view) {
      const unit = 96 * FINE;
      const transform = `translate(0,${view.height}) scale(${view.width / unit},${-view.height / unit})`;
      return [svg("path", { d: contours(trace.whole, trace.mark.levels), class: "ce-contour", transform })];
    }
  }
};

// The marks of a panel that are shown, in numbers.
export const traces = (scene, panel) =>
  panel.marks.filter(scene.shows).map((mark) => ({ mark, ...MARKS[mark.kind].trace(scene, panel, mark) }));

// The y values that an axis without fixed ends makes room for.
export function heights(found) {
  return found.flatMap(({ mark, corners = [] }) => corners.map(([, y]) => y).concat(mark.kind === "bar" ? [0] : []));
}

// The markers of points and of short series, which may stand out over the edge of the plot.
export const markers = ({ dotted, corners }, view, role) =>
  dotted ? corners.map((corner) => marker(corner, view, role)) : [];
