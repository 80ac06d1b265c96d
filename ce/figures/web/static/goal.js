// Whether the state has been reached that the figure's task asks for.

import { html, remembered, write } from "./element.js";
import { evaluate } from "./expression.js";

// Looked at when the hand rests, and not in a frame. What was reached stays so for the session, if the browser keeps it.
export function createGoal({ name, goal }, store) {
  const node = html("p", { class: "ce-goal", role: "status" });
  const key = `ce-goal-${name}`;
  let timer = 0;
  let done = false;
  const say = () => {
    done = true;
    write(node, `✓ Reached. ${goal.reached}`);
  };
  if (remembered((kept) => kept.getItem(key))) say();
  const look = () => {
    if (!evaluate(goal.condition, store.values())) return;
    say();
    remembered((kept) => kept.setItem(key, "1"));
  };
  const stop = () => clearTimeout(timer);
  const changed = () => {
    stop();
    if (!done) timer = setTimeout(look, 300);
  };
  return { node, changed, stop };
}
