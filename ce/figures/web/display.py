"""What a figure gives to a notebook: the widget while a kernel runs, words and picture for when none does."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from typing import Any

from ce.figures.web.html import figure_html

__all__ = ["SITE_TYPE", "mimebundle", "show"]

SITE_TYPE = "application/vnd.ce.figure+json"


def mimebundle(spec: Mapping[str, Any], picture: bytes) -> dict[str, Any]:
    """Return the representations of a figure, as it is without a kernel, by MIME type.

    While the website is built (``CE_SITE_BUILD`` set) these are its spec, its picture and its words: the
    builder makes the page's element from them and stores the picture as a file.
    """
    if os.environ.get("CE_SITE_BUILD"):
        return {SITE_TYPE: spec, "image/png": picture, "text/plain": spec["alt"]}
    uri = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
    still = f'<div class="ce-still">{figure_html(spec, uri)}</div>'
    return {"text/html": still, "image/png": picture, "text/plain": spec["alt"]}


def show(bundle: Mapping[str, Any], widget: Callable[[], Any]) -> None:
    """Show a figure in IPython: live where a kernel can serve it, and after that as it is without one.

    These are two outputs, since JupyterLab does not fall back on another representation within one when it
    has lost a widget. While the widget lives, its style sheet hides the output that follows it.
    """
    from IPython import get_ipython  # noqa: PLC0415  (there is none outside Jupyter)
    from IPython.display import display  # noqa: PLC0415

    if not os.environ.get("CE_SITE_BUILD") and hasattr(get_ipython(), "kernel"):
        display(_widget_view(widget()), raw=True)
    display(bundle, raw=True)


def _widget_view(widget: Any) -> dict[str, Any]:
    """Return the widget's own entry without the words that stand in for it."""
    shown = widget._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    return {kind: entry for kind, entry in (data or {}).items() if kind.endswith("widget-view+json")}
