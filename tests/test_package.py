"""What ``import ce`` gives: packages that are imported when they are asked for, and the version."""

from __future__ import annotations

import pydoc
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from packaging.specifiers import SpecifierSet

import ce
from tests.book_copies import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
BEYOND_THE_CORE = {"anywidget", "IPython", "ipywidgets", "jupyter_book", "matplotlib", "pybtex", "rcssmin", "rjsmin"}
BEYOND_THE_CORE |= {"sklearn", "sphinx", "threadpoolctl", "tqdm", "traitlets"}


def run(source: str) -> str:
    return subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True).stdout


def test_a_room_is_imported_when_it_is_first_asked_for() -> None:
    asked = "import sys, ce; before = 'ce.numeric' in sys.modules; print(before, ce.numeric.sigmoid(0.0))"
    assert run(asked).split() == ["False", "0.5"]


def test_the_losses_ask_for_numpy_and_scipy_alone() -> None:
    loaded = run("import sys, ce.numeric; print(*sys.modules)").split()
    assert "ce.numeric" in loaded
    assert not {"mpmath", "sympy", *BEYOND_THE_CORE} & set(loaded)


def test_what_the_readme_of_the_package_shows_needs_no_more_than_the_package_requires() -> None:
    """Also importing all that is no page and no widget, asking for help, and naming a paper that is cited."""
    packages = "ce.claims, ce.derivation, ce.exercises.exports, ce.experiments, ce.figures, ce.formulas, ce.numeric"
    run(
        f"import doctest, pydoc, sys; sys.modules.update(dict.fromkeys({BEYOND_THE_CORE!r}))\n"
        f"import ce, {packages}\n"
        "from ce import *\n"
        "assert 'losses with gradients' in pydoc.plain(pydoc.render_doc(ce))  # what help(ce) shows\n"
        "from ce.references import author_and_year\n"
        "assert author_and_year('white1982') == 'White (1982)'\n"
        f"failed, tried = doctest.testfile({str(ROOT / PROJECT['readme'])!r}, module_relative=False)\n"
        "assert tried > 8 and not failed"
    )


def test_the_readme_of_the_package_leads_nowhere_that_an_index_of_packages_has_not() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse((ROOT / PROJECT["readme"]).read_text("utf8"))
    inside = [child for token in tokens for child in token.children or ()]
    assert any(token.type == "table_open" for token in tokens)
    assert not [token for token in inside if token.type in {"image", "html_inline"}]
    links = [str(token.attrs["href"]) for token in inside if token.type == "link_open"]
    assert [link for link in links if not link.startswith("https://")] == []


def test_help_on_derivations_does_not_list_what_is_of_sympy() -> None:
    """With each operator that lines may hold came three thousand lines on methods of SymPy's expressions."""
    shown = pydoc.plain(pydoc.render_doc(ce.derivation))
    assert "class Equal(Step)" in shown
    assert "inherited from sympy" not in shown


def test_the_version_is_that_of_the_newest_change() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]
    assert "version:" not in (ROOT / "CITATION.cff").read_text("utf8").replace("cff-version:", "")


def test_packages_and_version_are_listed_and_nothing_else_is_found() -> None:
    assert {"numeric", "figures", "__version__"} <= set(dir(ce))
    assert ce.__version__ == version("cross-entropy-book")
    with pytest.raises(AttributeError, match=r"no attribute 'losses'; it has claims, .*numeric"):
        _ = ce.losses


def test_only_functions_and_their_results_stand_beside_the_underscored_modules() -> None:
    shown = {name for name in dir(ce.numeric) if not name.startswith("_")}
    assert shown == set(ce.numeric.__all__)


def test_the_readme_and_the_run_on_windows_have_the_same_commands() -> None:
    block = (ROOT / "README.md").read_text("utf8").partition("```bat\n")[2].partition("\n```")[0]
    _, _, setting, *commands = block.splitlines()  # after making and activating the environment
    jobs = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text("utf8"))["jobs"]
    name, _, value = setting.removeprefix("set ").partition("=")
    assert jobs["windows"]["env"] == {name: value}
    runs = [step["run"] for step in jobs["windows"]["steps"] if "run" in step]
    assert runs == ["python -m venv .venv", *(f".venv\\Scripts\\{command}" for command in commands)]


