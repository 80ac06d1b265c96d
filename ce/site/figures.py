"""Put live figures into pages: the output type ``application/vnd.ce.figure+json``.

A figure leaves its specification and a PNG picture of itself in a cell's output. The page gets the HTML that
`ce.figures` makes of the specification, with the picture as a file beside it: what a reader without
JavaScript sees, and all that a printed book can hold.

This module is a Sphinx extension of its own, for books that are not ours: ``ce.site.figures`` in the list of their
``_config.yml`` makes figures, exercises and derivations live and changes nothing else. It needs nothing that
Jupyter Book 1 and this package do not bring.

``make picture`` runs it to renew the picture in the README: the one that readers without JavaScript see on the landing
page, so it cannot differ from the book.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from PIL import Image
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from ce import derivation, exercises, figures
from ce.figures import figure_html
from ce.notebook import mark_site_build
from ce.site.freshness import up_to_date

MIME_TYPE = "application/vnd.ce.figure+json"
_PNG = "image/png"
_HTML_BUILDERS = ("html", "dirhtml", "singlehtml")
_EXERCISE = re.compile(r'<section class="ce-exercise" data-exercise="([^"]+)"')
_LIST = "exercise_list.js"
# Scripts that wait run in this order: what a reader touches first, then the list, then what reads it.
_ORDER = ("figure.js", _LIST, "exercise.js")
_FOLDER = "figures"
# The way from the page of a chapter up to the site's own folders, such as _images.
_UP = re.compile(r'(?<=")(?:\.\./)+(?=_)')
# The picture that `make picture` copies, and where to.
_LANDING_PAGE = Path("_build/html/book/index.html")
_IN_THE_README = Path("book/_static/first-figure.png")
_PICTURE = re.compile(r'<img class="ce-picture" src="([^"]*)"')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the node that stands for a figure, add scripts and styles, tell the kernels that they run for a page."""
    app.add_node(
        live_figure,
        html=(write_html, _leave),
        latex=(_leave, _write_caption),
        text=(_leave, _leave),
        man=(_leave, _leave),
        texinfo=(_leave, _leave),
    )
    app.connect("config-inited", _mark_kernels_of_the_build)
    app.connect("write-started", write_static_files)
    app.connect("build-finished", _write_list, priority=100)
    for at, name in enumerate(_ORDER):
        app.add_js_file(name, loading_method="defer", priority=490 + at)
    for name in sorted(static_files()):
        if name.endswith(".css"):
            app.add_css_file(name)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class live_figure(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """A figure: attribute ``spec``, and one child, the image that stands for it on paper."""


class FigureRenderer:
    """The plug-in that MyST-NB finds by the entry point ``myst_nb.mime_renderers``."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int | None]]] = [
        (builder, MIME_TYPE, 1) for builder in (*_HTML_BUILDERS, "latex")
    ]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Turn one output of that type into a node; None for any other output.

        Raises
        ------
        ValueError
            When the output has no picture beside its specification.
        """
        if inline or data.mime_type != MIME_TYPE:
            return None
        spec: Any = data.content
        png = _with_few_colours(base64.b64decode(_picture_beside(renderer, data, spec)))
        name = f"{hashlib.sha256(png).hexdigest()[:20]}.png"
        uri = renderer.write_file([name], png, overwrite=False, exists_ok=True)
        return [live_figure("", nodes.image(uri=uri, alt=str(spec.get("alt", ""))), spec=spec)]


def _with_few_colours(png: bytes) -> bytes:
    """Return a picture with 128 colours at most: a quarter as heavy, and to the eye the same.

    The colours are chosen so that none is far from one of the picture, however small its share is: that of a single
    marker stays.
    """
    lighter = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    few = picture.quantize(128, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    few.save(lighter, "PNG", optimize=True)
    return lighter.getvalue()


def _picture_beside(renderer: NbElementRenderer, data: MimeData, spec: Mapping[str, Any]) -> str:
    outputs: list[Any] = []
    if data.cell_index is not None:
        outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)[1]
    for output in outputs:
        bundle = output.get("data", {})
        if bundle.get(MIME_TYPE) == spec and _PNG in bundle:
            return str(bundle[_PNG])
    raise ValueError(
        f"expected: {_PNG} in the same output as {MIME_TYPE}, for readers without JavaScript; got: none, in "
        f"{renderer.source}, cell at line {data.line}; display the figure as it is, not through glue"
    )


def _mark_kernels_of_the_build(_app: Sphinx, _config: Config) -> None:
    # Figures and progress bars ask for this to know that nobody sits in front of the kernel.
    mark_site_build()
    # Python 3.11 and later tell every debugger about frozen modules; no reader of a build log needs that.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def write_html(translator: HTML5Translator, node: live_figure) -> None:
    """Write the figure with its picture, and leave out the image that stands for it."""
    builder: Any = translator.builder
    uri = node.children[0]["uri"]
    picture = f"{builder.imgpath}/{quote(builder.images[uri])}" if uri in builder.images else uri
    translator.body.append(figure_html(node["spec"], picture, _formula(translator, node["spec"]), scripted=True))
    raise nodes.SkipNode


def _formula(translator: HTML5Translator, spec: Mapping[str, Any]) -> str:
    """Return the formula of a figure: with its terms marked where it is typeset here, else for the page's script."""
    if "formula" not in spec:
        return ""
    if translator.builder.math_renderer_name != "katex":
        return rf"\({escape(spec['formula']['tex'])}\)"
    from ce.site.mathematics import typeset_as_html  # noqa: PLC0415  (needs what only our own book's build has)

    return typeset_as_html(spec["formula"]["marked"], displayed=True)


def _write_caption(translator: LaTeXTranslator, node: live_figure) -> None:
    """Write below the picture what it shows; what to try needs a hand."""
    title, caption = (translator.encode(node["spec"][part]) for part in ("title", "caption"))
    translator.body.append(f"\n\n\\noindent\\sphinxstylestrong{{{title}.}} {caption}\n\n")


def _leave(_translator: Any, _node: live_figure) -> None:
    """Leave the child, an ordinary image, to the translator."""


def static_files() -> dict[str, str]:
    """Return the files by name: what figures, derivations and exercises need to look and work as they should.

    Examples
    --------
    >>> sorted(static_files())
    ['derivation.css', 'exercise.css', 'exercise.js', 'figure.css', 'figure.js']
    """
    return {**figures.static_files(), **derivation.static_files(), **exercises.static_files()}


def write_static_files(app: Sphinx, builder: Builder) -> None:
    """Write the files, whose digests the pages name."""
    if builder.format == "html":
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in static_files().items():
            (folder / name).write_text(content, encoding="utf8")


def exercises_in(doctree: nodes.document) -> list[str]:
    """Return the names of the exercises of a page, in its order."""
    return [name for raw in doctree.findall(nodes.raw) for name in _EXERCISE.findall(raw.astext())]


def exercises_by_page(environment: BuildEnvironment) -> dict[str, list[str]]:
    """Return the names of the exercises of each page that has some, in the order of the page."""
    found = {page: exercises_in(environment.get_doctree(page)) for page in sorted(environment.found_docs)}
    return {page: names for page, names in found.items() if names}


def _write_list(app: Sphinx, error: Exception | None) -> None:
    path = Path(app.outdir, "_static", _LIST)
    if error is None and app.builder.format == "html" and not up_to_date(app, [path]):
        listed = json.dumps(exercises_by_page(app.env), separators=(",", ":"))
        path.write_text(f"globalThis.ceExercises={listed};\n", encoding="utf8")


def give_pages(app: Sphinx) -> None:
    """Have a page of its own, ``figures/NAME.html``, written of a figure whenever the figure is.

    A figure stands there as on the page of its chapter, whose scripts and styles it shares. With ``?present`` in its
    address it fills the window, and nothing else is there; with ``?embed`` it tells its height to the page around it.
    """
    written: dict[str, dict[str, str]] = {}

    def write(translator: HTML5Translator, node: live_figure) -> None:
        start = len(translator.body)
        try:
            write_html(translator, node)
        finally:
            html, spec = "".join(translator.body[start:]), node["spec"]
            chapter = translator.builder.current_docname
            written[spec["name"]] = {"title": spec["title"], "body": _UP.sub("../", html), "chapter": chapter}

    app.add_node(live_figure, override=True, html=(write, None))
    app.connect("html-collect-pages", lambda app: _pages(app, written))
    app.connect("build-finished", _remove_pages_without_figure, priority=700)


def page_of_figure(name: str) -> str:
    """Return the name of the page of a figure.

    Examples
    --------
    >>> page_of_figure("tangent")
    'figures/tangent'
    """
    return f"{_FOLDER}/{name}"


def _pages(app: Sphinx, written: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for name, page in written.items():
        chapter = app.env.titles[page["chapter"]].astext()
        yield page_of_figure(name), {**page, "figure": name, "chapter_title": chapter}, "figure.html"


def _remove_pages_without_figure(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.name == "html":
        pages = [Path(app.builder.get_outfilename(page)) for page in app.env.found_docs]  # type: ignore[attr-defined]
        # A page that is missing is reported later, with its place in the table of contents.
        text = "".join(page.read_text(encoding="utf8") for page in pages if page.is_file())
        for path in Path(app.outdir, _FOLDER).glob("*.html"):
            if f'id="figure-{path.stem}"' not in text:
                path.unlink()


def first_picture(html: str) -> str:
    """Give the address of the first figure's picture in a page.

    Raises
    ------
    ValueError
        When the page has no figure.

    Examples
    --------
    >>> first_picture('<img class="ce-picture" src="../_images/a.png" alt="a curve">')
    '../_images/a.png'
    """
    found = _PICTURE.search(html)
    if found is None:
        raise ValueError("first_picture: expected a page with a figure, got one without")
    return found[1]


def main() -> int:
    """Copy the picture; give the exit code."""
    if not _LANDING_PAGE.is_file():
        print(f"Expected the built book at {_LANDING_PAGE}: run `make book` first, from the book's folder.")
        return 1
    shutil.copyfile(_LANDING_PAGE.parent / first_picture(_LANDING_PAGE.read_text(encoding="utf8")), _IN_THE_README)
    print(f"Wrote {_IN_THE_README}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
