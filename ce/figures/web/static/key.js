// The look of a mark, and its name with that look before it.

import { freshId, html, svg } from "./element.js";
import { MARKS } from "./mark.js";
import { MARKERS, bar, curve } from "./shape.js";

const HATCH_ANGLES = { 1: 45, 2: 0, 3: -45, 4: 90, 5: 20 }; // by role; the first has none
const NEUTRAL = -1;

export const roleOf = (spec, mark) => spec.roles.findIndex(({ label }) => label === mark.role);

export const lookOf = (role) => (role === NEUTRAL ? "ce-neutral" : `ce-role-${role}`);

const line = (d, dash) => svg("path", { d, class: "ce-curve", "stroke-dasharray": dash?.join(" ") });

const SWATCHES = {
  arrow: () => [line("M0,7H14"), svg("path", { d: "M22,7l-9,-4.5v9Z", class: "ce-head" })],
  point: ({ marker }) => [svg("path", { d: MARKERS[marker], class: "ce-marker", transform: "translate(11,7)" })]
};

export function key(spec, mark) {
  const role = roleOf(spec, mark);
  const hatch =
    MARKS[mark.kind].hatched && role in HATCH_ANGLES
      ? svg(
          "pattern",
          {
            id: freshId("hatch"),
            width: 6,
            height: 6,
            patternUnits: "userSpaceOnUse",
            patternTransform: `rotate(${HATCH_ANGLES[role]})`,
            class: lookOf(role)
          },
          svg("path", { d: "M3,0V6", class: "ce-hatch" })
        )
      : null;
  const draw =
    SWATCHES[mark.kind] ??
    (MARKS[mark.kind].paint === curve
      ? ({ dash }) => [line("M0,7H22", dash)]
      : () => bar({ x: 1, y: 2, width: 20, height: 10 }, hatch?.id));
  return html(
    "span",
    { class: "ce-key", "data-label": mark.label },
    svg(
      "svg",
      { width: 22, height: 14, class: `ce-swatch ${lookOf(role)}`, "aria-hidden": "true" },
      hatch,
      ...draw(spec.roles[role] ?? {})
    ),
    mark.label
  );
}
