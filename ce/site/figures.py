"""Put live figures into pages: the output type ``application/vnd.ce.figure+json``.

A figure leaves its specification and a PNG picture of itself in a cell's output. The page gets the HTML that
`ce.figures` makes of the specification, with the picture as a file beside it: what a reader without
JavaScript sees, and all that a printed book can hold.

This module is a Sphinx extension of its own, for books that are not ours: ``ce.site.figures`` in the list of their
``_config.yml`` makes figures, exercises and derivations live and changes nothing else. It needs nothing that
Jupyter Book 1 and this package do not bring.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from html import escape
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from ce.figures import figure_html
from ce.notebook import mark_site_build
from ce.site import static_files

__all__ = ["MIME_TYPE", "FigureRenderer", "live_figure", "setup", "write_html"]

MIME_TYPE = "application/vnd.ce.figure+json"
_PNG = "image/png"
_HTML_BUILDERS = ("html", "dirhtml", "singlehtml")


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
    static_files.setup(app)
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
