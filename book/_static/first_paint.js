// Runs before anything is painted, and is a file so that a page may forbid scripts within itself.
{
  const page = document.documentElement;
  // The theme settles "auto" only when all its scripts have come: until then it would be light, with two logos.
  let mode = null;
  try { mode = localStorage.getItem("mode"); } catch { /* A browser may refuse to remember. */ }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.mode = mode ?? "auto";
  page.dataset.theme = mode === "light" || mode === "dark" ? mode : dark ? "dark" : "light";
  // Who comes to the beginning of a page need not wait for its end; who comes to a place within it must find it there.
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (!location.hash && visit?.type === "navigate") page.dataset.fresh = "";
  // Asked for now and not when the first word is laid out: most often they are there before anything is painted.
  for (const style of ["", "italic ", "bold "]) document.fonts.load(`${style}1em "Book Serif"`);
  for (const face of ["1em KaTeX_Main", "italic 1em KaTeX_Math"]) document.fonts.load(face);
}
