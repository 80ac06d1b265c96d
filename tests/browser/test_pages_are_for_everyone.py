"""Pages with the keyboard, in the theme that a reader chooses, and what finds text that is too pale."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator

from tests.browser.contrast import too_pale
from tests.browser.visits import PAGES, TABBED, Visit, go, visit

CONTROLS = ".ce-live :is(input, button, select, [tabindex='0'])"


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("color: #888; background: #fff", True),
        ("color: #595959; background: #fff", False),
        ("color: #888; background: #fff; font-size: 24px", False),
        ("color: rgba(0, 0, 0, 0.3); background: #fff", True),
        ("color: #fff; background: rgba(0, 0, 0, 0.4)", True),
    ],
)
def test_the_contrast_check_finds_pale_text_and_only_that(context: BrowserContext, style: str, found: bool) -> None:
    page = context.new_page()
    page.set_content(f"<body style='background: #fff'><p style='{style}'>words</p></body>")
    assert bool(too_pale(page)) is found


# Notes at which elements of a part the focus stops, and those where it cannot be seen: what has no ring and lights no
# term of a formula, or is out of sight or under the header when the next key is pressed. It begins before the part.
TOUR = f"""part => {{
  [window.stops, window.unseen, window.part] = [new Set(), [], part];
  const stops = ({TABBED})(), before = stops[stops.findIndex(stop => part.contains(stop)) - 1];
  if (before) before.focus(); else document.activeElement.blur();
  if (window.touring) return;
  window.touring = true;
  addEventListener('focusin', ({{target}}) => window.part.contains(target) && window.stops.add(target));
  addEventListener('keydown', () => {{
    const at = document.activeElement;
    if (!window.stops.has(at)) return;
    const bar = at.querySelector('.ce-hit'), style = getComputedStyle(bar ?? at);
    const {{top, bottom}} = at.getBoundingClientRect();
    const ring = bar ? style.stroke !== 'none' && parseFloat(style.strokeWidth) >= 2
      : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const lit = at.matches('.ce-spoken') && at.closest('figure').querySelector('.ce-lit');
    const header = document.querySelector('.bd-header-article').getBoundingClientRect();
    const above = at.closest('article') ? header.bottom : 0;
    if (!(ring || lit) || top > innerHeight || bottom < above) window.unseen.push(at.outerHTML.slice(0, 100));
  }}, true);
}}"""


def tabbed_through(part: Locator) -> set[str]:
    """Hold Tab until the focus has gone through, and see it at each stop; give the marks of the figure controls."""
    page = part.page
    stops = part.evaluate(f"part => ({TABBED})(part).length")
    for pause in (0, 100):  # keys may be ahead of a busy machine: then slowly, once more
        part.evaluate(TOUR)
        for _ in range(stops + 2):  # the key stays down, as a hand would have it
            page.keyboard.down("Tab")
            if pause:
                page.wait_for_timeout(pause)
        page.keyboard.up("Tab")
        if not page.evaluate("window.unseen.length"):
            break
    assert page.evaluate("window.stops.size") >= stops, "the keyboard is caught somewhere"
    assert not page.evaluate("window.unseen")
    return set(page.evaluate("[...window.stops].map(stop => stop.dataset.mark ?? null)")) - {None}


def marked(part: Locator) -> set[str]:
    """Mark each figure control that is in sight, the radio buttons of a group as one, and so the buttons of a toolbar.

    Those at which the keyboard does not stop yet are left out. Give the marks.
    """
    return set(
        part.evaluate(
            f"""part => {{
          const seen = new Set();
          return [...part.querySelectorAll("{CONTROLS}")].filter(control => {{
            if (control.disabled || !control.checkVisibility({{visibilityProperty: true}})) return false;
            if (control.type !== 'radio') return control.tabIndex === 0;
            const first = !seen.has(control.name);
            seen.add(control.name);
            return first;
          }}).map((control, index) => {{
            const group = control.type === 'radio'
              ? document.querySelectorAll(`input[name="${{control.name}}"]`) : [control];
            for (const member of group) member.dataset.mark = String(index);
            return String(index);
          }});
        }}"""
        )
    )


def test_the_keyboard_reaches_every_control_of_every_figure_and_moves_it(
    tab: Visit, served_book: str, name: str
) -> None:
    page = go(tab, f"{served_book}/{name}.html").page
    whole = page.locator("html")
    expected = marked(whole)
    assert tabbed_through(whole) == expected
    closed = page.locator("figure.ce-figure:has(.ce-closed)").evaluate_all("all => all.map(figure => figure.id)")
    for figure in (page.locator(f"[id='{each}']") for each in closed):
        figure.get_by_role("button", name="Show me without one").press("Enter")
        opened = marked(figure)
        assert tabbed_through(figure) == opened
    assert page.locator(".ce-closed").count() == 0
    for slider in page.locator(".ce-live input[type=range]:visible").element_handles():
        before = slider.input_value()
        slider.press("ArrowRight")
        if slider.input_value() == before:
            slider.press("ArrowLeft")
        assert slider.input_value() != before


def test_the_book_has_figures_to_try(built_book: Path) -> None:
    live = [name for name in PAGES if 'class="ce-figure"' in (built_book / f"{name}.html").read_text("utf8")]
    assert PAGES[0] in live, "the landing page makes its point with a figure"
    assert len(live) >= 3


def test_the_reader_can_choose_the_theme(context: BrowserContext, served_book: str) -> None:
    page = visit(context, f"{served_book}/book/index.html").page
    button = page.locator("button.theme-switch-button:visible").first
    seen = set()
    for _ in range(3):
        button.click()
        seen.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2
    while page.evaluate("document.documentElement.dataset.theme") != "dark":
        button.click()
    following = visit(context, f"{served_book}/book/before-you-start.html").page
    assert following.evaluate("document.documentElement.dataset.theme") == "dark", "the system's is light"


def test_the_button_of_a_listing_copies_its_code(context: BrowserContext, served_book: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit(context, f"{served_book}/book/quantity/kl-divergence.html").page
    listing = page.locator(".cell_input .highlight:visible").first
    listing.hover()
    listing.get_by_role("button", name="Copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == listing.locator("pre").inner_text().strip()
    assert "import" in copied


def test_searching_finds_a_page(context: BrowserContext, address: str) -> None:
    seen = visit(context, f"{address}/search.html?q=cross-entropy")
    seen.page.wait_for_selector("#search-results li a")
    assert "book/index" in " ".join(
        link.get_attribute("href") or "" for link in seen.page.locator("#search-results li a").all()
    )
    assert not seen.complaints
