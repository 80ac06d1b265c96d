// A deck: 1280 x 720, or 1024 x 768 with ?4x3 in the address. Letters of a slide are made smaller until all of it fits.

const { Reveal: deck, RevealNotes: notes } = /** @type {any} */ (globalThis);
const asked = new URLSearchParams(location.search);
const [WIDTH, HEIGHT] = asked.has("4x3") ? [1024, 768] : [1280, 720];
const ASKING = ".ce-slide:is(.ce-poll-slide, .ce-listing-slide, :has([data-guess]))";

function overflows(slide) {
  const { left, top } = slide.getBoundingClientRect();
  const parts = [
    ...slide.querySelectorAll(":scope > :not(.notes), h3, p, li, th, td, small, .ce-why, .katex-html .base")
  ];
  return parts.some((part) => {
    const box = part.getBoundingClientRect();
    return box.width > 0 && (box.right > left + WIDTH - 55 || box.bottom > top + HEIGHT - 24);
  });
}

function fit(slide) {
  slide.style.cssText = `display: block; position: absolute; width: ${WIDTH}px; height: ${HEIGHT}px`;
  let size = 100;
  while (overflows(slide) && size > 40) slide.style.setProperty("--ce-size", `${(size -= 3)}%`);
  const kept = slide.style.getPropertyValue("--ce-size");
  slide.style.cssText = kept ? `--ce-size: ${kept}` : "";
  slide.dataset.size = `${size}`;
}

// On paper nothing can wait: a question is asked on a page before the one that has the answer, in letters as large.
function ask(slide) {
  const question = slide.cloneNode(true);
  for (const answer of question.querySelectorAll(".fragment, .notes")) answer.remove();
  for (const frame of slide.querySelectorAll("iframe")) frame.dataset.guess = "opened";
  slide.before(question);
}

async function start() {
  document.documentElement.style.setProperty("--ce-slide-height", `${HEIGHT}px`);
  // All of them: a face is not asked for by what is out of sight yet, and letters of another one take more room. One
  // that stands in until another has come need not be on this machine.
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  for (const slide of document.querySelectorAll(".ce-slide:not(.ce-figure-slide)")) fit(slide);
  const printing = asked.has("print-pdf");
  if (printing) document.querySelectorAll(ASKING).forEach(ask);
  // Slides are put onto pages when all has loaded, which loads their figures once more: none is ready before.
  const reveal = document.querySelector(".reveal");
  const paged = new Promise((resolve) => (printing ? reveal.addEventListener("pdf-ready", resolve) : resolve()));
  await deck.initialize({
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    center: false,
    hash: true,
    slideNumber: "c/t",
    transition: "none",
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    plugins: [notes]
  });
  await paged;
  document.documentElement.dataset.deck = "ready";
}

// A figure is a page of its own: while a hand is on it, it has the keys, but for those that turn slides.
const KEYS = {
  Escape: () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.focus();
  },
  PageDown: () => deck.next(),
  PageUp: () => deck.prev()
};
addEventListener("message", ({ data }) => {
  if (data?.figure) KEYS[data.key]?.();
});
start();
