"""What the website gets: the element, the two files, the bundle of a build."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser

import examples
import nbformat
import pytest
from nbclient import NotebookClient

from ce.figures import classic_script, figure_html, static_files
from ce.figures.website import module


class Element(HTMLParser):
    """Collects the tags of a piece of HTML with their attributes, and the text inside each kind of tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.texts[tag] = self.texts.get(tag, "") + data


def test_the_element_has_picture_words_and_spec() -> None:
    figure = examples.saturation()
    spec = figure.spec()
    element = Element(figure_html(spec, "figures/a&b.png"))
    assert element.open == []
    attributes = dict(element.tags)
    assert attributes["figure"] == {"class": "ce-figure", "id": "figure-saturation"}
    assert attributes["img"]["src"] == "figures/a&b.png"
    assert attributes["img"]["alt"] == figure.description()
    assert attributes["script"] == {"type": "application/json"}
    assert json.loads(element.texts["script"]) == spec
    assert element.texts["figcaption"] == f"{figure.title}. {figure.see} Try: {figure.attempt}"


def test_words_cannot_break_out_of_the_element() -> None:
    hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    spec = examples.shapes().spec() | {"title": hostile, "see": hostile, "attempt": hostile, "alt": hostile}
    element = Element(figure_html(spec, '"><script>'))
    assert [tag for tag, _ in element.tags] == ["figure", "img", "figcaption", "strong", "em", "script"]
    assert json.loads(element.texts["script"]) == spec


def test_what_is_not_a_spec_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"expected the spec of a figure, got one without \['version', 'name'"
    ):
        figure_html({}, "a.png")


def test_the_element_has_no_inline_style_and_no_inline_handler() -> None:
    for make in examples.ALL:
        element = Element(figure_html(make().spec(), "a.png"))
        names = {name for _, attributes in element.tags for name in attributes}
        assert names <= {"class", "id", "src", "alt", "width", "height", "type"}


def test_the_two_files_are_one_source() -> None:
    files = static_files()
    assert set(files) == {"figure.js", "figure.css"}
    assert files["figure.js"] == classic_script()
    body = module().removesuffix("export default { render };\n")
    assert len(body) > 10_000
    assert body in files["figure.js"]


def test_no_script_runs_text_or_asks_another_host() -> None:
    for text in (module(), classic_script()):
        code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
        for word in (
            "eval(",
            "Function(",
            "import(",
            "import ",
            "fetch(",
            "XMLHttpRequest",
            "innerHTML",
            "http:",
        ):
            assert word not in code.replace("http://www.w3.org/2000/svg", ""), word
    assert "@import" not in static_files()["figure.css"]
    assert "url(" not in static_files()["figure.css"]


def test_a_build_of_the_site_gets_exactly_spec_picture_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CE_SITE_BUILD", "1")
    figure = examples.shapes()
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.ce.figure+json", "image/png", "text/plain"}
    assert bundle["application/vnd.ce.figure+json"] == figure.spec()
    assert bundle["image/png"] == figure.picture()
    assert bundle["text/plain"] == figure.description()


def test_without_a_kernel_there_is_no_widget_in_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CE_SITE_BUILD", raising=False)
    bundle = examples.shapes()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    picture = dict(Element(bundle["text/html"]).tags)["img"]["src"] or ""
    assert base64.b64decode(picture.removeprefix("data:image/png;base64,")) == bundle["image/png"]


@pytest.mark.parametrize("site", [True, False])
def test_a_notebook_shows_the_figure(site: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if site:
        monkeypatch.setenv("CE_SITE_BUILD", "1")
    else:
        monkeypatch.delenv("CE_SITE_BUILD", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(__file__).rpartition("/")[0])
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import examples\nexamples.shapes()")]
    )
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    figure = examples.shapes()
    assert base64.b64decode(output.data["image/png"]) == figure.picture()
    assert output.data["text/plain"] == figure.description()
    view = "application/vnd.jupyter.widget-view+json"
    if site:
        assert output.data["application/vnd.ce.figure+json"] == figure.spec()
        assert view not in output.data
    else:
        assert output.data[view]["model_id"]
        assert "ce-figure" in output.data["text/html"]
