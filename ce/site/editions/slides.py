"""Make a deck of slides of each chapter, from the chapter's own page: ``make slides``.

A deck is a reveal.js presentation beside the site, whose figures, formulas and styles it shares. Of the prose, a slide
shows the first paragraph of a section, words that are explained, conditions that are dropped, formulas, lists and
tables; the rest is what the speaker says, and stands in the notes, as does what the instructor's guide has for the
chapter and its figures.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page

from ce.site.editions.paper import opened_page
from ce.site.figures import page_of_figure

HTML = Path("_build/html")
REVEAL = Path("node_modules/reveal.js")
GUIDE = "book/reference/instructors-guide.html"
_OF_REVEAL = ("dist/reveal.js", "dist/reveal.css", "dist/plugin/notes.js", "LICENSE")
_OURS = ("deck.js", "deck.css")
# What a slide shows besides the first paragraph of its section.
_SHOWN = {"ul", "ol", "table", "blockquote"}
# What only a page needs.
_DROPPED = "script, .headerlink, .section-number, .ce-sr, .copybtn, .visually-hidden"
_DECK = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – slides</title>
<link rel="stylesheet" href="../_static/site.css">
<link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="reveal/deck.css">
<script src="../_static/first_paint.js"></script>
<script defer src="reveal/reveal.js"></script>
<script defer src="reveal/notes.js"></script>
<script defer src="reveal/deck.js"></script>
</head>
<body>
<div class="reveal"><div class="slides bd-article">
{slides}
</div></div>
</body>
</html>
"""


@dataclass
class Slide:
    """A slide: its HTML, what kind it is, and what the speaker sees."""

    html: str
    kind: str = "text"
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the slide as reveal.js reads it."""
        notes = f'<aside class="notes">{_plain("".join(self.notes))}</aside>' if self.notes else ""
        return f'<section class="ce-slide ce-{self.kind}-slide">{self.html}{notes}</section>'


def _plain(notes: str) -> str:
    """Return notes with formulas as MathML alone, no tips and no links: the speaker's window is for reading only."""
    soup = BeautifulSoup(notes, "html.parser")
    for link in soup("a"):
        link.unwrap()
    for formula in soup.select(".katex:has(math)"):
        formula.replace_with(formula.math or "")
    for unseen in soup.select("annotation, .ce-tip"):
        unseen.decompose()
    return soup.decode_contents()


def lessons(html: Path) -> dict[Path, Tag]:
    """Find the pages of a built site on which the instructor's guide has a lesson, each with that section of it."""
    guide = BeautifulSoup((html / GUIDE).read_text(encoding="utf8"), "html.parser")
    for node in guide.select(_DROPPED):
        node.decompose()
    taught = {}
    for link in guide.select("h2 a[href]"):
        page = html / posixpath.normpath(posixpath.join(posixpath.dirname(GUIDE), str(link["href"])))
        section = link.find_parent("section")
        if section:
            taught[page] = section
    return taught


def slides_of(article: Tag, guide: Tag | None = None) -> list[Slide]:
    """Return the slides of a chapter.

    Parameters
    ----------
    article
        The element of the page that holds the chapter; it is taken to pieces.
    guide
        The section of the instructor's guide on it.

    Raises
    ------
    ValueError
        When the page has no heading.
    """
    for exercise in article.select(".ce-exercise"):
        exercise["data-kind"] = json.loads(exercise.script.get_text())["kind"] if exercise.script else ""
    for figure in article.select(".ce-figure"):
        if figure.script and "guess" in json.loads(figure.script.get_text()):
            figure["data-guess"] = ""
    for node in article.select(_DROPPED):
        node.decompose()
    top = article.find("section")
    heading = article.find("h1")
    if not isinstance(top, Tag) or heading is None:
        raise ValueError("slides_of: expected the article of a chapter, got one without a heading: build the book anew")
    lead = next((child for child in top.find_all("p", recursive=False)), None)
    first = Slide(f"<h1>{heading.decode_contents()}</h1>" + (str(lead) if lead else ""), "first", _said_before(guide))
    if lead:
        lead.decompose()
    return [first, *_of_section(top, "", guide)]


def _of_section(section: Tag, heading: str, guide: Tag | None) -> Iterator[Slide]:
    """Give the slides of a section with what the guide says of it; figures and exercises have words of their own."""
    hints = _hints(guide, section.get("id"))
    for slide in _slides(section, heading, guide):
        if slide.kind not in {"figure", "poll"}:
            slide.notes[:0] = hints
        yield slide


def _hints(guide: Tag | None, name: object) -> list[str]:
    """Return what the guide says of the part of the chapter that has this id."""
    said = guide.select(f':is(li, p):has(> a[href$="#{name}"])') if guide else []
    return [f"<p>{hint.decode_contents()}</p>" for hint in said]


