"""A kind of mark has five places: with them it works everywhere, and none is missed in silence."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from ce.figures import Figure, Panel, Slider
from ce.figures.alt_text import tell
from ce.figures.evaluation import trace
from ce.figures.grammar import marks
from ce.figures.grammar.marks import Mark, Place, Traits, UnknownMarkError
from ce.figures.picture.marks import paint
from ce.figures.web.spec import kinds_of_marks
from ce.symbols import logit, rate
from tests.figures.examples import ALL

ROOT = Path(__file__).parents[2]
SLIDER = Slider(logit, -2, 2, 1, 0.1, "z")


def figure(mark: Mark) -> Figure:
    panel = Panel(logit, "z²", (mark,), "Panel")
    return Figure("blob", "A blob", "It is there.", "move it.", (SLIDER,), (panel,))


@dataclass(frozen=True)
class Blob(Mark):
    """A kind of mark of which nothing but the dataclass is there."""

    middle: Any
    ends: Any = ()

    traits = Traits(shape="point", labelled=False, named=9)

    x: Any = 0


def test_a_figure_may_be_declared_with_a_mark_from_elsewhere() -> None:
    assert figure(Blob(logit**2)).panels[0].marks[0].traits.shape == "point"


@pytest.mark.parametrize("field", ["middle", "ends", "x"])
@pytest.mark.parametrize("value", [rate, rate < 1, (1, logit, rate), ((1, 2), (logit, 3 * rate))], ids=str)
def test_a_symbol_that_nothing_gives_is_refused_in_any_field(field: str, value: object) -> None:
    message = rf"Blob\(''\)\.{field}: expected symbols among \['z'\], got \['eta'\]"
    with pytest.raises(ValueError, match=message):
        figure(replace(Blob(logit), **{field: value}))


@pytest.mark.parametrize(
    "hidden", [[rate], {"a": rate}, {rate}, lambda: rate, [1.0]], ids=["list", "dict", "set", "function", "numbers"]
)
def test_a_field_that_could_hide_an_expression_is_refused(hidden: object) -> None:
    with pytest.raises(ValueError, match=r"Blob\(''\)\.ends: expected expressions, numbers, texts or tuples"):
        figure(Blob(0, hidden))


def test_a_kind_of_mark_without_traits_is_refused_where_it_is_made() -> None:
    with pytest.raises(TypeError, match=r"Bare: expected traits = Traits\(\.\.\.\)"):
        type("Bare", (Mark,), {})


def test_a_mark_stands_only_where_its_traits_say() -> None:
    places: tuple[Place, ...] = ("over numbers", "among bars", "on rows", "in a triangle")
    Blob(0).check_place("here", places[0])
    for place in places[1:]:
        with pytest.raises(ValueError, match=f"here.marks: expected what can stand {place}, got a Blob"):
            Blob(0).check_place("here", place)


def test_every_kind_of_mark_has_its_five_places() -> None:
    here = [kind for kind in vars(marks).values() if isinstance(kind, type) and issubclass(kind, Mark)]
    kinds = {kind for kind in here if kind is not Mark}
    assert {kind.__name__.lower() for kind in kinds} == kinds_of_marks()
    for function in (trace, paint, tell):
        assert not [
            kind for kind in (*kinds, Blob) if (function.dispatch(kind) is function.dispatch(Mark)) != (kind is Blob)
        ]


def test_page_and_picture_name_marks_in_one_order_and_have_the_same_in_their_heads() -> None:
    page = (ROOT / "ce/figures/web/static/mark.js").read_text(encoding="utf8").partition("MARKS = {\n")[2]
    entries = dict(re.findall(r"^  (\w+): \{\n(.*?)^  \}", page, re.MULTILINE | re.DOTALL))
    assert entries.keys() == kinds_of_marks()
    for kind in (getattr(marks, name) for name in marks.__all__):
        if isinstance(kind, type) and issubclass(kind, Mark) and kind is not Mark:
            entry = entries[kind.__name__.lower()]
            named = re.search(r"^    named: (\d+),$", entry, re.MULTILINE)
            assert kind.traits.named == (int(named[1]) if named else None), kind
            assert (kind.traits.keyed is True) == ("    keyed: true,\n" in entry), kind


def test_every_kind_of_mark_is_in_a_figure_that_the_tests_drive() -> None:
    driven = {type(mark).__name__.lower() for make in ALL for panel in make().panels for mark in panel.marks}
    missing = kinds_of_marks() - driven
    assert not missing, f"tests/figures/examples.py: expected a figure with each kind of mark, got none with {missing}"


@pytest.mark.parametrize("ask", [Figure.spec, Figure.picture, Figure.description, Figure._repr_mimebundle_])
def test_a_mark_that_nothing_else_knows_is_refused_by_name(ask: Callable[[Figure], object]) -> None:
    message = r"Blob\(''\): expected the trace of this kind .* in ce/figures/evaluation.py, got none"
    with pytest.raises(UnknownMarkError, match=message):
        ask(figure(Blob(logit)))


# From here on the recipe of CONTRIBUTING.md is followed to the letter, in a copy of the package.
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SECTION = GUIDE.partition("## Add a kind of mark")[2].partition("\n## ")[0]
STEPS = [
    (path, re.sub("^ {3}", "", text, flags=re.M))  # as it is indented in the list
    for path, text in re.findall(r"^\d\. `([\w/.]+)`:.*?^   ```\w+\n(.*?)^   ```$", SECTION, re.M | re.S)
]
PROGRAM = """
import json, pathlib, sys
from ce.bundle import module
from ce.figures import Figure, Line, Panel, Slider, figure_html, static_files
from ce.figures.grammar.marks import Whisker
from ce.symbols import logit, rate

