// The buttons that move a slider by themselves: one step, or playing from where it stands to its end.

import { html } from "./element.js";
import { position, track, unposition } from "./store.js";

const TRAVEL = 8000; // milliseconds from one end to the other

export function createPlayer(part, store) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const button = (word) =>
    html("button", { type: "button", class: "ce-button", "aria-label": `${word} ${part.label}` }, word);
  const [node, forward] = [button("Play"), button("Step")];
  const { low, high, step } = track(part);
  const now = () => store.values()[part.symbol];
  let frame = 0;
  let sent = NaN;
  const say = (word) => {
    node.textContent = word;
    node.setAttribute("aria-label", `${word} ${part.label}`);
  };
  const send = (at) => {
    store.set([part, unposition(part, at)]);
    sent = now();
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    say("Play");
  };
  const advance = (from, began) => (time) => {
    if (now() !== sent) return stop(); // the reader took over
    const at = Math.min(high, from + ((high - low) * (time - (began ?? time))) / TRAVEL);
    send(at);
    frame = requestAnimationFrame(advance(from, began ?? time));
    return at < high || stop();
  };
  const go = () => (frame = requestAnimationFrame(advance(position(part, sent))));
  node.addEventListener("click", () => {
    const at = position(part, now());
    if (frame) stop();
    else if (still.matches) send(high);
    else {
      send(at >= high - 1e-9 ? low : at);
      say("Pause");
      go();
    }
  });
  forward.addEventListener("click", () => {
    stop();
    if (part.integer) store.set([part, now() + 1]);
    else send(position(part, now()) + step);
  });
  // Out of sight it rests, and goes on when it comes back.
  const hold = (hidden) => {
    cancelAnimationFrame(frame);
    if (frame && !hidden) go();
  };
  return { nodes: [node, forward], stop, hold };
}
