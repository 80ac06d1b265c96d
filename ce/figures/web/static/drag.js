// A pointer that moves something in a plot.

// A finger that comes down may be about to scroll the page: it moves nothing until it goes sideways or taps, but for
// one that comes down on a handle made for it.
export function drag(node, grasp) {
  let held = null;
  const of = ({ pointerId }) => pointerId === held?.id; // and not a second finger
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const target = grasp(event);
    if (!target) return;
    held = {
      ...target,
      id: event.pointerId,
      moving: target.free || event.pointerType !== "touch",
      x: event.clientX,
      y: event.clientY
    };
    node.setPointerCapture(event.pointerId);
    if (!held.moving) return;
    event.preventDefault();
    held.start();
    held.move(event);
  });
  // The browser asks the whole plot whether a finger scrolls, and never the handle in it.
  node.addEventListener(
    "touchstart",
    (event) => {
      if ((held?.free || held?.upright) && event.touches.length === 1) event.preventDefault();
    },
    { passive: false }
  );
  node.addEventListener("pointermove", (event) => {
    if (!of(event)) return;
    const [across, down] = [Math.abs(event.clientX - held.x), Math.abs(event.clientY - held.y)];
    held.moving ||= held.upright ? down > 2 : across > 4 && across > down;
    if (held.moving) held.move(event);
  });
  node.addEventListener("pointerup", (event) => {
    if (!of(event)) return;
    if (held.moving || Math.hypot(event.clientX - held.x, event.clientY - held.y) < 8) held.move(event);
    held = null;
  });
  node.addEventListener("pointercancel", (event) => of(event) && (held = null));
}
