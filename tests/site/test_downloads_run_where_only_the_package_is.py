"""A reader who has a notebook and the wheel beside the site, and no more, can run the notebook."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from packaging.requirements import Requirement

from ce.site import execution
from ce.site.kernels import forked_kernels
from tests.book_copies import ROOT
from tests.browser.visits import PAGES

# What most notebooks import, the reader's package as it is installed among it.
IMPORTED = (*execution.IMPORTED, "anywidget", "ipywidgets", "scipy.optimize")


@pytest.fixture(scope="module")
def readers_python(built_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel, what that requires, and what notebooks need: links to what is here."""
    folder = tmp_path_factory.mktemp("reader") / "env"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(said(python, where, folder=folder))
    (wheel,) = (built_book / "_static").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--target", str(packages), str(wheel)], check=True)
    metadata = next(packages.glob("cross_entropy_book-*.dist-info")) / "METADATA"
    required = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.read_text("utf8").splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    extras = ("", "notebook", "digits")  # what the first cell of a download asks for
    asked = {text.partition(";")[0] for text in required for extra in extras if applies(Requirement(text), extra)}
    for name in needed([*asked, "ipykernel"]):
        link(name, packages)
    return python


@pytest.fixture(scope="module")
def home_of_kernels(readers_python: Path) -> Iterator[Path]:
    """Have Jupyter start kernels of the reader's Python, which has imported what others have made; give its home."""
    home = readers_python.parents[2]
    spec = home / "jupyter" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    with (
        forked_kernels(IMPORTED, str(readers_python), surroundings(home)) as text,
        pytest.MonkeyPatch.context() as patch,
    ):
        spec.write_text(text, encoding="utf8")
        patch.setenv("JUPYTER_PATH", str(spec.parents[2]))
        yield home


def applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def needed(requirements: list[str]) -> set[str]:
    """Name the distributions that these requirements ask for, and those that they ask for in turn."""
    todo, done = [(Requirement(text), "") for text in requirements], set()
    while todo:
        requirement, extra = todo.pop()
        if not applies(requirement, extra):
            continue
        for wanted in {"", *requirement.extras}:
            if (requirement.name, wanted) not in done:
                done.add((requirement.name, wanted))
                asked = distribution(requirement.name).requires or []
                todo += [(Requirement(text), wanted) for text in asked]
    return {name for name, _ in done}


def link(name: str, packages: Path) -> None:
    found = distribution(name)
    for top in {path.parts[0] for path in found.files or ()} - {"..", "__pycache__"}:
        if not (packages / top).exists():
            (packages / top).symlink_to(Path(found.locate_file(top)), (packages / top).is_dir())


def surroundings(home: Path) -> dict[str, str]:
    """Give an environment that knows nothing of the checkout, but where the study of this run is kept."""
    ours = [name for name in os.environ if name.startswith(("PYTHON", "CE_")) and name != "CE_KEPT_STUDIES"]
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "HOME": str(home), "PYTHONNOUSERSITE": "1"}


def said(python: Path, *words: str, folder: Path) -> str:
    """Run the reader's Python in a folder of the reader's and give all that it says."""
    run = subprocess.run(
        [python, "-c", *words],
        env=surroundings(python.parents[2]),
        cwd=folder,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
    )
    assert run.returncode == 0, run.stdout
    return run.stdout.strip()


def test_the_readers_python_has_the_package_and_nothing_of_the_checkout(readers_python: Path, tmp_path: Path) -> None:
    where = said(readers_python, "import ce; print(ce.__file__)", folder=tmp_path)
    assert where.startswith(str(readers_python.parents[1]))
    assert str(ROOT) not in said(readers_python, "import sys; print(sys.path)", folder=tmp_path)
    for build_only in ("myst_nb", "jupyter_book", "sphinx", "jupytext"):
        tried = f"try:\n    import {build_only}\nexcept ModuleNotFoundError as error:\n    print(error)"
        assert said(readers_python, tried, folder=tmp_path) == f"No module named '{build_only}'"


@pytest.fixture(scope="module")
def running(
    request: pytest.FixtureRequest, built_book: Path, home_of_kernels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[NotebookNode]]]:
    """Run the downloads that are asked for, two at a time, since a kernel that begins or ends is waited for."""
    tests = [item for item in request.session.items if item.path == request.path and isinstance(item, pytest.Function)]
    names = [item.callspec.params["name"] for item in tests if hasattr(item, "callspec")]

    def run(name: str, folder: Path) -> NotebookNode:
        book = nbformat.read(built_book / "_sources" / f"{name}.ipynb", as_version=4)
        book.cells.append(new_code_cell("import sys, ce\n\nprint(ce.__file__, *sys.path)"))
        about = {"shutdown_kernel": "immediate", "resources": {"metadata": {"path": str(folder)}}}
        client = NotebookClient(book, timeout=300, kernel_name="python3", **about)
        return asyncio.run(client.async_execute(env=surroundings(home_of_kernels)))

    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(run, name, tmp_path_factory.mktemp("download")) for name in names}


@pytest.mark.parametrize("name", PAGES)
def test_every_download_runs(
    running: dict[str, Future[NotebookNode]], built_book: Path, readers_python: Path, name: str
) -> None:
    cells = running[name].result().cells
    *outputs, where = [output for cell in cells for output in cell.get("outputs", ())]
    assert where.text.startswith(str(readers_python.parents[1]))
    assert str(ROOT) not in where.text
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    plain = [str(output.get("data", {}).get("text/plain")) for output in outputs]
    assert [words for words in plain if " object at 0x" in words] == [], "what a program without widgets shows"
    figures = sum("ce-still" in str(output.get("data", {}).get("text/html")) for output in outputs)
    site = (built_book / f"{name}.html").read_text(encoding="utf8")
    assert figures == site.count('<figure class="ce-figure"')


def test_the_requirements_of_a_package_that_is_not_here_are_not_guessed() -> None:
    with pytest.raises(PackageNotFoundError):
        needed(["a-package-that-nobody-has"])
