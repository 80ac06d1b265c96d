// Runs before anything is painted, and is a file so that a page may forbid scripts within itself.
{
  const page = document.documentElement;
  // A browser may refuse to remember, and the theme's scripts end where it does: there the page remembers for itself.
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      globalThis[name].getItem("mode");
    } catch {
      const kept = new Map();
      Object.defineProperty(globalThis, name, {
        value: {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, text) => kept.set(key, text),
          removeItem: (key) => kept.delete(key)
        }
      });
    }
  }
  // The theme settles "auto" only when all its scripts have come: until then it would be light, with two logos.
  const mode = localStorage.getItem("mode");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.mode = mode ?? "auto";
  page.dataset.theme = mode === "light" || mode === "dark" ? mode : dark ? "dark" : "light";
  // Who comes to the beginning of a page need not wait for its end; who comes to a place within it must find it there.
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (!location.hash && visit?.type === "navigate") page.dataset.fresh = "";
  // Faces are asked for now and not when the first word is laid out. The page shows itself once they are there, or has
  // waited half a second for them: in another face lines break elsewhere, and what is below them would move.
  const text = ["", "italic ", "bold "].map((style) => `${style}1em "Book Serif"`);
  const faces = [...text, "1em KaTeX_Main", "italic 1em KaTeX_Math"].map((face) => document.fonts.load(face));
  const show = () => {
    delete page.dataset.unset;
  };
  page.dataset.unset = "";
  Promise.allSettled(faces).then(show);
  setTimeout(show, 500);
  // Where the script of the figures does not come, their pictures do, which <noscript> holds as text.
  addEventListener(
    "error",
    ({ target }) => {
      if (!(target instanceof HTMLScriptElement && target.src.includes("/figure.js"))) return;
      for (const still of document.querySelectorAll(".ce-figure noscript")) still.outerHTML = still.textContent;
    },
    true
  );
}