def _slides(section: Tag, heading: str, guide: Tag | None) -> Iterator[Slide]:
    """Give the slides of a section and of those within it; what is not shown is said with the slide that follows."""
    slide, said = Slide(heading), list[str]()
    name = str(section.get("id"))
    # The top has its paragraph on the first slide; exercises need no introduction.
    introduced = not heading or name == "exercises"
    for block in _blocks(section):
        special = _special(block, guide)
        if special or block.name == "section":
            if slide.html != heading:
                yield slide
            slide = Slide(heading)
        if special:
            special[0].notes += said
            said = []
            yield from special
        elif block.name == "section":
            yield from _of_section(block, f"<h2>{_heading(block)}</h2>", guide)
        elif _prints(block):
            if slide.kind == "listing":
                yield slide
                slide = Slide(heading)
            slide = Slide(slide.html + _listing(block), "listing", slide.notes + said)
            said, introduced = [], True
        elif block.name in _SHOWN or "math" in _classes(block) or (block.name == "p" and not introduced):
            slide.html += str(block)
            introduced = True
        elif alone := _alone(block, name, heading):
            if slide.html != heading:
                yield slide
            slide, said = Slide(alone, notes=[*_hints(guide, block.get("id")), *said]), []
        elif block.name == "p":
            (said if slide.html == heading else slide.notes).append(str(block))
    if slide.html != heading:
        yield slide


def _alone(block: Tag, section: str, heading: str) -> str:
    """Return what a slide shows of a paragraph that has one of its own: a condition that is dropped, or a word."""
    term = _term(block) if block.name == "p" else None
    if term and section.startswith("what-breaks"):
        return heading + str(block)
    if term and not heading and term.get_text().endswith("."):
        return f"<h2>{term.extract().get_text()[:-1]}</h2>{block}"
    return ""


def _blocks(parent: Tag) -> Iterator[Tag]:
    """Give what stands in a section one after the other, whatever boxes a cell has put around it."""
    for child in parent.find_all(True, recursive=False):
        classes = _classes(child)
        boxes = {"cell", "cell_output", "output", "docutils", "pst-scrollable-table-container"}
        if child.name == "div" and classes & boxes and "math" not in classes and not _prints(child):
            yield from _blocks(child)
        # What is folded on the page is for reading.
        elif child.name not in {"details", "h1", "h2", "h3", "h4", "span"}:
            yield child


def _prints(block: Tag) -> bool:
    return "cell" in _classes(block) and block.select_one(".stream") is not None


def _classes(block: Tag) -> set[str]:
    return set(block.get_attribute_list("class"))


def _heading(section: Tag) -> str:
    heading = section.find(["h2", "h3", "h4"])
    return heading.decode_contents() if heading else ""


def _term(paragraph: Tag) -> Tag | None:
    """Find the bold words that a paragraph begins with and is about, such as a condition that is dropped."""
    first = next((child for child in paragraph.children), None)
    return first if isinstance(first, Tag) and first.name == "strong" else None


def _special(block: Tag, guide: Tag | None) -> list[Slide]:
    classes = _classes(block)
    if "ce-figure" in classes:
        return [_figure(block, guide)]
    if "ce-derivation" in classes:
        return _derivation(block)
    if "ce-exercise" in classes:
        return [_poll(block, guide)]
    if "admonition" in classes and block.p:
        title = block.p.extract().get_text()
        return [Slide(f"<h2>{escape(title)}</h2>{block.decode_contents()}", "claim")]
    return []


def _listing(cell: Tag) -> str:
    """Return what a cell says and prints; that is to be guessed before it is shown."""
    for folded in cell.select("details"):
        folded.decompose()
    for printed in cell.select(".stream"):
        printed["class"] = "fragment"
    return cell.decode_contents()


def _figure(figure: Tag, guide: Tag | None) -> Slide:
    name = str(figure["id"]).removeprefix("figure-")
    caption = figure.figcaption
    title = caption.strong.get_text().rstrip(".") if caption and caption.strong else name
    asks = " data-guess" if "data-guess" in figure.attrs else ""
    frame = f'<iframe src="../{page_of_figure(name)}.html?present" title="{escape(title)}"{asks}></iframe>'
    said = [f"<p>{caption.decode_contents()}</p>"] if caption else []
    return Slide(frame, "figure", [*_hints(guide, figure["id"]), *said])


def _derivation(block: Tag) -> list[Slide]:
    """Return a slide that shows line after line, and one that shows, each when asked for, what fails."""
    failures = [counter.extract() for counter in block.select("details.ce-counter")]
    for code in block.select("details, .ce-formalised"):
        code.decompose()
    for line in block.select(".ce-line")[1:]:
        line["class"] = "ce-line fragment"
    for last in block.select(".ce-conclusion"):
        last["class"] = "ce-conclusion fragment"
    title = block.select_one(".ce-title > strong")
    slides = [Slide(str(block), "derivation")]
    if failures:
        for item in (item for counter in failures for item in counter.select("li")):
            item["class"] = "fragment"
        for summary in (counter.summary for counter in failures if counter.summary):
            summary.name = "h3"
        lists = "".join(counter.decode_contents() for counter in failures)
        slides.append(Slide(f"<h2>{title.decode_contents() if title else ''}</h2>{lists}", "counter"))
    return slides


