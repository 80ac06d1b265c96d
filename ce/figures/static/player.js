// The button that plays a slider from where it stands to its end.

import { html } from "./element.js";
import { position, track, unposition } from "./store.js";

const TRAVEL = 8000; // milliseconds from one end to the other

export function createPlayer(part, store) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const node = html("button", { type: "button", class: "ce-button", "aria-label": `Play ${part.label}` }, "Play");
  const { low, high } = track(part);
  let frame = 0;
  let sent = NaN;
  const say = (word) => {
    node.textContent = word;
    node.setAttribute("aria-label", `${word} ${part.label}`);
  };
  const send = (at) => {
    store.set(part, unposition(part, at));
    sent = store.values()[part.symbol];
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    say("Play");
  };
  const advance = (from, began) => (now) => {
    if (store.values()[part.symbol] !== sent) return stop(); // the reader took over
    const at = Math.min(high, from + ((high - low) * (now - (began ?? now))) / TRAVEL);
    send(at);
    frame = requestAnimationFrame(advance(from, began ?? now));
    return at < high || stop();
  };
  node.addEventListener("click", () => {
    const now = position(part, store.values()[part.symbol]);
    if (frame) stop();
    else if (still.matches) send(high);
    else {
      send(now >= high - 1e-9 ? low : now);
      say("Pause");
      frame = requestAnimationFrame(advance(position(part, sent)));
    }
  });
  return { node, stop };
}
