"""The built book in other shapes: one archive, slides, paper."""

from __future__ import annotations

import re
import time
from pathlib import Path
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Locator, Route, expect
from pypdf import PdfReader

from ce.site.editions import archive, paper, slides
from tests.book_copies import ROOT
from tests.browser.visits import visit


def test_one_archive_holds_the_site_and_every_licence_its_list_names(built_book: Path, tmp_path: Path) -> None:
    target = tmp_path / "book.zip"
    assert archive.write_archive(ROOT, built_book, target) == target.stat().st_size < 8_000_000
    with ZipFile(target) as packed:
        assert packed.testzip() is None
        names = {name.removeprefix("book/") for name in packed.namelist()}
        links = re.findall(r'href="([^"]+)"', packed.read("book/licences.html").decode())
        read = {link: packed.read(f"book/{link}").decode() for link in links}
    assert {path.relative_to(built_book).as_posix() for path in built_book.rglob("*") if path.is_file()} < names
    assert "Attribution 4.0" in read["licences/LICENSE-TEXT.txt"]
    for carried in ("Khan Academy", "2018, pandas", "Bootstrap", "SIL OPEN FONT LICENSE"):
        assert any(carried in text for text in read.values()), carried


def test_an_archive_that_is_too_large_is_refused_and_decks_are_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site/slides").mkdir(parents=True)
    (tmp_path / "site/slides/deck.html").touch()
    monkeypatch.setattr(archive, "LIMIT", 100)
    with pytest.raises(ValueError, match=r"expected at most 100 bytes, got \d+"):
        archive.write_archive(ROOT, tmp_path / "site", tmp_path / "book.zip")
    with ZipFile(tmp_path / "book.zip") as packed:
        assert "book/licences.html" in packed.namelist()
        assert "book/slides/deck.html" not in packed.namelist()


# The ends of all words, and of all formulas, that are to be seen on the slide.
SEEN = """() => {
  const slide = Reveal.getCurrentSlide(), ends = [];
  const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const {textContent, parentElement: box} = words.currentNode;
    if (!textContent.trim() || box.closest('.notes, .katex-mathml, .ce-tip') || !box.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    for (const {right, bottom} of range.getClientRects()) ends.push([right, bottom]);
  }
  return {size: parseFloat(slide.dataset.size ?? 100), wide: Math.max(0, ...ends.map(([right]) => right)),
    tall: Math.max(0, ...ends.map(([, bottom]) => bottom))};
}"""


