"""What is wrong with figures as a browser has drawn them, measured on the page."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Page

# Boxes of letters are less tall than the lines they stand in; lines are looked at every two pixels.
FAULTS = """() => {
  const along = (path) => {
    const { a, d, e, f } = path.getScreenCTM();
    const found = [];
    let last = null;
    for (const [, letter, rest] of path.getAttribute("d").matchAll(/([MLHVZ])([^MLHVZ]*)/g)) {
      const numbers = rest.split(",").map(Number);
      const to = letter === "H" ? [numbers[0], last[1]] : letter === "V" ? [last[0], numbers[0]] : numbers;
      const from = letter === "M" ? to : last;
      const count = Math.min(400, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 2)) || 1;
      for (let k = 1; k <= count; k += 1) {
        found.push([0, 1].map((i) => from[i] + ((to[i] - from[i]) * k) / count));
      }
      last = to;
    }
    return found.map(([x, y]) => [a * x + e, d * y + f]);
  };
  const box = (node, x, y) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return { left: left + x, right: right - x, top: top + y, bottom: bottom - y };
  };
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const holds = (b, [x, y]) => x > b.left && x < b.right && y > b.top && y < b.bottom;
  const faults = [];
  for (const plot of document.querySelectorAll(".ce-plot")) {
    const say = (kind, ...words) => faults.push([kind, plot.closest("figure").id, ...words].join(" | "));
    const { e, f } = plot.querySelector("g").getScreenCTM();
    const area = plot.querySelector("clipPath path").getBBox();
    const [left, top] = [e + area.x - 1, f + area.y - 1];
    const seen = { left, top, right: left + area.width + 2, bottom: top + area.height + 2 };
    const lines = [...plot.querySelectorAll("path:is(.ce-curve, .ce-rule, .ce-now)")]
      .flatMap(along).filter((dot) => holds(seen, dot));
    const markers = [...plot.querySelectorAll(".ce-marker")].map((node) => box(node, 1.5, 1.5));
    const texts = [...plot.querySelectorAll(".ce-name")].flatMap((node) =>
      (node.childElementCount ? [...node.children] : [node])
        .map((line) => ({ ...box(line, 0, 3), node, line })));
    // Whether the name of a range has no free place in it, one word in each line.
    const pen = document.createElement("canvas").getContext("2d");
    const tight = ({ node }) => {
      if (!node.matches(".ce-name-span")) return false;
      const { fontSize, fontFamily } = getComputedStyle(node);
      pen.font = `${fontSize} ${fontFamily}`;
      const words = node.textContent.split(" ");
      const width = Math.max(...words.map((word) => pen.measureText(word).width)) + 6;
      const height = 14 * words.length;
      const stripe = box(plot.querySelector(".ce-span"), 0, 0);
      const [start, end] = [Math.max(stripe.left, seen.left), Math.min(stripe.right, seen.right)];
      const others = [...markers, ...texts.filter((other) => other.node !== node)];
      for (let left = start; left + width < end; left += 2) {
        for (let { top } = seen; top + height < seen.bottom; top += 2) {
          const place = { left, top, right: left + width, bottom: top + height };
          const crossed = lines.some((dot) => holds(place, dot));
          if (!crossed && !others.some((other) => meet(other, place))) return false;
        }
      }
      return true;
    };
    texts.forEach((text, at) => {
      const words = text.line.textContent;
      if (!tight(text) && lines.some((dot) => holds(text, dot))) say("crossed", words);
      if (markers.some((marker) => meet(marker, text))) say("covered", words);
      if (texts.slice(at + 1).some((other) => meet(text, other))) say("on a name", words);
      const kind = text.node.getAttribute("class");
      const corners = [text.left, text.right]
        .flatMap((x) => [text.top, text.bottom].map((y) => new DOMPoint(x, y)));
      const within = (shape) => corners.every((corner) =>
        shape.isPointInFill(corner.matrixTransform(shape.getScreenCTM().inverse())));
      const span = kind.includes("name-span") ? ".ce-span" : null;
      const region = kind.includes("name-between") ? ".ce-band" : span;
      if (region && ![...plot.querySelectorAll(region)].some(within)) say("outside", words);
    });
    for (const node of plot.querySelectorAll(".ce-height")) {
      if (lines.some((dot) => holds(box(node, 1, 3), dot))) say("crossed", node.textContent);
    }
    const scales = new Map();
    for (const node of plot.querySelectorAll(".ce-tick")) {
      const axis = node.getAttribute("text-anchor") === "end" ? "y" : `x at ${node.getAttribute("y")}`;
      scales.set(axis, [...(scales.get(axis) ?? []), node]);
    }
    for (const [axis, nodes] of scales) {
      if (!nodes.every((node) => /^[−\\d.]+$/.test(node.textContent))) continue; // words, or powers of ten
      const shown = nodes.map((node) => node.textContent).join(" ");
      if (nodes.length < 3) say("scale", axis, shown);
      const boxes = nodes.map((node) => box(node, -1, 3));
      const meets = (one, at) => boxes.slice(at + 1).some((other) => meet(one, other));
      if (boxes.some(meets)) say("ticks meet", axis, shown);
    }
  }
  return faults;
}"""

# With every other slider and choice at one end, and the rest at another: curves that are nowhere within their plot,
# numbers that are none, and pages that have become wider than the window.
EXTREMES = """async () => {
  const found = new Set();
  const all = (node, selector) => [...node.querySelectorAll(selector)];
  for (const ends of [[0, 0], [1, 1], [0, 1], [1, 0]]) {
    for (const figure of all(document, "figure.ce-figure")) {
      all(figure, "input[type=range]").forEach((input, at) => {
        input.value = ends[at % 2] ? input.max : input.min;
        input.dispatchEvent(new Event("input"));
      });
      all(figure, ".ce-choice:has([type=radio])").forEach((group, at) => all(group, "input").at(-ends[at % 2]).click());
      figure.scrollIntoView();
      for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
      const say = (...words) => found.add([figure.id, ...words].join(" | "));
      for (const curve of all(figure, "g[clip-path] .ce-curve")) {
        const area = curve.closest("svg").querySelector("clipPath path").getBBox();
        const { x, y, width, height } = curve.getBBox();
        const across = x <= area.x + area.width && x + width >= area.x;
        const within = across && y <= area.y + area.height + 1 && y + height >= area.y - 1;
        if (!within) say("out of sight", curve.closest("[data-label]").dataset.label);
      }
      for (const text of all(figure, ".ce-live :is(text, td, th, .ce-value)")) {
        if (/NaN|Infinity|\\[object|−0(?![.\\d])/.test(text.textContent)) say("no number", text.textContent);
      }
      if (figure.scrollWidth > figure.clientWidth + 1) say("wider than its place");
    }
  }
  return [...found];
}"""


def faults(page: Page) -> list[str]:
    """Give what is wrong in the plots of a page, one line each."""
    found: list[str] = page.evaluate(FAULTS)
    return found


def faults_at_extremes(page: Page) -> list[str]:
    """Give what is wrong when all sliders and choices stand at their ends, one line each."""
    found: list[str] = page.evaluate(EXTREMES)
    return found


def kinds(page: Page) -> Counter[str]:
    """Count the faults of each kind."""
    return Counter(line.partition(" | ")[0] for line in faults(page))


def hex_of(colour: str) -> str:
    """Return a colour as the browser computes it, which has to be opaque, in hexadecimal digits."""
    channels = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")]
    assert len(channels) == 3, f"expected an opaque colour, got {colour}"
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, definition of contrast ratio).

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    bright, dim = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
