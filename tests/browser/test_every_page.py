"""Every page of the book, wide from a server and narrow from the disk, with all that is folded opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.book_copies import ROOT
from tests.browser.visits import CUT, PAGES, READY, STOPS, TORN_OFF, WHOLE, Visit, assert_whole, go, visit, watched

# What is called otherwise than what can be read on it, for whoever says what they see (WCAG 2.5.3).
MISNAMED = """() => [...document.querySelectorAll('button, summary, a[href]')].filter(element => {
  const label = element.ariaLabel, read = element.innerText.replace(/\\s+/g, ' ').trim().toLowerCase();
  return label !== null && element.checkVisibility() && read && !label.toLowerCase().includes(read);
}).map(element => `${element.ariaLabel}: ${element.innerText}`)"""


GRADES_OUTSIDE = """() => [...document.querySelectorAll('.ce-derivation .ce-grade')].filter(grade => {
  const right = element => element.getBoundingClientRect().right;
  return grade.checkVisibility() && right(grade) > right(grade.closest('.ce-derivation'));
}).map(grade => grade.closest('.ce-derivation').id)"""
# A box that a keyboard stops at although nothing of it is hidden; the last two pixels may be blank.
NEEDLESS_STOPS = """() => [...document.querySelectorAll(
  ".bd-article :is(.katex, .math, .ce-math, .ce-reason, .ce-ledger, pre)[tabindex='0']"
)].filter(box => box.scrollWidth <= box.clientWidth + 2 && box.scrollHeight <= box.clientHeight)
  .map(box => box.outerHTML.slice(0, 80))"""
# A link in the text that is no more than coloured: no part of it is underlined.
COLOURED = """() => [...document.querySelectorAll('.bd-article :is(p, li, dd, td, figcaption) a:not(.headerlink)')]
  .filter(link => link.checkVisibility() && link.innerText.trim()
    && ![link, ...link.children].some(part => getComputedStyle(part).textDecorationLine.includes('underline')))
  .map(link => link.outerHTML.slice(0, 100))"""
SCREENS = "() => document.documentElement.scrollHeight / innerHeight"
# Where the first panel of a page's first figure ends, or the guess that it asks for first, in screens.
FIRST_FIGURE = """() => {
  const parts = [...document.querySelectorAll('.ce-figure :is(.ce-panel, .ce-guess)')];
  const first = parts.find(part => part.checkVisibility());
  return first ? (first.getBoundingClientRect().bottom + scrollY) / innerHeight : 0;
}"""
BROADEST = """() => Math.max(...[...document.querySelectorAll('.bd-article section > p')]
  .map(paragraph => paragraph.getBoundingClientRect().width))"""
# Of each figure, how wide it is and whether its caption stands beside it.
CAPTIONS = """() => [...document.querySelectorAll('.cell_output > figure.ce-figure')]
  .filter(figure => figure.checkVisibility()).map(figure => {
    const [live, caption] = ['.ce-live', '.ce-caption'].map(part => figure.querySelector(part).getBoundingClientRect());
    return [live.width, caption.left >= live.right && caption.top < live.bottom];
  })"""
FOLDS = "() => [...document.querySelectorAll('summary')].filter(fold => fold.checkVisibility()).length"
# As long as what they list.
LISTING = ["figure-gallery", "glossary", "instructors-guide", "ledger", "printed-and-refuted", "reading-a-training-log"]
LISTS = {f"book/reference/{name}" for name in LISTING}
# The first lists all pages; the others link each claim with its page, derivations, figures and exercises; each lesson
# with its figures, exercises and sections.
LINKED = {PAGES[0]: 110, "book/reference/ledger": 600, "book/reference/instructors-guide": 480}
ICONS = """() => [...document.querySelectorAll("*")].flatMap(element => ["::before", "::after"].map(part => {
  const style = getComputedStyle(element, part);
  return style.fontFamily.includes("Font Awesome 6 Free") ? style.content.replaceAll('"', "") : "none";
})).filter(content => content !== "none" && content !== "normal" && content !== "")"""

# What sticks out of a telephone's screen, and of no box that clips it.
STICKING_OUT = """() => [...document.querySelectorAll('.bd-article *')].filter(element => {
  const fits = e => e.getBoundingClientRect().right <= innerWidth + 1;
  const clips = e => getComputedStyle(e).overflowX !== 'visible' && fits(e);
  if (fits(element)) return false;
  for (let e = element.parentElement; e; e = e.parentElement) if (clips(e)) return false;
  return true;
}).map(element => element.outerHTML.slice(0, 120))"""
# What can be scrolled downwards within the page, where a wheel or a finger is caught.
SCROLLING_DOWN = """() => [...document.querySelectorAll('.bd-article *')].filter(box =>
  box.checkVisibility() && box.clientHeight && box.scrollHeight > box.clientHeight + 1
    && /auto|scroll/.test(getComputedStyle(box).overflowY)).map(box => box.outerHTML.slice(0, 120))"""
# A line of a derivation whose formula does not fit; within a fold it may go on, if it shows that it does.
CUT_LINES = """() => [...document.querySelectorAll('.ce-derivation .ce-math')].filter(line => {
  if (line.closest('.ce-ledger') || !line.checkVisibility()) return false;
  if (line.closest('details') && line.dataset.scrolls) return false;
  const right = element => element.getBoundingClientRect().right;
  const formulas = [...line.querySelectorAll('.katex-html')];
  return !formulas.length || formulas.some(formula => right(formula) > right(line) + 1);
}).map(line => `${line.closest('.ce-derivation').id}, ${line.ariaLabel}`)"""
# A link within a sentence may be as high as its line, and what only listeners meet need not be seen.
SMALL = """() => [...document.querySelectorAll(
  'button, summary, input, select, [role=slider], nav a, .prev-next-area a')]
  .filter(target => target.checkVisibility({visibilityProperty: true}) && !target.matches('.ce-spoken'))
  .filter(target => {
    const place = /radio|checkbox/.test(target.type) ? target.labels[0] : target;
    const {width, height} = place.getBoundingClientRect();
    return Math.min(width, height) < 23.99;
  }).map(target => target.outerHTML.slice(0, 100))"""
# A figure out of sight is drawn in its size when it comes into view.
DRAWN = f"""async () => {{ {WHOLE}
  for (const figure of document.querySelectorAll('.ce-figure')) {{
    figure.scrollIntoView();
    await frames();
    await frames();
  }}
}}"""
# Figures whose controls and first panel do not fit on the screen, under the header.
APART = """() => [...document.querySelectorAll('.ce-figure')].filter(figure => {
  const shown = part => [...figure.querySelectorAll(part)].find(node => node.checkVisibility());
  const [controls, panel] = ['.ce-controls', '.ce-panel'].map(shown);
  const head = document.querySelector('.bd-header-article').getBoundingClientRect().height;
  const [top, bottom] = [controls?.getBoundingClientRect().top, panel?.getBoundingClientRect().bottom];
  return bottom - top > innerHeight - head;
}).map(figure => figure.id)"""
# Marks what holds a sign or a word of a formula, one for each word and the faces asked for it; what holds two parts of
# a formula apart is a space of no width.
MARK_HOLDERS = """() => {
  const seen = new Set();
  for (const formula of document.querySelectorAll('.katex-html')) {
    const signs = document.createNodeIterator(formula, NodeFilter.SHOW_TEXT);
    for (let sign = signs.nextNode(); sign; sign = signs.nextNode()) {
      if (sign.data === '\\u200b' || !sign.parentElement.checkVisibility()) continue;
      const {fontFamily, fontStyle, fontWeight} = getComputedStyle(sign.parentElement);
      const asked = [sign.data, fontFamily, fontStyle, fontWeight].join('|');
      if (!seen.has(asked)) sign.parentElement.dataset.signs = '';
      seen.add(asked);
    }
  }
}"""
HOLDERS = ".katex-html [data-signs]"


# Goes to the first item of a row and notes at which the keyboard stops after each key; gives the tab stops.
ALONG = """row => {
  const shown = [...document.querySelectorAll(row)].filter(item => item.checkVisibility({visibilityProperty: true}));
  window.reached = [];
  const note = () => reached.push(shown.findIndex(item => item === document.activeElement && item.tabIndex === 0));
  for (const item of shown) item.addEventListener('keyup', note);
  const stops = shown.map(item => item.tabIndex);
  shown[0]?.focus();
  return stops;
}"""


def with_folds_closed(page: Page, measure: str) -> float:
    """Measure a page as it opens; its folds are opened again."""
    return float(
        page.evaluate(
            f"""() => {{
          const folds = [...document.querySelectorAll('.bd-article details[open]')];
          for (const fold of folds) fold.open = false;
          const found = ({measure})();
          for (const fold of folds) fold.open = true;
          return found;
        }}"""
        )
    )


# Opens all that is folded. The theme waits 300 ms before it looks at listings; a face of its own may have to come.
UNFOLD = """() => {
  for (const fold of document.querySelectorAll('.bd-article details')) fold.open = true;
  window.unfolded = performance.now();
}"""
UNFOLDED = f"""async () => {{
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  await new Promise(done => setTimeout(done, unfolded + 300 - performance.now()));
  {WHOLE}
}}"""


@pytest.fixture(scope="module")
def screens(tab: Visit, served_book: str, name: str) -> tuple[float, float]:
    """How many screens a page has as it opens, and where its first figure ends."""
    tab.page.set_viewport_size({"width": 1280, "height": 900})
    high = go(tab, f"{served_book}/{name}.html").page.evaluate(SCREENS)
    tab.page.set_viewport_size({"width": 1280, "height": 800})
    return high, tab.page.evaluate(FIRST_FIGURE)


@pytest.fixture(scope="module")
def other_tab(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context()
    yield watched(context)
    context.close()


@pytest.fixture(scope="module")
def unfolding(tab: Visit, screens: tuple[float, float]) -> Page:
    """A page on a large screen, which opens all its folds while another is fetched."""
    tab.page.set_viewport_size({"width": 1200, "height": 900})
    tab.page.evaluate(UNFOLD)
    return tab.page


@pytest.fixture(scope="module")
def from_disk(other_tab: Visit, unfolding: Page, built_book: Path, name: str) -> Visit:
    """A page on a telephone, from the disk; whoever looks at it says how wide that is."""
    other_tab.page.set_viewport_size({"width": 360, "height": 740})
    page = go(other_tab, f"{built_book.as_uri()}/{name}.html").page
    page.evaluate(UNFOLD)
    unfolding.evaluate(UNFOLDED)
    page.evaluate(UNFOLDED)
    return other_tab


@pytest.fixture(scope="module")
def wide(unfolding: Page, from_disk: Visit) -> Page:
    """A page on a large screen, from a server; for looking at only."""
    return unfolding


@pytest.fixture(scope="module")
def narrow(from_disk: Visit) -> Page:
    """The same, for looking at only."""
    return from_disk.page


def test_a_page_has_at_most_nine_screens_and_its_first_figure_stands_within_two(
    screens: tuple[float, float], name: str
) -> None:
    high, figure = screens
    assert name in LISTS or high <= 9, f"{high:.2f} screens"
    assert "/reference/" in name or figure <= 2, f"the first figure ends at {figure:.2f} screens"


def test_in_a_wide_window_a_caption_stands_beside_its_figure_and_text_keeps_its_measure(wide: Page) -> None:
    for width in (1600, 1200):
        wide.set_viewport_size({"width": width, "height": 900})
        for live, beside in wide.evaluate(CAPTIONS):
            assert live >= 600
            assert beside is (width == 1600)
        assert wide.evaluate(BROADEST) <= 44 * 16 + 1
        assert wide.evaluate("document.documentElement.scrollWidth") <= width


def test_what_can_be_read_on_a_control_is_in_its_name(wide: Page) -> None:
    folds = wide.locator("details.below-output > summary").all_inner_texts()
    assert not wide.evaluate(MISNAMED)
    assert all(re.match(r"(Show|Hide) the code\s+of (the figure|what is shown in) “", fold) for fold in folds), folds


def test_the_keyboard_stops_at_no_formula_that_fits(wide: Page, name: str) -> None:
    assert not wide.evaluate(NEEDLESS_STOPS)
    stops, folds = with_folds_closed(wide, STOPS), with_folds_closed(wide, FOLDS)
    # What is left are links and controls, 45 to 60 on a chapter: half of them the page's frame, terms and further
    # links, half the inputs of figures and exercises. The ledger has a link for each of its derivations and theorems.
    most = LINKED.get(name, 130 if "/reference/" in name else 60)
    assert stops - folds <= most, f"{stops:.0f} stops, {folds:.0f} of them folds"
    # Of the contents only the part around the page is open, and the others can be opened.
    parts = wide.locator(".bd-sidebar-primary details.ce-part")
    around = wide.locator(".bd-sidebar-primary details.ce-part:has(.current)").count()
    assert parts.count() == 6
    assert wide.locator(".bd-sidebar-primary details.ce-part[open]").count() == (1 if around else 6)


@pytest.mark.parametrize(
    ("row", "back", "on"),
    [(".header-article__inner button", "ArrowLeft", "ArrowRight"), ("#pst-page-toc-nav a", "ArrowUp", "ArrowDown")],
)
def test_arrow_keys_go_along_a_row_at_which_the_keyboard_stops_once(wide: Page, row: str, back: str, on: str) -> None:
    stops = wide.evaluate(ALONG, row)
    if not stops:  # a page without sections has no contents
        assert "#" in row
        return
    last = len(stops) - 1
    assert stops == [0] + [-1] * last
    for key in [on] * last + [back] * (last + 1):
        wide.keyboard.press(key)
    assert wide.evaluate("reached") == [*range(1, last + 1), *range(last - 1, -1, -1), 0]
    wide.evaluate("document.activeElement.blur()")


def test_every_icon_is_in_the_books_own_file(wide: Page) -> None:
    """An icon outside it is not shown: the theme's file, of 156 kB, is not sent."""
    style = (ROOT / "book/_static/book.css").read_text(encoding="utf8")
    (ranges,) = re.findall(r"Font Awesome 6 Free[^}]*unicode-range:([^;]*);", style)
    inside = {chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", ranges)}
    icons = wide.evaluate(ICONS)
    assert len(icons) >= 5
    assert set(icons) <= inside


def test_no_line_of_a_derivation_is_cut_on_a_wide_page(wide: Page) -> None:
    assert not wide.evaluate(CUT_LINES)


def test_a_link_in_the_text_is_underlined(wide: Page) -> None:
    assert not wide.evaluate(COLOURED)


def test_axe_finds_nothing(wide: Page) -> None:
    # What takes axe longest is measured elsewhere: contrast in both themes by `too_pale`, links by the test above.
    rules = {name: {"enabled": False} for name in ("color-contrast", "link-in-text-block")}
    results = Axe().run(wide, options={"resultTypes": ["violations"], "preload": False, "rules": rules})
    assert results.violations_count == 0, results.generate_report()


def other_faces(page: Page) -> list[str]:
    """Give the faces that formulas are set in, other than those of the book: the signs that its files lack."""
    page.evaluate(MARK_HOLDERS)
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    holders = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": HOLDERS})["nodeIds"]
    fonts = [
        font for each in holders for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": each})["fonts"]
    ]
    return sorted({font["familyName"] for font in fonts if not font["familyName"].startswith("KaTeX")})


def test_every_formula_is_set_in_the_books_own_faces(wide: Page) -> None:
    assert not other_faces(wide)


def test_a_sign_that_the_faces_lack_is_found(context: BrowserContext, served_book: str) -> None:
    page = visit(context, f"{served_book}/{PAGES[0]}.html").page
    assert not other_faces(page)
    page.locator(f".bd-article {HOLDERS}").locator("visible=true").first.evaluate("holder => holder.append('\u0436')")
    assert other_faces(page)


def test_from_the_disk_a_page_asks_no_host_and_complains_of_nothing(from_disk: Visit, built_book: Path) -> None:
    assert_whole(from_disk, built_book.as_uri())


@pytest.mark.parametrize("width", [320, 360, 412])
def test_no_formula_is_cut_without_a_way_to_the_rest_nor_parted_from_its_comma(narrow: Page, width: int) -> None:
    narrow.set_viewport_size({"width": width, "height": 740})
    narrow.evaluate(READY)
    assert not narrow.evaluate(CUT)
    assert not narrow.evaluate(GRADES_OUTSIDE)
    assert not narrow.evaluate(STICKING_OUT)
    assert not narrow.evaluate(SCROLLING_DOWN)
    torn_off, _ = narrow.evaluate(TORN_OFF)
    assert not torn_off
    assert narrow.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_pressed_is_large_enough_for_a_finger(narrow: Page) -> None:
    narrow.set_viewport_size({"width": 360, "height": 740})
    narrow.evaluate(DRAWN)
    assert not narrow.evaluate(SMALL)


def test_on_a_telephone_the_controls_of_a_figure_and_its_plot_are_in_sight_together(narrow: Page) -> None:
    narrow.set_viewport_size({"width": 360, "height": 740})
    assert not narrow.evaluate(APART)
