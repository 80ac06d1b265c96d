"""What the website gets: the element, the two files, the bundle of a build."""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Browser

from ce import bundle
from ce.bundle import joined, minified, module, source
from ce.figures import Readout, classic_script, figure_html, palette, static_files
from ce.figures.web import html
from ce.figures.web.html import stylesheet
from tests.figures import examples
from tests.figures.figure_pages import module_page, write_page
from tests.figures.test_live import settle


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
    assert attributes["figure"] == {
        "class": "ce-figure",
        "id": "figure-saturation",
        "aria-labelledby": attributes["strong"]["id"],
    }
    assert attributes["img"]["src"] == "figures/a&b.png"
    assert attributes["img"]["alt"] == figure.description()
    assert attributes["script"] == {"type": "application/json"}
    assert json.loads(element.texts["script"]) == spec
    assert element.texts["figcaption"] == f"{figure.title}. {figure.caption} Try: {figure.prompt}"


def test_words_cannot_break_out_of_the_element() -> None:
    hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    spec = examples.shapes().spec() | dict.fromkeys(("title", "caption", "prompt", "alt"), hostile)
    element = Element(figure_html(spec, '"><script>'))
    assert [tag for tag, _ in element.tags] == ["figure", "img", "figcaption", "strong", "em", "script"]
    assert json.loads(element.texts["script"]) == spec


