"""A figure on a web page: its element with words and picture, and the files that bring it to life."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from ce.figures.front_end import classic_script, stylesheet
from ce.figures.table import table_html

__all__ = ["figure_html", "static_files"]


def static_files() -> dict[str, str]:
    """Return the files a website serves by name: ``figure.js``, a classic script, and ``figure.css``."""
    return {"figure.js": classic_script(), "figure.css": stylesheet()}


def figure_html(spec: Mapping[str, Any], picture_url: str) -> str:
    """Return the whole ``<figure>`` element of a spec.

    The picture, the read-outs at the starting values and the caption stand there without any script; the
    host of ``figure.js`` puts the live figure in the place of picture and read-outs.

    Parameters
    ----------
    spec
        What :meth:`ce.figures.Figure.spec` returns.
    picture_url
        Where the picture is, relative to the page, or a data URI.

    Raises
    ------
    ValueError
        When ``spec`` is not the spec of a figure.

    Examples
    --------
    >>> from ce.figures import Figure, Line, Panel, Slider
    >>> from ce.symbols import logit
    >>> panel = Panel(logit, "square", (Line(logit**2, label="square"),), "Square")
    >>> slider = Slider(logit, -2, 2, 1, 0.1, "z")
    >>> figure = Figure("square", "A square", "It bends.", "Drag z.", (slider,), (panel,))
    >>> figure_html(figure.spec(), "square.png").splitlines()[0]
    '<figure class="ce-figure" id="figure-square" aria-labelledby="title-square">'
    """
    needed = ("version", "name", "title", "see", "attempt", "alt", "picture", "start")
    missing = [key for key in needed if key not in spec]
    if missing:
        raise ValueError(f"figure_html: expected the spec of a figure, got one without {missing}")
    # A "<" inside the JSON could end the script element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = data.replace("<", "\\u003c")
    words = {key: escape(str(spec[key])) for key in ("name", "title", "see", "attempt", "alt")}
    width, height = spec["picture"]["width"], spec["picture"]["height"]
    return (
        f'<figure class="ce-figure" id="figure-{words["name"]}" aria-labelledby="title-{words["name"]}">\n'
        f'<img class="ce-picture" src="{escape(picture_url)}" alt="{words["alt"]}" '
        f'width="{width}" height="{height}">\n'
        f"{table_html(spec)}"
        f'<figcaption class="ce-caption"><strong id="title-{words["name"]}">{words["title"]}.</strong> '
        f'{words["see"]} '
        f'<em>Try:</em> {words["attempt"]}</figcaption>\n'
        f'<script type="application/json">{data}</script>\n'
        "</figure>\n"
    )
