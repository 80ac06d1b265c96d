"""What ``import ce`` gives: rooms that are imported when they are asked for, and the version."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import ce


def run(source: str) -> str:
    return subprocess.run([sys.executable, "-c", source], check=True, capture_output=True, text=True).stdout


def test_a_room_is_imported_when_it_is_first_asked_for() -> None:
    asked = "import sys, ce; before = 'ce.numeric' in sys.modules; print(before, ce.numeric.sigmoid(0.0))"
    assert run(asked).split() == ["False", "0.5"]


def test_the_losses_ask_for_no_plotting_and_no_algebra() -> None:
    loaded = run("import sys, ce.numeric; print(*sys.modules)").split()
    assert "ce.numeric" in loaded
    assert not {"matplotlib", "sympy", "sklearn", "ipywidgets", "pybtex"} & set(loaded)


def test_rooms_and_version_are_listed_and_nothing_else_is_found() -> None:
    assert {"numeric", "figures", "__version__"} <= set(dir(ce))
    assert ce.__version__ == version("cross-entropy-book")
    with pytest.raises(AttributeError, match=r"no attribute 'losses'; it has claims, .*numeric"):
        _ = ce.losses


def test_only_functions_and_their_results_stand_beside_the_underscored_modules() -> None:
    shown = {name for name in dir(ce.numeric) if not name.startswith("_")}
    assert shown == set(ce.numeric.__all__)
