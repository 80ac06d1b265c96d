// All numbers that a figure draws at given values, for tests: the traces of each panel and the read-outs.

import { traces } from "./mark.js";
import { createScene, startValues } from "./scene.js";

export function numbers(spec, values) {
  const scene = createScene(spec, {}, { ...startValues(spec), ...values });
  const readout = (part) =>
    part.kind === "firstpassage" ? scene.firstPassage(part) : scene.number(part.expression, part.along);
  return { panels: spec.panels.map((panel) => traces(scene, panel)), readouts: spec.readouts.map(readout) };
}
