// The handle of a bar that is dragged: a slider for the keyboard too.

import { dress, svg } from "./element.js";
import { numberText } from "./number.js";

// What a key adds to a probability; the ends are cut off at 0 and 1.
const KEYS = { ArrowUp: 0.01, ArrowRight: 0.01, ArrowDown: -0.01, ArrowLeft: -0.01, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 };

export function createHandle(part, at, store) {
  const grip = svg("path", { class: "ce-handle" });
  const hit = svg("rect", { class: "ce-hit" });
  const node = svg("g", { class: "ce-bar-handle", role: "slider", tabindex: 0, "aria-label": `${part.label}, ${part.names[at]}`,
                          "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 1 }, hit, grip);
  const set = (value) => store.setPmf(part, at, Math.max(0, Math.min(1, Number(value.toFixed(3)))));
  let now = 0;
  let slot = { x: NaN };
  node.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const move = KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    set(now + move);
  });
  const draw = (view) => {
    const trace = view.traces.find(({ mark }) => mark.heights === part.base);
    dress(node, { class: trace ? `ce-bar-handle ce-role-${trace.role}` : "ce-hidden" });
    slot = trace ? view.slot(trace, at) : { x: NaN };
    if (!trace) return;
    now = trace.corners[at][1];
    const y = view.y.pixel(now);
    const width = Math.max(24, slot.width);
    dress(hit, { x: slot.x + (slot.width - width) / 2, y: Math.min(y - 22, view.height - 44), width, height: 44 });
    dress(grip, { d: `M${slot.x + slot.width * 0.3},${y}h${slot.width * 0.4}` });
    dress(node, { "aria-valuenow": Number(now.toFixed(3)), "aria-valuetext": numberText(now, 3) });
  };
  return { node, set, draw, slot: () => slot };
}
