// The axes of a panel.

import { svg } from "./element.js";
import { tickText, ticks } from "./number.js";

export function axes(panel, view, label) {
  const parts = [];
  const heat = panel.marks.some(({ kind }) => kind === "heatmap");
  for (const [value, text] of view.marksY) {
    const y = view.y.pixel(value);
    if (!panel.y.categories && !heat)
      parts.push(svg("path", { d: `M0,${y}H${view.width}`, class: value === 0 ? "ce-zero" : "ce-grid" }));
    parts.push(svg("text", { x: -8, y: y + 4, "text-anchor": "end", class: "ce-tick" }, text));
  }
  parts.push(svg("path", { d: `M0,${view.height}H${view.width}`, class: "ce-axis" }));
  const { categories } = panel.x;
  const marks = categories
    ? categories.map((name, at) => [at, name])
    : ticks(view.x, Math.max(3, Math.min(7, Math.floor(view.width / 55)))).map((value) => [
        value,
        tickText(value, view.x.log)
      ]);
  for (const [value, text] of marks) {
    const x = view.x.pixel(value);
    if (!categories) parts.push(svg("path", { d: `M${x},${view.height}v4`, class: "ce-axis" }));
    parts.push(svg("text", { x, y: view.height + 22, "text-anchor": "middle", class: "ce-tick" }, text));
  }
  if (label) {
    parts.push(
      svg("text", { x: view.width / 2, y: view.height + 38, "text-anchor": "middle", class: "ce-tick" }, label)
    );
  }
  return parts;
}
