// The table of numbers under the panels, which is also what a screen reader reads.

import { html, write } from "./element.js";
import { numberText } from "./number.js";
import { swatch } from "./plot.js";

function textOf(scene, part) {
  if (part.kind === "passage") return scene.passageText(part);
  const text = numberText(scene.number(part.expression, part.along), part.digits);
  return part.unit ? `${text} ${scene.words(part.unit)}` : text;
}

export function createTable(spec) {
  const unique = (names) => [...new Set(names)];
  const rows = unique(spec.readouts.map(({ label }) => label));
  const columns = unique(spec.readouts.map(({ column }) => column).filter(Boolean));
  const cells = spec.readouts.map(() => html("td"));
  const heads = rows.map(() => html("th", { scope: "row" }));
  const head = (column) => {
    const role = spec.roles.findIndex(({ label }) => label === column);
    return html("th", { scope: "col" }, role < 0 ? null : swatch(spec, role), column);
  };
  const find = (row, column) => cells[spec.readouts.findIndex((part) => part.label === row && part.column === column)];
  const body = rows.map((row, at) => {
    const whole = find(row, undefined);
    if (whole && columns.length) whole.setAttribute("colspan", columns.length);
    const rest = columns.map((column) => find(row, column) ?? html("td"));
    return html("tr", {}, heads[at], ...(whole ? [whole] : rest));
  });
  const table = html("table", { class: "ce-table" },
    html("caption", { class: "ce-spoken" }, `Values now: ${spec.title}`),
    columns.length ? html("thead", {}, html("tr", {}, html("td"), ...columns.map(head))) : null,
    html("tbody", {}, ...body));
  const status = html("div", { class: "ce-spoken", role: "status" });
  let timer = 0;
  let drawn = false;
  return {
    node: html("div", { class: "ce-readouts" }, table, status),
    draw(scene) {
      const texts = spec.readouts.map((part) => textOf(scene, part));
      texts.forEach((text, at) => write(cells[at], text));
      rows.forEach((row, at) => write(heads[at], scene.words(row)));
      clearTimeout(timer);
      // A screen reader hears the numbers once the hand rests, not at every step.
      const say = () => (status.textContent = spec.readouts.map(({ label, column }, at) =>
        [scene.words(label), column, texts[at]].filter(Boolean).join(" ")).join("; "));
      if (drawn) timer = setTimeout(say, 800);
      drawn = true;
    },
    stop: () => clearTimeout(timer),
  };
}
