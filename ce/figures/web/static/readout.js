// The table of numbers under the panels, which is also what a screen reader reads.

import { html, write } from "./element.js";
import { numberText, stepsText } from "./number.js";
import { key } from "./key.js";

function textOf(scene, part) {
  if (part.kind === "firstpassage") {
    const first = scene.firstPassage(part);
    return first >= 0 ? stepsText(first) : `not within ${stepsText(scene.sequences[part.along].length)}`;
  }
  const text = numberText(scene.number(part.expression, part.along), part.digits);
  return part.unit ? `${text}\u00a0${scene.words(part.unit)}` : text;
}

// A symbol at the end stays beside its word.
const together = (words) => words.replace(/ (?=\S{1,2}$)/, "\u00a0");

export function createTable(spec) {
  const unique = (names) => [...new Set(names)];
  const rows = unique(spec.readouts.map(({ label }) => label));
  const columns = unique(spec.readouts.map(({ column }) => column).filter(Boolean));
  const cells = spec.readouts.map(() => html("td"));
  const heads = rows.map(() => html("th", { scope: "row" }));
  const head = (column) => {
    const mark = spec.panels.flatMap(({ marks }) => marks).find(({ label }) => label === column);
    return html("th", { scope: "col" }, mark ? key(spec, mark) : column);
  };
  const find = (row, column) => cells[spec.readouts.findIndex((part) => part.label === row && part.column === column)];
  const body = rows.map((row, at) => {
    const whole = find(row, undefined);
    if (whole && columns.length) whole.setAttribute("colspan", columns.length);
    const rest = columns.map((column) => find(row, column) ?? html("td"));
    return html("tr", {}, heads[at], ...(whole ? [whole] : rest));
  });
  const table = html(
    "table",
    { class: "ce-table" },
    html("caption", { class: "ce-spoken" }, `Values now: ${spec.title}`),
    columns.length ? html("thead", {}, html("tr", {}, html("td"), ...columns.map(head))) : null,
    html("tbody", {}, ...body)
  );
  const status = html("div", { class: "ce-spoken", role: "status" });
  let timer = 0;
  let told = "";
  return {
    node: html("div", { class: "ce-readouts" }, table, status),
    draw(scene) {
      const texts = spec.readouts.map((part) => textOf(scene, part));
      texts.forEach((text, at) => write(cells[at], text));
      rows.forEach((row, at) => write(heads[at], together(scene.words(row))));
      // A screen reader hears numbers that have changed, once the hand rests and not at every step.
      const now = texts.join();
      if (now === told) return;
      clearTimeout(timer);
      const say = ({ label, column }, at) => [scene.words(label), column, texts[at]].filter(Boolean).join(" ");
      if (told) timer = setTimeout(() => write(status, spec.readouts.map(say).join("; ")), 800);
      told = now;
    },
    stop: () => clearTimeout(timer)
  };
}
