"""The contrast of text with what is painted behind it, measured in the page itself.

Axe gives up where it cannot tell the background; this looks at every visible run of text. The ratio and its
bounds are those of WCAG 2.2, success criterion 1.4.3: 4.5, and 3 for large text.
"""

from __future__ import annotations

from playwright.sync_api import Page

_SCRIPT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  // Reading a canvas back is slow, and a page has few colours and many words on one ground.
  const once = (known, make) => key => known.get(key) ?? (known.set(key, make(key)), known.get(key));
  const rgba = once(new Map(), colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const over = ([r, g, b, a], below) => [r, g, b].map((x, i) => a * x + (1 - a) * below[i]);
  const behind = once(new Map([[null, [255, 255, 255]]]), element =>
    over(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement)));
  const linear = x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const weights = [0.2126, 0.7152, 0.0722];
  const luminance = rgb => rgb.reduce((sum, x, i) => sum + linear(x / 255) * weights[i], 0);
  const ratio = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const found = [];
  const check = (element, words) => {
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return;
    const style = getComputedStyle(element), below = behind(element);
    const ink = element instanceof SVGElement && style.fill !== 'none' ? style.fill : style.color;
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const contrast = ratio(over(rgba(ink), below), below);
    const where = `${element.tagName}.${element.getAttribute('class')}`;
    if (contrast < least) found.push(`${contrast.toFixed(2)}: ${words.trim().slice(0, 40)} (${where})`);
  };
  const unseen = 'script, style, noscript, title, desc, [disabled], .visually-hidden, .katex-mathml';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (text.data.trim() && box.width > 2 && box.height > 2 && !text.parentElement.closest(unseen))
      check(text.parentElement, text.data);
  }
  return found;
}"""


def too_pale(page: Page) -> list[str]:
    """Give each visible run of text whose contrast is too low, with its ratio."""
    found: list[str] = page.evaluate(_SCRIPT)
    return found
