"""The package behind the book on cross-entropy; each subpackage is imported by its name, and imports run downward.

=================  =====================================================================================
``symbols``        every symbol of the book, with its assumptions and its meaning
``formulas``       losses, entropies, likelihoods: what prints, what computes, and the proof that they agree
``derivation``     the checker of derivations: worlds, normal form, relations, grades
``claims``         the book's own derivations, one module a chapter, and the ledger
``exercises``      a reader's answer, read and judged
``figures``        live figures: grammar, picture, widget, static page
``checks``         bad input is refused in one way
``notebook``       what depends on where the code runs: the build of the site, a kernel, or neither
``numeric``        losses with gradients and information measures on arrays
``experiments``    gradient descent and flow, floating point, real digits, language models
``site``           the Sphinx extension that builds the book
=================  =====================================================================================
"""

from importlib import import_module
from importlib.metadata import version
from typing import Any

# All but `site`, which is Sphinx's: whoever has the package alone can import these, and have `help(ce)` look at them.
__all__ = ["claims", "derivation", "exercises", "experiments", "figures", "formulas", "numeric", "symbols"]


def __getattr__(name: str) -> Any:
    """Import a subpackage when it is first asked for, so that ``import ce; ce.numeric`` works and costs little."""
    if name == "__version__":
        return version("cross-entropy-book")
    if name in __all__:
        return import_module(f"ce.{name}")
    raise AttributeError(f"module 'ce' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
