// The box of an exercise in a notebook, with the verdict of the kernel beside it.

import { el, fill } from "./box.js";

// A view is drawn before it stands in the notebook, so its place is looked for when it is seen.
function renderWidget({ model, el: home }) {
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    boxOf(model, home);
  }).observe(home);
}

// The question stands in the output above, typeset, and its box is put there; where it cannot be reached, below.
function boxOf(model, home) {
  const above = home.closest(".jp-OutputArea")?.querySelector("section.ce-exercise"),
    checker = el("p", { class: "ce-checker" });
  const section =
    above && !above.querySelector("form") ? above : home.appendChild(el("section", { class: "ce-exercise" }));
  fill(section, model.get("spec"), (_, answer, before) => {
    if (answer === model.get("answer") && before === model.get("before")) return; // its verdict stands there
    checker.textContent = "The checker is asked …";
    model.set("before", before);
    model.set("answer", answer);
    model.save_changes();
  });
  section.querySelector("form").append(checker);
  model.on("change:judged", () => (checker.textContent = `The checker: ${model.get("judged")[1]}`));
}

export default { render: renderWidget };
