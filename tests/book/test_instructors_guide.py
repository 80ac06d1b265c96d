"""The instructor's guide: a lesson of fifty minutes for each chapter, in their order, and three courses."""

import html
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.book.chapter_cells import CHAPTERS, PAGES, source

GUIDE = "book/reference/instructors-guide"
TAUGHT = ["book/before-you-start", *CHAPTERS]
PARTS = ["Before", "Clock", "On the wall", "They will say", "They go wrong", "Leave out", "Board"]
FRONT, *LESSONS = re.split(r"\n\((?=teach-)", source(GUIDE))
COURSES = dict(re.findall(r"\n\(course-(\d+)\)=\n(.*?)(?=\n\(|\Z)", FRONT, re.S))


def lesson_of(page: str) -> str:
    assert len(LESSONS) == len(TAUGHT), f"{GUIDE}.md: expected {len(TAUGHT)} lessons, one a chapter, got {len(LESSONS)}"
    return LESSONS[TAUGHT.index(page)]


def needs(page: str) -> list[str]:
    """Give the pages that the paragraph “You need” of a page refers to."""
    (paragraph,) = re.findall(r"^\**You need\b.*?\n\n", source(page), re.M | re.S) or [""]
    links = re.findall(r"\{doc\}`(?:[^`<]*<)?([^`>]+)>?`", paragraph)
    there = Path("/", page).parent
    return [str((there / link).resolve().relative_to("/")) for link in links]


def clock(lesson: str) -> list[tuple[int, int]]:
    return [(int(first), int(last)) for first, last in re.findall(r"^- (\d+)–(\d+) · ", lesson, re.M)]


def adds_up(times: list[tuple[int, int]]) -> bool:
    return times[0][0] == 0 and times[-1][1] == 50 and all(a[1] == b[0] and a[0] < a[1] for a, b in pairwise(times))


def test_each_chapter_has_its_lesson_under_its_own_title_in_the_order_of_the_contents():
    headings = [re.findall(r"^(teach-\S+)\)=\n## \[(.+)\]\(\.\./(\S+)\.md\)$", lesson, re.M) for lesson in LESSONS]
    titles = [re.findall(r"^# (.+)$", source(page), re.M)[0] for page in TAUGHT]
    names = [f"teach-{page.rpartition('/')[2]}" for page in TAUGHT]
    links = [page.removeprefix("book/") for page in TAUGHT]
    assert headings == [[heading] for heading in zip(names, titles, links, strict=True)]


@pytest.mark.parametrize("page", TAUGHT)
def test_a_lesson_has_all_its_parts_and_its_minutes_add_up_to_fifty(page):
    lesson = lesson_of(page)
    assert re.findall(r"^\*\*([^*]+)\.\*\*", lesson, re.M) == PARTS
    assert adds_up(clock(lesson))
    board = re.search(r"\*\*Board\.\*\*\n\n- Left: .+?\n- Middle: .+?\n- Right: ", lesson, re.S)
    assert board, "expected a board with Left, Middle and Right"


def test_minutes_with_a_gap_or_an_end_before_fifty_are_noticed():
    assert not adds_up([(0, 6), (8, 50)])
    assert not adds_up([(0, 20), (20, 46)])
    assert not adds_up([(0, 30), (30, 20), (20, 50)])


@pytest.mark.parametrize("page", TAUGHT)
def test_a_lesson_shows_every_figure_of_its_chapter_and_no_number_that_the_chapter_has_not(page, built_book):
    text = (built_book / f"{page}.html").read_text(encoding="utf8")
    lesson = lesson_of(page)
    named = set(re.findall(r"<((?:figure|exercise)-[^>]+)>", lesson))
    there = set(re.findall(r'id="((?:figure|exercise)-[^"]+)"', text))
    assert named <= there
    assert {name for name in there if name.startswith("figure-")} <= named
    assert any(name.startswith("exercise-") for name in named) or page not in CHAPTERS
    read = html.unescape(re.sub(r"<[^>]+>", "", text)).replace(",", "")
    assert [number for number in re.findall(r"\d+\.\d+", lesson) if number not in read] == []


def test_the_table_of_needs_has_what_each_chapter_says_that_it_needs(built_book):
    text = (built_book / f"{GUIDE}.html").read_text(encoding="utf8")
    rows = re.findall(r"<tr[^>]*><td>(.*?)</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", text, re.S)
    folder = Path("/", GUIDE).parent

    def pages(cell: str) -> list[str]:
        return [str((folder / link).resolve())[1:] for link in re.findall(r'href="([^"]+)\.html"', cell)]

    shown = {page: [pages(needed), pages(users)] for first, needed, users in rows for page in pages(first)}
    expected = {page: [needs(page), [user for user in PAGES if page in needs(user)]] for page in PAGES}
    assert shown == {page: both for page, both in expected.items() if any(both)}
    assert len(shown) >= 15


def test_every_chapter_says_what_it_needs_and_that_comes_before_it():
    assert [page for page in CHAPTERS if not needs(page)] == []
    assert not [(page, need) for page in PAGES for need in needs(page) if PAGES.index(need) >= PAGES.index(page)]


@pytest.mark.parametrize("size", COURSES)
def test_a_course_has_its_lessons_in_an_order_that_their_needs_allow(size):
    lessons = re.findall(r"^1\. \{ref\}`teach-([^`]+)`(: bring along)?", COURSES[size], re.M)
    pages = [page for name, _ in lessons for page in TAUGHT if page.endswith(f"/{name}")]
    assert len(pages) == len(lessons) == int(size)
    for at, (page, (_, brought)) in enumerate(zip(pages, lessons, strict=True)):
        missing = set(needs(page)) - set(pages[:at]) - {TAUGHT[0]}
        assert not missing & set(pages)
        assert bool(missing) == bool(brought), (page, missing)


def test_there_are_three_courses():
    assert list(COURSES) == ["3", "6", "12"]
