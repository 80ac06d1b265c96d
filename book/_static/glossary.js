// Escape hides the definition of a term (book.css) until pointer or focus is on a term anew.
{
  const page = document.documentElement;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") page.dataset.ceTip = "hidden";
  });
  for (const kind of ["pointerover", "focusin"]) {
    addEventListener(kind, (event) => {
      if (!(event.target instanceof Element && event.target.closest(".ce-tip"))) delete page.dataset.ceTip;
    });
  }
}
