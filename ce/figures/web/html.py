"""A figure on a web page and in a notebook: its element with words and picture, and what brings it to life."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from ce import bundle
from ce.figures.palette import variables
from ce.notebook import building_site, in_kernel, widget_view

__all__ = ["classic_script", "figure_html", "mimebundle", "show", "static_files", "stylesheet"]


def classic_script() -> str:
    """Return the front end with the host that mounts figures, as a classic script, which loads from the disk."""
    return bundle.classic_script(__package__, "host")


def stylesheet() -> str:
    """Return the style sheet of the figures, with the colours of both themes."""
    return bundle.stylesheet(__package__, "figure.css", variables())


def static_files() -> dict[str, str]:
    """Return the files a website serves by name: ``figure.js``, a classic script, and ``figure.css``."""
    return {"figure.js": classic_script(), "figure.css": stylesheet()}


def figure_html(spec: Mapping[str, Any], picture_url: str, formula: str = "", *, scripted: bool = False) -> str:
    """Return the whole ``<figure>`` element of a spec.

    The picture, the read-outs at the starting values and the caption stand there without any script; the
    host of ``figure.js`` puts the live figure in the place of picture and read-outs.

    Parameters
    ----------
    spec
        What :meth:`ce.figures.Figure.spec` returns.
    picture_url
        Where the picture is, relative to the page, or a data URI.
    formula
        The formula of the figure as HTML, its terms marked by ``data-ce-term``.
    scripted
        Whether the host runs in this page: then the picture keeps its place, and is asked for only where no
        script runs or the figure fails.

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
    needed = ("version", "name", "title", "caption", "prompt", "alt", "picture", "start")
    missing = [key for key in needed if key not in spec]
    if missing:
        raise ValueError(f"figure_html: expected the spec of a figure, got one without {missing}")
    # A "<" inside the JSON could end the script element.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = data.replace("<", "\\u003c")
    words = {key: escape(str(spec[key])) for key in ("name", "title", "caption", "prompt", "alt")}
    width, height = spec["picture"]["width"], spec["picture"]["height"]
    picture = (
        f'<img class="ce-picture" src="{escape(picture_url)}" alt="{words["alt"]}" width="{width}" height="{height}">'
    )
    if scripted:
        place = f"max-width: {width}px; aspect-ratio: {width} / {height}"
        picture = f'<div class="ce-place" style="{place}"><noscript>{picture}</noscript></div>'
    return (
        f'<figure class="ce-figure" id="figure-{words["name"]}" aria-labelledby="title-{words["name"]}">\n'
        + (f'<div class="ce-formula">{formula}</div>\n' if formula else "")
        + f"{picture}\n"
        f"{table_html(spec)}"
        f'<figcaption class="ce-caption"><strong id="title-{words["name"]}">{words["title"]}.</strong> '
        f"{words['caption']} "
        f"<em>Try:</em> {words['prompt']}</figcaption>\n"
        f'<script type="application/json">{data}</script>\n'
        "</figure>\n"
    )


def table_html(spec: Mapping[str, Any]) -> str:
    """Return the table of a figure's read-outs at its starting values, empty for a figure without any.

    It has the rows and columns of the live one, which takes its place.
    """
    parts = spec["readouts"]
    if not parts:
        return ""
    texts = {(part["label"], part.get("column", "")): text for part, text in zip(parts, spec["start"], strict=True)}
    columns = list(dict.fromkeys(part["column"] for part in parts if "column" in part))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    lines = [f"<thead><tr><td></td>{head}</tr></thead>"] if columns else []
    lines.append("<tbody>")
    for label in dict.fromkeys(part["label"] for part in parts):
        wide = f' colspan="{len(columns)}"' if columns else ""
        cells = (
            [f"<td{wide}>{escape(texts[label, ''])}</td>"]
            if (label, "") in texts
            else [f"<td>{escape(texts.get((label, column), ''))}</td>" for column in columns]
        )
        lines.append(f'<tr><th scope="row">{escape(_words(spec, label))}</th>{"".join(cells)}</tr>')
    title = escape(str(spec["title"]))
    caption = f'<caption class="ce-spoken">Values at the start: {title}</caption>'
    return "\n".join(['<table class="ce-table">', caption, *lines, "</tbody>", "</table>\n"])


def _words(spec: Mapping[str, Any], text: str) -> str:
    """Return a text with the option chosen at the start in the place of the name of a choice in braces."""
    for part in spec["parameters"]:
        if part["kind"] == "choice":
            name = next(name for name, value in part["options"] if value == part["value"])
            text = text.replace(f"{{{part['symbol']}}}", name)
    return text


def mimebundle(spec: Mapping[str, Any], picture: bytes) -> dict[str, Any]:
    """Return the representations of a figure, as it is without a kernel, by MIME type.

    While the website is built these are its spec, its picture and its words: the
    builder makes the page's element from them and stores the picture as a file.
    """
    if building_site():
        return {"application/vnd.ce.figure+json": spec, "image/png": picture, "text/plain": spec["alt"]}
    uri = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
    still = f'<div class="ce-still">{figure_html(spec, uri)}</div>'
    return {"text/html": still, "image/png": picture, "text/plain": spec["alt"]}


def show(shown: Mapping[str, Any], widget: Callable[[], Any]) -> None:
    """Show a figure in IPython: live where a kernel can serve it, and after that as it is without one.

    These are two outputs, since JupyterLab does not fall back on another representation within one when it
    has lost a widget. While the widget lives, its style sheet hides the output that follows it.
    """
    from IPython.display import display  # noqa: PLC0415  (there is none outside Jupyter)

    if in_kernel():
        live = widget()
        if formula := live.spec.get("formula"):
            display({"text/latex": f"${formula['tex']}$", "text/plain": formula["tex"]}, raw=True)
        display(widget_view(live), raw=True)
    display(shown, raw=True)
