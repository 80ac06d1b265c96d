// The module that anywidget loads; the website loads the same with a host (see ce/bundle.py).

import { dress, html } from "./element.js";
import { describe, render } from "./figure.js";
import { numbers } from "./numbers.js";

// In a notebook there is no <figure> around it, which has a name and a caption.
function renderNamed({ model, el }) {
  const stop = render({ model, el });
  const { title, caption, prompt } = model.get("spec");
  const words = html(
    "p",
    { class: "ce-caption" },
    html("strong", {}, `${title}.`),
    ` ${caption} `,
    html("em", {}, "Try:"),
    ` ${prompt}`
  );
  describe(dress(el.lastChild, { role: "group", "aria-label": title }, [words]));
  return stop;
}

export default { render: renderNamed, numbers };