def test_what_is_not_a_spec_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected the spec of a figure, got one without \['version', 'name'"):
        figure_html({}, "a.png")


def test_the_element_has_no_inline_style_and_no_inline_handler() -> None:
    for make in examples.ALL:
        element = Element(figure_html(make().spec(), "a.png"))
        names = {name for _, attributes in element.tags for name in attributes}
        assert names <= {"class", "id", "src", "alt", "width", "height", "type", "scope", "colspan", "aria-labelledby"}


def test_the_numbers_at_the_start_stand_in_a_table_without_any_script() -> None:
    html = figure_html(examples.race().spec(), "a.png")
    table = ElementTree.fromstring(html[html.index("<table") : html.index("</table>")] + "</table>")
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    z = -10.0
    for _ in range(12):
        z += 1 / (1 + math.exp(z))
    assert rows == [
        ["", examples.CE, examples.SE],
        ["steps to p̂ ≥ 1/2", "11 steps", "11,034 steps"],
        ["p̂ at step t", f"{1 / (1 + math.exp(-z)):.4f}", rows[2][2]],
    ]
    assert rows[2][2].startswith("4.5")
    assert rows[2][2].endswith("×10⁻⁵")


def test_words_in_braces_stand_for_the_option_chosen_in_the_table_too() -> None:
    lengths = examples.lengths()
    cell = Readout("H in {unit}", lengths.readouts[0].expression, "{unit}")
    html = figure_html(replace(lengths, readouts=(cell,)).spec(), "a.png")
    assert f'<th scope="row">H in nats</th><td>{math.log(2):.4f} nats</td>' in html


def test_a_figure_without_readouts_has_no_table() -> None:
    assert "<table" not in figure_html(examples.shapes().spec(), "a.png")


def test_words_of_a_table_cannot_break_out_of_it() -> None:
    shown = examples.saturation()
    hostile = "</td><script>alert(1)</script>"
    cell = replace(shown.readouts[0], label=hostile, column=hostile, unit=hostile)
    spec = replace(shown, title=hostile, readouts=(cell,)).spec()
    element = Element(figure_html(spec, "a.png"))
    assert element.open == []
    assert [tag for tag, _ in element.tags].count("script") == 1


ROOT = Path(__file__).parents[2]
PART = "ce.figures.web"
STATIC = Path(html.__file__).parent / "static"
MODULES = sorted(path.name.removesuffix(".js") for path in STATIC.glob("*.js"))


def test_the_two_scripts_are_one_source() -> None:
    files = static_files()
    assert set(files) == {"figure.js", "figure.css"}
    assert files["figure.js"] == classic_script()
    body = joined(PART, "widget").partition("// All numbers that a figure draws")[0]
    assert len(body) > 40_000
    assert body in joined(PART, "host")


def test_a_module_can_be_read_in_one_sitting_and_none_is_left_out() -> None:
    for name in MODULES:
        assert source(PART, f"{name}.js").count("\n") <= 300, name
        assert source(PART, f"{name}.js").partition("\n")[0] in joined(PART, "host") + joined(PART, "widget"), name


def test_the_modules_load_in_a_browser_as_they_stand(browser: Browser) -> None:
    with module_page(browser, [name for name in MODULES if name != "host"]) as page:
        assert page.evaluate("typeof globalThis.render") == "function"


def test_a_name_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    first = 'import { one } from "./b.js";\nexport const two = one;\n'
    texts = {"a.js": first, "b.js": "export const one = 1;\n"}
    monkeypatch.setattr(bundle, "source", lambda _, name: texts[name])
    assert joined(PART, "a") == "const one = 1;\nconst two = one;\n"
    texts["b.js"] += "const two = 2;\n"
    with pytest.raises(ValueError, match=r"a\.js: expected .* every name once, got \['two'\]"):
        joined(PART, "a")
    texts["b.js"] = "export let one = 1;\n"
    with pytest.raises(ValueError, match="expected plain imports and exports"):
        joined(PART, "a")


def test_minified_the_figures_look_the_same(browser: Browser, tmp_path: Path) -> None:
    page_file = write_page(tmp_path, *(make() for make in examples.ALL))
    drawn = []
    for text in (classic_script(), '"use strict";\n(() => {' + joined(PART, "host") + "})();"):
        (tmp_path / "figure.js").write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(page_file.as_uri())
        for figure in page.locator(".ce-live").all():
            figure.scroll_into_view_if_needed()  # what is out of sight waits to be drawn in its size
            settle(page)
        drawn.append(page.locator("main").inner_html())
        page.close()
    assert len(drawn[0]) > 50_000
    assert drawn[0] == drawn[1]


def test_a_short_name_never_takes_the_place_of_a_key_or_a_global() -> None:
    text = "const f = ({ low, high: top = 2 }) => ({ low, top, sum: low + top, f(x) { return Math.min(x); } });"
    assert minified(text) == "let t=({low:t,high:e=2})=>({low:t,top:e,sum:t+e,f(t){return Math.min(t)}});"
    text = 'const at = 1;\nconst say = (name) => `at ${at + `${name}.at`} "at"` + name.at + "at";'
    assert minified(text).count("at") == 5


def test_declarations_in_a_row_become_one_and_lines_end_by_a_sign() -> None:
    text = "let one = 1;\nconst two = () => { f(); };\nfunction g() {}\nlet three = `${ one ? 2 : 3} a ? b`;\n"
    assert minified(text) == "let t=1,e=()=>{f()};function n(){};let o=`${t?2:3} a ? b`;"
    text = "if (f) { g(); } else { h(); }\nfor (let one = 0; one < 2; one += 1) f(one);\nlet two = 1;"
    assert minified(text) == "if(f){g()}else{h()};for(let t=0;t<2;t+=1)f(t);let t=1;"
    text = "for (const one of f)\n  if (one)\n    g(one);\n  else\n    h();\n"
    assert minified(text) == "for(let t of f)if(t)g(t);else\nh();"


@pytest.mark.parametrize("text", ["f())", "const f = (a) => typeof /\\)/;"])
def test_a_script_that_it_cannot_follow_is_refused_with_the_place(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a script whose brackets close, got lost at '\)"):
        minified(text)


def test_minified_the_selectors_keep_the_spaces_they_need() -> None:
    """Within @container the minifier takes ` :is(` for a declaration and joins what it must not."""
    descendant = re.compile(r" :(?:is|where|not|has)\(")
    written = palette.variables() + source(PART, "figure.css")
    assert len(descendant.findall(stylesheet())) == len(descendant.findall(written)) > 0


def test_all_code_of_the_figures_is_less_than_21_kilobytes_compressed() -> None:
    assert sum(len(gzip.compress(text.encode(), 9)) for text in static_files().values()) < 21_000


def test_no_script_runs_text_or_asks_another_host() -> None:
    for text in (module(PART, "widget"), classic_script()):
        code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
        for word in ("eval(", "Function(", "import(", "import ", "fetch(", "XMLHttpRequest", "innerHTML", "http:"):
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
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("from tests.figures import examples\nexamples.shapes()")]
    )
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    *live, output = notebook.cells[0].outputs
    figure = examples.shapes()
    assert base64.b64decode(output.data["image/png"]) == figure.picture()
    assert output.data["text/plain"] == figure.description()
    view = "application/vnd.jupyter.widget-view+json"
    if site:
        assert output.data["application/vnd.ce.figure+json"] == figure.spec()
        assert live == []
    else:
        # The picture is an output of its own: within one, a widget that is lost hides what stands beside it.
        assert [list(shown.data) for shown in live] == [[view]]
        assert live[0].data[view]["model_id"]
        assert "ce-figure" in output.data["text/html"]


def test_a_page_made_from_a_notebook_that_was_run_shows_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CE_SITE_BUILD", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    cells = [nbformat.v4.new_code_cell("from tests.figures import examples\nexamples.shapes()")]
    notebook = NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=120).execute()
    page, _ = HTMLExporter().from_notebook_node(notebook)
    still = page.partition('<div class="ce-still">')[2]
    assert re.match(r'\s*<figure [^>]*>\s*<img [^>]*src="data:image/png;base64,', still)