@pytest.fixture(scope="module")
def site_with_decks(built_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that has what the built one has, and a deck of one chapter beside it."""
    site = tmp_path_factory.mktemp("slides") / "site"
    site.mkdir()
    for part in built_book.iterdir():
        (site / part.name).symlink_to(part)
    page = site / "book/three-names/one-procedure.html"
    slides.write_decks(site, ROOT / "node_modules/reveal.js", {page: slides.lessons(site)[page]})
    return site


@pytest.mark.parametrize(("form", "width", "height"), [("", 1280, 720), ("?4x3", 1024, 768)], ids=["wide", "4 to 3"])
def test_every_slide_fits_its_projector(
    context: BrowserContext, site_with_decks: Path, form: str, width: int, height: int
) -> None:
    page = visit(context, f"{site_with_decks.as_uri()}/slides/one-procedure.html{form}").page
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector("html[data-deck=ready]")
    count = page.evaluate("Reveal.getTotalSlides()")
    assert 12 < count < 60
    smaller = 0
    for at in range(count):
        page.evaluate(f"Reveal.slide({at})")
        page.evaluate(
            "for (const part of document.querySelectorAll('.present .fragment')) part.classList.add('visible')"
        )
        seen = page.evaluate(SEEN)
        assert seen["wide"] <= width, at
        assert seen["tall"] <= height, at
        assert seen["size"] >= 70, f"the letters of slide {at} are too small to be read from the last row"
        if seen["size"] < 100:
            smaller += 1
            enlarge = "size => Reveal.getCurrentSlide().style.setProperty('--ce-size', `${size}%`)"
            page.evaluate(enlarge, seen["size"] + 6)
            larger = page.evaluate(SEEN)
            assert larger["wide"] > width - 60 or larger["tall"] > height - 40, f"slide {at} has room for larger ones"
    assert smaller, "expected slides that do not fit as they are"


def test_a_larger_projector_shows_the_same_slides_larger(browser: Browser, site_with_decks: Path) -> None:
    seen = []
    for width, height in ((1280, 720), (1920, 1080)):
        context = browser.new_context(viewport={"width": width, "height": height})
        page = visit(context, f"{site_with_decks.as_uri()}/slides/one-procedure.html").page
        page.wait_for_selector("html[data-deck=ready]")
        seen.append(
            page.evaluate("""[...document.querySelectorAll(".ce-slide")].map(slide => [slide.dataset.size,
              ...[...slide.children].map(part => `${part.className} ${getComputedStyle(part).maxWidth}`)])""")
        )
        context.close()
    assert seen[0] == seen[1]


def test_steps_and_answers_wait_and_figures_are_live_and_give_the_keys_back(
    context: BrowserContext, site_with_decks: Path
) -> None:
    page = visit(context, f"{site_with_decks.as_uri()}/slides/one-procedure.html").page
    page.wait_for_selector("html[data-deck=ready]")

    def turn_to(kind: str) -> Locator:
        page.evaluate(
            "at => Reveal.slide(at)", page.evaluate(f"Reveal.getSlides().findIndex(s => s.matches('{kind}'))")
        )
        return page.locator(".present")

    lines = turn_to(".ce-derivation-slide").locator(".ce-line")
    expect(lines.nth(0)).to_have_css("opacity", "1")
    expect(lines.nth(1)).to_have_css("visibility", "hidden")
    page.keyboard.press("ArrowRight")
    expect(lines.nth(1)).to_have_css("visibility", "visible")
    printed = turn_to(".ce-listing-slide").locator(".fragment")
    expect(printed).to_have_css("visibility", "hidden")
    expect(page.locator(".present pre").first).to_contain_text("judge")
    page.keyboard.press("ArrowRight")
    expect(printed).to_contain_text("refuted: ")
    expect(printed).to_have_css("visibility", "visible")
    answer = turn_to(".ce-poll-slide").locator(".ce-answer")
    expect(answer).to_have_css("visibility", "hidden")
    page.keyboard.press("ArrowRight")
    expect(answer).to_have_css("visibility", "visible")
    slide = turn_to(".ce-figure-slide")
    slider = slide.locator("iframe").content_frame.get_by_role("slider").first
    value = "slider => slider.value ?? slider.ariaValueNow"  # an input, or a bar of a distribution
    before = slider.evaluate(value)
    slider.press("ArrowUp")
    assert slider.evaluate(value) != before
    number = page.evaluate("Reveal.getIndices().h")
    slider.press("Escape")
    page.wait_for_function("document.activeElement.tagName !== 'IFRAME'")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"Reveal.getIndices().h === {number + 1}")


def test_on_paper_a_question_has_a_page_before_its_answer_and_a_figure_is_shown_guessed(
    context: BrowserContext, built_book: Path, site_with_decks: Path
) -> None:
    page = site_with_decks / "book/quantity/surprise-and-entropy.html"
    guide = slides.lessons(site_with_decks)[page]
    (path,) = slides.write_decks(site_with_decks, ROOT / "node_modules/reveal.js", {page: guide})
    pages = [one.extract_text() for one in PdfReader(slides.print_deck(context.new_page(), path)).pages]
    for question, answer in (
        ("You draw one card", "32 cards apart"),
        ("doubled = ", "refuted"),
        ("How many bits of surprise", "in bits 1.295"),
    ):
        at = next(number for number, text in enumerate(pages) if question in text)
        assert answer not in pages[at]
        assert answer in pages[at + 1]


def test_a_deck_is_ready_for_paper_when_its_slides_are_pages_however_late_a_figure_comes(
    context: BrowserContext, site_with_decks: Path
) -> None:
    page = context.new_page()

    def come_late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/figures/*", come_late)
    page.goto(f"{site_with_decks.as_uri()}/slides/one-procedure.html?print-pdf", wait_until="commit")
    page.wait_for_selector("html[data-deck=ready]")
    assert page.evaluate("[...document.querySelectorAll('.ce-slide')].every(slide => slide.closest('.pdf-page'))")


def test_the_notes_are_what_the_guide_says_of_the_chapter_and_of_its_figure() -> None:
    chapter = BeautifulSoup(
        '<article><section><h1>Coins</h1><p>They fall.</p><section id="throw"><h2>Throw</h2><p>Shown:</p><p>Said.</p>'
        '<div class="cell"><div class="cell_output"><div class="output math">x = 1</div></div></div>'
        '<div class="cell"><figure class="ce-figure" id="figure-coin"><figcaption><strong>A coin.</strong></figcaption>'
        "</figure></div></section></section></article>",
        "html.parser",
    )
    guide = BeautifulSoup(
        '<section><h2><a href="coins.html">Coins</a></h2><p><b>Before.</b> Ask.</p>'
        '<ul><li>0–6 · <a href="coins.html#figure-coin">the coin</a></li>'
        '<li>6–50 · <a href="coins.html#throw">rest</a></li></ul></section>',
        "html.parser",
    )
    first, text, figure = slides.slides_of(chapter.article, guide.section)  # type: ignore[arg-type]
    told, heard = ["".join(slide.notes) for slide in (first, figure)]
    assert all(words in told for words in ("Ask.", "0–6", "6–50"))
    assert "Shown:" in text.html
    assert "x = 1" in text.html
    assert "Said." not in text.html
    assert [words in told + "".join(text.notes) + heard for words in ("Said.", "Shown:")] == [True, False]
    assert [words in "".join(text.notes) for words in ("0–6", "6–50")] == [False, True]
    assert [words in heard for words in ("0–6", "6–50")] == [True, False]


def test_every_slide_of_every_deck_has_something_for_the_speaker(built_book: Path) -> None:
    for page, guide in slides.lessons(built_book).items():
        article = BeautifulSoup(page.read_text(encoding="utf8"), "html.parser").select_one("article.bd-article")
        shown = slides.slides_of(article, guide)  # type: ignore[arg-type]
        assert not [slide.html for slide in shown if not "".join(slide.notes)], page
        # What the guide says at a derivation is said there.
        assert all("·" in slide.notes[0] for slide in shown if slide.kind in {"derivation", "counter"}), page


def test_every_page_that_the_guide_has_a_lesson_on_has_a_deck_and_a_word_a_slide(built_book: Path) -> None:
    taught = slides.lessons(built_book)
    parts = ("quantity", "three-names", "gradient", "changing-the-loss")
    chapters = {page for part in parts for page in (built_book / "book" / part).glob("*.html")}
    words = built_book / "book/before-you-start.html"
    assert set(taught) == {words, *chapters}
    deck = BeautifulSoup(slides.deck(words, built_book, taught[words]), "html.parser")
    said = [slide.h2.get_text() for slide in deck.select(".ce-slide:has(> h2)") if slide.h2]
    assert said[:3] == ["Class", "Distribution, or pmf", "Expectation"]
    (logit,) = deck.select(".ce-slide:has(> h2:-soup-contains-own('Logit'))")
    assert "any real number" in logit.get_text()
    assert not deck.select(".notes .ce-tip"), "the speaker's window has no styles to hide it"
    page = built_book / "book/quantity/kl-divergence.html"
    broken = BeautifulSoup(slides.deck(page, built_book, taught[page]), "html.parser").select(
        ":is(.ce-text-slide, .ce-listing-slide) > h2 + p"
    )
    dropped = [one.strong.get_text() for one in broken if one.strong]
    assert dropped == ["A belief of zero.", "A belief that does not sum to one."]
    page = built_book / "book/three-names/rolling-a-die.html"
    polls = BeautifulSoup(slides.deck(page, built_book, taught[page]), "html.parser").select(".ce-poll-slide")
    (order,) = [poll for poll in polls if "in order" in poll.get_text()]
    assert len(order.select(":scope > .ce-options > li")) == 4, "lines that are to be put in order are seen"


def test_the_pdf_of_a_chapter_has_all_that_its_page_claims_and_nothing_to_press(
    context: BrowserContext, built_book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "chapter.pdf"
    sheet = context.new_page()
    paper.print_pages(sheet, built_book, ["book/quantity/kl-divergence"], target)
    sheet.set_viewport_size({"width": 658, "height": 976})  # A4 within its margins
    sheet.emulate_media(media="print")
    room = "all => all.filter(one => one.checkVisibility()).map(one => one.clientWidth - one.scrollWidth)"
    assert min(sheet.eval_on_selector_all("pre", room)) >= 0, "code is cut"
    pages = PdfReader(target).pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for words in (
        "KL divergence",
        "Gibbs’ inequality",
        "Conditions:",
        "wherever",
        "both sums are 1",
        "Without “q sums to one” step 2 fails",
        "The line x − 1 is never below log x",
        "The Annals of Mathematical Statistics",
    ):
        assert words in text, words
    for words in ("Show the code", "The SymPy code", "Reset", "Worked answer", "to project or embed"):
        assert words not in text, words
    assert not any(image.name for page in pages for image in page.images), "figures are drawn as lines, not as pixels"


def test_a_sheet_of_exercises_has_room_and_no_answer_and_its_key_has_each(built_book: Path) -> None:
    sheet, key = (
        BeautifulSoup(paper.handout(built_book, "book/quantity/kl-divergence", "..", answered=answered), "html.parser")
        for answered in (False, True)
    )
    assert [text.h1.get_text(strip=True) for text in (sheet, key) if text.h1] == [
        "3.KL divergence: exercises",
        "3.KL divergence: key",
    ]
    questions = [[one.get_text() for one in text.select(".ce-question")] for text in (sheet, key)]
    assert len(questions[0]) > 5
    assert questions[0] == questions[1]
    assert not sheet.select("div.ce-worked")
    assert len(key.select(".ce-exercise > div.ce-worked")) == len(questions[1])
    assert "Warm-up." in sheet.get_text()
    assert "The page judges" not in sheet.get_text()
    with pytest.raises(ValueError, match="expected a page with exercises, got book/reference/glossary"):
        paper.handout(built_book, "book/reference/glossary", "..")


def test_links_between_the_pages_of_a_book_stay_within_its_document(built_book: Path) -> None:
    pages = ["book/quantity/cross-entropy", "book/quantity/kl-divergence"]
    text = paper.document(built_book, pages, "..", "Two pages")
    assert set(re.findall(r'<a[^>]* href="(?!https?://)([^#"]*)', text)) == {""}
    anchors = re.findall(r' id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    targets = set(re.findall(r' href="#([^"]+)"', text))
    assert len([target for target in targets if "--" not in target]) == 2
    assert targets <= set(anchors)


def test_the_contents_of_a_printed_book_say_on_which_page_each_part_begins(
    context: BrowserContext, built_book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "book.pdf"
    names = [f"book/reference/{name}" for name in ("notation", "glossary", "bibliography")]
    paper.print_pages(context.new_page(), built_book, names, target, "Three pages")
    contents, *pages = [page.extract_text() for page in PdfReader(target).pages]
    for title in ("Notation", "Glossary", "References"):
        found = re.search(rf"^{title}\s+(\d+)$", contents, re.MULTILINE)
        assert found, contents
        assert pages[int(found[1]) - 2].lstrip().startswith(title)
    assert len(pages) > 3
