// The handles of bars that are dragged: sliders for the keyboard too, which stops once at all of a distribution. Left and
// right go from bar to bar, up and down move it.

import { dress, rove, svg } from "./element.js";
import { numberText } from "./number.js";

// How many steps a key moves a bar; the ends are those of its range.
const KEYS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };
const PROBABILITY = { low: 0, high: 1, step: 0.01, fine: 0.001 };

export function createHandles(part, store) {
  const handles = part.symbols.map((_, at) => createHandle(part, at, store));
  rove(handles.map(({ node }) => node));
  return handles;
}

function createHandle(part, at, store) {
  const { low, high, step, fine = step } = part.kind === "pmf" ? PROBABILITY : part;
  const grip = svg("path", { class: "ce-handle" });
  const hit = svg("rect", { class: "ce-hit" });
  const node = svg(
    "g",
    {
      class: "ce-bar-handle",
      role: "slider",
      tabindex: 0,
      "data-label": part.label,
      "aria-label": `${part.label}, ${part.names[at]}`,
      "aria-orientation": "vertical",
      "aria-valuemin": low,
      "aria-valuemax": high
    },
    hit,
    grip
  );
  let now = 0;
  const set = (value) => {
    now = Math.max(low, Math.min(high, Number((Math.round(value / fine) * fine).toPrecision(12)))); // a key may come before it is drawn
    store.setBar(part, at, now);
  };
  /** @type {any} */
  let slot = { x: NaN };
  const finger = matchMedia("(pointer: coarse)");
  node.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const move = KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    set(now + move * step);
  });
  const draw = (view) => {
    const trace = view.traces.find(({ mark }) => mark.heights === part.base);
    dress(node, { class: trace ? `ce-bar-handle ce-role-${trace.role}` : "ce-hidden" });
    slot = trace ? view.slot(trace.mark, at) : { x: NaN };
    if (!trace) return;
    now = trace.corners[at][1];
    const y = view.y.pixel(now);
    const width = Math.max(finger.matches ? 44 : 24, slot.width);
    slot.middle = [slot.x + slot.width / 2, Math.max(22, Math.min(y, view.height - 22))];
    dress(hit, { x: slot.middle[0] - width / 2, y: slot.middle[1] - 22, width, height: 44 });
    dress(grip, { d: `M${slot.x + slot.width * 0.3},${y}h${slot.width * 0.4}` });
    dress(node, { "aria-valuenow": Number(now.toFixed(3)), "aria-valuetext": numberText(now, 3) });
  };
  return { node, set, draw, slot: () => slot };
}