def test_whoever_has_no_make_has_the_commands_of_the_tests_in_the_readme() -> None:
    block = (ROOT / "README.md").read_text("utf8").split("```bat\n")[2].partition("\n```")[0].replace("\\", "/")
    makefile = (ROOT / "Makefile").read_text("utf8")
    recipes = [
        re.search(rf"^{name}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE) for name in ("browsers", "lint", "test")
    ]
    commands = [
        line for recipe in recipes if recipe for line in re.findall(r"^\t\$\(BIN\)/(.*)", recipe[1], re.MULTILINE)
    ]
    assert len(commands) >= 8
    assert [command for command in commands if command not in block.splitlines()] == []


def test_every_python_that_the_package_names_is_tried() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text("utf8"))["jobs"]
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    assert jobs["test"]["strategy"]["matrix"]["python"] == named
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_the_pinned_versions_are_for_every_python_that_the_package_names() -> None:
    """For its first release as well: Debian 12 has Python 3.11.2, for which a version that wants 3.11.5 is none."""
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    pinned = (ROOT / "constraints.txt").read_text("utf8").splitlines()
    here = {f"{found.name}=={found.version}": found.metadata.get("Requires-Python", "") for found in distributions()}
    assert here.keys() & set(pinned)
    for one in here.keys() & set(pinned):
        assert all(SpecifierSet(here[one]).contains(f"{python}.0") for python in named), f"{one} wants {here[one]}"


if make := shutil.which("make"):  # whoever has none, as on Windows, has the README's other commands

    def test_an_environment_that_could_not_be_made_is_not_taken_for_one(tmp_path: Path) -> None:
        """Without `python3-venv`, Debian's Python stops half-way, and the next try has to begin anew."""
        half = tmp_path / "python"
        half.write_text("#!/bin/sh\nmkdir -p .venv/bin\ntouch .venv/bin/python\nexit 1\n", "utf8")
        half.chmod(0o755)
        tried = [make, "--file", ROOT / "Makefile", ".venv/bin/python", f"PYTHON={half}"]
        assert subprocess.run(tried, cwd=tmp_path, check=False, capture_output=True).returncode
        assert list(tmp_path.iterdir()) == [half]

    def test_make_clean_removes_what_git_ignores_except_what_may_be_the_readers_own(tmp_path: Path) -> None:
        made = (ROOT / ".gitignore").read_text("utf8").partition("\n\n# made by readers")[0].splitlines()
        folders = [tmp_path / line.strip("/").replace("*", "some") for line in made if line.endswith("/")]
        assert tmp_path / "build" in folders, "where `pip install .` keeps a copy of the package"
        for folder in folders:
            folder.mkdir()
        subprocess.run([make, "--file", ROOT / "Makefile", "clean"], cwd=tmp_path, check=True, capture_output=True)
        assert {path.name for path in folders if path.exists()} == {".ipynb_checkpoints", "notebooks"}


def addresses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give what `setup.py` tells setuptools of the book in a folder."""
    told: dict[str, Any] = {}
    monkeypatch.setitem(sys.modules, "setuptools", SimpleNamespace(setup=told.update))
    runpy.run_path(str(folder / "setup.py"))
    assert list(told) == ["project_urls"]
    return dict(told["project_urls"])


def test_the_package_has_the_addresses_of_the_book_and_none_before_it_has_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy2(ROOT / "setup.py", tmp_path)
    settings = (ROOT / "_config.yml").read_text("utf8")
    names = ("ce_notebooks", "html_baseurl")
    without = "".join(
        line for line in settings.splitlines(keepends=True) if line.partition(":")[0].strip() not in names
    )
    for named, expected in (
        ('ce_notebooks: ""', {}),
        ('ce_notebooks: ""\n    html_baseurl: https://a.org/b/', {"Documentation": "https://a.org/b/"}),
        (
            "ce_notebooks: some/book/gh/pages",
            {
                "Source": "https://github.com/some/book",
                "Issues": "https://github.com/some/book/issues",
                "Changelog": "https://github.com/some/book/blob/HEAD/CHANGELOG.md",
            },
        ),
    ):
        changed = without.replace("    language: en\n", f"    language: en\n    {named}\n")
        (tmp_path / "_config.yml").write_text(changed, "utf8")
        assert addresses(tmp_path, monkeypatch) == expected
    assert PROJECT["dynamic"] == ["urls"], "setuptools takes from setup.py what is said to come from there"


def test_the_citation_has_the_addresses_of_the_book(monkeypatch: pytest.MonkeyPatch) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    named = addresses(ROOT, monkeypatch)
    assert citation.get("url") == named.get("Documentation")
    assert citation.get("repository-code") == named.get("Source")