def figure(mark):
    panel = Panel(logit, "z²", (Line(logit**2, label="square"), mark), "Panel")
    slider = Slider(logit, -2, 2, 1, 0.1, "z")
    return Figure("blob", "A blob", "It is there.", "move it.", (slider,), (panel,))

refused = 0
for fields in ((rate, 0, 1), (0, rate, 1), (0, 1, rate)):
    try:
        figure(Whisker(*fields, label="reach"))
    except ValueError as error:
        refused += "got ['eta']" in str(error)
drawn, out = figure(Whisker(logit, logit - 1, logit**2 + 2, label="reach")), pathlib.Path(sys.argv[1])
(out / "picture.png").write_bytes(drawn.picture())
files = {**static_files(), "module.js": module("ce.figures.web", "widget"), "spec.json": json.dumps(drawn.spec())}
for name, text in files.items():
    (out / name).write_text(text, encoding="utf-8")
head = '<link rel="stylesheet" href="figure.css"><script src="figure.js" defer></script>'
page = '<!doctype html><meta charset="utf-8">' + head + figure_html(drawn.spec(), "picture.png")
(out / "page.html").write_text(page, encoding="utf-8")
print(refused)
"""


def followed(folder: Path, without: str = "") -> subprocess.CompletedProcess[str]:
    """Follow the recipe in a copy of the package, one step left out, and make a figure with the new mark."""
    shutil.copytree(ROOT / "ce", folder / "ce", ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in STEPS:
        if path != without:
            file = folder / path
            old = file.read_text("utf-8")
            table = "export const MARKS = {\n"
            new = old.replace(table, table + text) if path.endswith(".js") else f"{old}\n\n{text}"
            file.write_text(new, "utf-8")
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_recipe_has_five_steps_each_in_a_file_that_is_there() -> None:
    names = ["marks.py", "evaluation.py", "marks.py", "alt_text.py", "mark.js"]
    assert [Path(path).name for path, _ in STEPS] == names
    assert all((ROOT / path).is_file() for path, _ in STEPS)


def test_a_mark_made_by_the_recipe_is_drawn_told_and_checked(tmp_path: Path, browser: Browser) -> None:
    done = followed(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "3", "an unknown symbol is refused in each of its fields"
    spec = json.loads((tmp_path / "spec.json").read_text("utf-8"))
    assert "reach from 0 to 3.00" in spec["alt"]
    assert (tmp_path / "picture.png").stat().st_size > 10_000
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    assert page.locator(".ce-name", has_text="reach").count() == 1
    assert page.locator(".ce-plot path.ce-curve").count() == 2
    numbers = """async ([text, spec, values]) => {
      const module = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
      return module.default.numbers(spec, values).panels[0][1].corners;
    }"""
    module = (tmp_path / "module.js").read_text("utf-8")
    for z in (1.0, -1.3):
        assert page.evaluate(numbers, [module, spec, {"z": z}]) == [[z, z - 1], [z, pytest.approx(z**2 + 2)]]
    assert not errors
    page.close()


@pytest.mark.parametrize("path", [path for path, _ in STEPS[1:]])
def test_a_step_of_the_recipe_that_is_left_out_is_named(path: str, tmp_path: Path) -> None:
    done = followed(tmp_path, without=path)
    assert done.returncode == 1
    message = rf"UnknownMarkError: Whisker\('reach'\): expected the .* in {re.escape(path)}, got none"
    assert re.search(message, done.stderr)
