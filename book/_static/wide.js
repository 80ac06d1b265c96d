// A formula or a listing wider than its box can be scrolled: then it is a tab stop, and has a shadow (book.css) at each
// edge that hides something. What fits is neither: a chapter has hundreds of formulas.
{
  const wide =
    ".bd-article :is(div.math, .ce-math, .ce-reason, .ce-ledger, .pst-scrollable-table-container, .cell_output > .output, pre, " +
    ".ce-question, .ce-worked > div, .ce-options .math, .ce-working .math)";
  const hidden = (box) => {
    const rest = box.scrollWidth - box.clientWidth - Math.abs(box.scrollLeft);
    return [box.scrollLeft > 1 && "left", rest > 1 && "right"].filter(Boolean).join(" ");
  };
  const mark = (boxes) => {
    const edges = boxes.map(hidden);
    boxes.forEach((box, at) => {
      if (edges[at]) {
        box.dataset.scrolls = edges[at];
        box.tabIndex = 0;
      } else {
        delete box.dataset.scrolls;
        box.removeAttribute("tabindex");
      }
    });
  };
  const all = [...document.querySelectorAll(wide)];
  // Called at first, when the window changes, and when a fold opens.
  const sizes = new ResizeObserver((entries) =>
    requestAnimationFrame(() => mark(entries.map((entry) => entry.target)))
  );
  for (const box of all) {
    sizes.observe(box);
    box.addEventListener("scroll", () => mark([box]), { passive: true });
  }
  // A formula grows when its faces come, while its box, which is all that is observed, stays as it is. What is not yet
  // laid out is looked at when it is.
  document.fonts.addEventListener("loadingdone", () =>
    mark(all.filter((box) => box.checkVisibility({ contentVisibilityAuto: true })))
  );
}

// The page is laid out section by section, in the time that the browser has to spare: book.css lets what is out of sight wait.
{
  const waiting = [
    .../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".bd-article > section > section"))
  ];
  const soon = (next) =>
    globalThis.requestIdleCallback ? requestIdleCallback(next, { timeout: 200 }) : setTimeout(next, 1);
  const lay = () => {
    const section = waiting.shift();
    if (!section) return;
    section.style.contentVisibility = "visible";
    section.getBoundingClientRect(); // now, and not together with the next
    soon(lay);
  };
  soon(lay);
}
