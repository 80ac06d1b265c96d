"""What depends on where the code runs: the build of the website, a notebook with a kernel, or neither."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

_MARK = "CE_SITE_BUILD"


def mark_site_build() -> None:
    """Let this process and the kernels it starts know that they build the website."""
    os.environ[_MARK] = "1"


def building_site() -> bool:
    """Return whether the website is being built, so that nobody sits in front of this kernel.

    Examples
    --------
    >>> building_site()
    False
    """
    return bool(os.environ.get(_MARK))


def in_kernel() -> bool:
    """Return whether a reader's kernel runs this, which can serve a widget."""
    from IPython import get_ipython  # noqa: PLC0415  (there is none outside Jupyter)

    return not building_site() and hasattr(get_ipython(), "kernel")


def widget_view(widget: Any) -> Mapping[str, Any]:
    """Return the entry of a widget's own in what it shows, without the words that stand in for it."""
    shown = widget._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    return {kind: entry for kind, entry in (data or {}).items() if kind.endswith("widget-view+json")}
