// The page of one figure: how much of it is shown, how large, and what the page around it has to know.
{
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  const embedded = asked.has("embed");
  const filling = () => asked.has("present") || document.fullscreenElement !== null;
  const all = (selector) => /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const show = () => {
    root.classList.toggle("ce-embedded", embedded && !filling());
    root.classList.toggle("ce-present", filling());
  };
  show();

  // A slide is printed as it is shown: figure.js, which comes later, is not asked to lay it out for a sheet of text.
  addEventListener("beforeprint", (event) => asked.has("present") && event.stopImmediatePropagation());

  // Finds the largest letters with which all of the figure is in the window: it is laid out anew for each size. Where
  // they are too small for a room, panels that are flatter leave more for them.
  const HIGHEST = [300, 240, 190];
  const SMALL = 34; // lines to a window, of letters that can be read from the last row
  let turn = 0;
  let fitting = false;
  const fits = () => document.body.scrollHeight <= innerHeight && root.scrollWidth <= innerWidth;
  async function tried(size) {
    root.style.fontSize = `${size}px`;
    for (let wait = 0; wait < 4; wait += 1) await frame();
    return fits();
  }
  async function fit() {
    const mine = (turn += 1);
    show();
    root.style.fontSize = "";
    root.style.removeProperty("--ce-highest");
    if (!filling() || !innerWidth) return;
    fitting = true;
    delete root.dataset.fits;
    for (const highest of HIGHEST) {
      root.style.setProperty("--ce-highest", `${highest}`);
      let [low, high] = [8, Math.max(16, innerWidth / 36)];
      while (high - low > 0.5) {
        const size = (low + high) / 2;
        const good = await tried(size);
        if (mine !== turn) return;
        [low, high] = good ? [size, high] : [low, size];
      }
      while (!(await tried(low)) && low > 8 && mine === turn) low -= 0.5;
      if (mine !== turn) return;
      if (low >= innerHeight / SMALL) break;
    }
    fitting = false;
    root.dataset.fits = "";
  }

  const tell = (said) =>
    parent !== window && parent.postMessage({ figure: document.body.dataset.figure, ...said }, "*");

  function code() {
    const address = location.href.replace(/[?#].*/, "");
    const text = (words) => words.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    const height = Math.ceil(document.querySelector("main").getBoundingClientRect().height) + 16;
    return `<iframe src="${text(address)}?embed" title="${text(document.querySelector("h1").textContent)}" width="100%" height="${height}" style="border:0" allow="fullscreen"></iframe>
<script>
addEventListener("message", ({ source, data }) => {
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === source && data.figure && data.height) frame.height = data.height;
});
</script>`;
  }

  const DEEDS = {
    fill: () => root.requestFullscreen(),
    async copy(button) {
      const area = document.querySelector("textarea");
      area.select();
      // Without a secure address there is no clipboard for scripts: the text is selected all the same.
      const done = await navigator.clipboard?.writeText(area.value).then(
        () => true,
        () => false
      );
      button.nextElementSibling.textContent = done ? "Copied." : "Selected: copy it with your keyboard.";
    }
  };

  addEventListener("DOMContentLoaded", () => {
    for (const part of all(".ce-scripted")) part.hidden = false;
    for (const note of all(".ce-on-disk")) note.hidden = location.protocol !== "file:";
    for (const button of all("[data-do]")) button.addEventListener("click", () => DEEDS[button.dataset.do](button));
    document
      .querySelector("details")
      .addEventListener("toggle", () => (document.querySelector("textarea").value = code()));
    addEventListener("resize", fit);
    document.addEventListener("fullscreenchange", fit);
    fit();
    new ResizeObserver(() => {
      if (filling()) {
        if (!fitting && !fits()) fit();
      } else tell({ height: document.body.offsetHeight });
    }).observe(document.body);
    // In slides, Escape gives the keys back to them, and what the figure has no use for turns them.
    addEventListener("keydown", ({ key }) => key === "Escape" && tell({ key }), true);
    addEventListener("keydown", ({ key }) => /^Page/.test(key) && tell({ key }));
  });
}