def _poll(exercise: Tag, guide: Tag | None) -> Slide:
    """Return a question whose answer is hidden until it is asked for."""
    kind = exercise.get("data-kind")
    worked = exercise.select_one(".ce-worked > div")
    answer = f'<div class="fragment ce-answer">{worked.decode_contents()}</div>' if worked else ""
    # The lines of a proof that the reader is to find are no options.
    for part in exercise.select(".ce-worked, .ce-options" if kind == "formula" else ".ce-worked"):
        part.decompose()
    for label in exercise.select(".ce-question > strong:first-child"):
        label.decompose()
    title = "Show of hands" if kind == "choice" else "Work it out, then compare"
    notes = _hints(guide, exercise["id"]) + ([f"<p>Answer: {worked.decode_contents()}</p>"] if worked else [])
    return Slide(f"<h2>{title}</h2>{exercise.decode_contents()}{answer}", "poll", notes)


def _said_before(guide: Tag | None) -> list[str]:
    return (
        [str(child) for child in guide.find_all(True, recursive=False) if child.name not in {"h2", "span"}]
        if guide
        else []
    )


def deck(page: Path, html: Path, guide: Tag | None = None) -> str:
    """Return the deck of a chapter as HTML, for a file in the folder ``slides`` of the site."""
    text = page.read_text(encoding="utf8")
    # From a file in ``slides`` the chapter's own links and pictures are elsewhere.
    here = page.relative_to(html).parent.as_posix()
    text = re.sub(r'(?<= href=")(?=[^"#:]+\.html)(?!\w+:)', f"../{here}/", text)
    soup = BeautifulSoup(re.sub(r'(?<= src=")(?:\.\./)+', "../", text), "html.parser")
    article = soup.select_one("article.bd-article")
    if article is None:
        raise ValueError(f"deck: expected a page of the book, got {page}")
    heading = soup.h1.get_text().rstrip("#") if soup.h1 else page.stem
    slides = slides_of(article, guide)
    return _DECK.format(title=escape(heading), slides="\n".join(map(str, slides)))


def write_decks(html: Path, reveal: Path, taught: Mapping[Path, Tag]) -> list[Path]:
    """Write the decks of chapters, and what they all need, into the folder ``slides`` of the site.

    Parameters
    ----------
    html
        The built site.
    reveal
        The folder of the npm package reveal.js.
    taught
        The pages of the chapters, and what the guide says of each.
    """
    folder = html / "slides"
    (folder / "reveal").mkdir(parents=True, exist_ok=True)
    for name in _OF_REVEAL:
        shutil.copyfile(reveal / name, folder / "reveal" / name.rpartition("/")[2])
    for name in _OURS:
        text = files("ce.site.editions").joinpath("static", name).read_text(encoding="utf8")
        (folder / "reveal" / name).write_text(text, encoding="utf8")
    written = []
    for page, guide in taught.items():
        written.append(folder / page.name)
        written[-1].write_text(deck(page, html, guide), encoding="utf8")
    return written


def print_deck(page: Page, path: Path) -> Path:
    """Print a deck, a slide to a page, into a PDF beside it.

    Figures stand as they begin. What is to be answered, guessed or foretold has a page of its own, before the one that
    shows what comes out.
    """
    page.emulate_media(media="screen")
    page.goto(f"{path.resolve().as_uri()}?print-pdf")
    page.wait_for_selector("html[data-deck=ready]")
    for frame in page.locator("iframe").all():
        # A figure is laid out while it can be seen.
        frame.scroll_into_view_if_needed()
        fitted = frame.content_frame.locator("html[data-fits]")
        fitted.wait_for(state="attached")
        if frame.get_attribute("data-guess") == "opened":
            frame.content_frame.get_by_role("button", name="Show me without one").click()
            frame.content_frame.locator(".ce-live:not(.ce-closed)").wait_for()
            # Two frames on, it knows whether what has come needs smaller letters.
            fitted.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            fitted.wait_for(state="attached")
    target = path.with_suffix(".pdf")
    page.pdf(path=target, prefer_css_page_size=True, print_background=True, tagged=True)
    return target


def main() -> int:
    """Write a deck of each chapter of the built book, and its PDF; give the exit code."""
    if not (HTML / "index.html").is_file():
        print(f"Expected the built book at {HTML}: run `make book` first, from the book's folder.")
        return 1
    with opened_page() as page:
        for path in write_decks(HTML, REVEAL, lessons(HTML)):
            print(f"Wrote {path} and {print_deck(page, path).name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
