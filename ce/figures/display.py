"""What a figure gives to a notebook: the widget while a kernel runs, words and picture elsewhere."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

from ce.figures.website import figure_html

if TYPE_CHECKING:
    from ce.figures.figure import Figure

__all__ = ["SITE_TYPE", "mimebundle"]

SITE_TYPE = "application/vnd.ce.figure+json"


def mimebundle(figure: Figure) -> dict[str, Any]:
    """Return the representations of a figure by MIME type.

    While the website is built (``CE_SITE_BUILD`` set) these are its spec, its picture and its words: the
    builder makes the page's element from them and stores the picture as a file.
    """
    spec, picture = figure.spec(), figure.picture()
    if os.environ.get("CE_SITE_BUILD"):
        return {SITE_TYPE: spec, "image/png": picture, "text/plain": spec["alt"]}
    uri = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
    bundle = {"text/html": figure_html(spec, uri), "image/png": picture, "text/plain": spec["alt"]}
    return {**_widget_view(figure), **bundle}


def _widget_view(figure: Figure) -> dict[str, Any]:
    """Return the widget's entry where a kernel can serve it, nothing elsewhere."""
    try:
        from IPython import get_ipython  # noqa: PLC0415  (there is none outside Jupyter)
    except ImportError:
        return {}
    if not hasattr(get_ipython(), "kernel"):
        return {}
    shown = figure.widget()._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    return {kind: entry for kind, entry in (data or {}).items() if kind.endswith("widget-view+json")}
