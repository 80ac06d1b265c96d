"""Send a page little: one style sheet and few scripts, and nothing of the theme that no page asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import tinycss2
from rcssmin import cssmin
from sphinx.application import Sphinx

from ce.site.mathematics import place_rules, shortened_formulas

_STYLE, _SCRIPT = "site.css", "site.js"
_THEME_STYLES = ["styles/theme.css", "styles/pydata-sphinx-theme.css"]
# What is said in it all scripts may ask for.
_OPTIONS = "documentation_options.js"
_THEME_SCRIPTS = ["scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js"]
# What runs before the first paint, and what a reader touches first, is not joined to what can wait.
_APART = ("first_paint.js", "figure.js", "exercise_list.js", "exercise.js", _SCRIPT)
# Tabs, and words marked by Sphinx's own search.
_UNUSED = ("design-tabs.js", "sphinx_highlight.js")
_IMPORT = re.compile(r'@import "([^"]+)";')
# The theme's whole icon font: the icons that pages have are in the book's own file (book.css).
_ICON_FONT = re.compile(r"@font-face\s*\{[^}]*vendor/fontawesome[^}]*\}")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
# The theme looks at each listing, and after each change of the page again, whether it is a tab stop, and has the page
# laid out for each of them: a third of a second on a long chapter. The book's own wide.js looks at all of them at once.
_TAB_STOPS = re.compile(r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)')
# In brackets a function is compiled at once, beside the page's own thread, where the browser does so.
_LATER = "requestAnimationFrame(()=>setTimeout((function(){{\n{}}})));\n"
_LINK = re.compile(rf'({re.escape(_STYLE)}|{re.escape(_SCRIPT)})(\?v=\w+)?"')
# What may be absent, or is no name of a class: it does not decide whether a selector can match.
_NO_CLASS = re.compile(r":(?:not|where|is|has)\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\]")
# The book's own classes all begin with ce- and may be put together by its scripts: `ce-role-${number}`.
_CLASS = re.compile(r"[.#](?!ce-)(-?[A-Za-z_][\w-]*)")
# A part of the contents at the left. Its title is a paragraph called a heading, before the page's first.
_PART = re.compile(
    r'<p aria-level="2" class="caption" role="heading">(.*?)</p>\s*(<ul class="(current )?.*?</ul>)', re.DOTALL
)
_OPEN_PART = re.compile(r'<details class="ce-part".*?</details>', re.DOTALL)
# An entry of a part, with nothing but its title.
_ENTRY = re.compile(
    r'(<li class="toctree-l1[^>]*><a class="[^"]*" (?:href="([^"#]+)"|aria-current="page")>[^<]*)(?=</a>)'
)
_EXERCISE = '<section class="ce-exercise'
_OWN = '<a class="current reference internal" href="#">'  # the page's own entry in the contents
_PERMALINK = re.compile(r'<a class="headerlink" (?!tabindex)')
# Names, punctuation and spaces of code: they have the colour that the listing has (book.css).
_PLAIN_CODE = re.compile(r'<span class="[npw]">([^<]*)</span>')
_INDENT = re.compile(r"\s*\n\s*")
_NESTED = ("media", "supports", "layer", "container")


def setup(app: Sphinx) -> None:
    """Link the joined files from every page in the place of their parts."""
    app.add_css_file(_STYLE)
    app.add_js_file(_SCRIPT, loading_method="defer", priority=800)
    parts: dict[str, list[str]] = {}
    there = set(Path(app.outdir, "_static").glob("*.css"))
    app.connect("html-page-context", partial(_link_joined, parts), priority=999)
    app.connect("build-finished", partial(_deliver, parts, there), priority=800)


def joined_styles(static: Path, names: Iterable[str]) -> str:
    """Return style sheets, with those that they import, as one; names are relative to the folder.

    Raises
    ------
    ValueError
        When a sheet of a subfolder names a file, whose address would be another in the joined one.
    """
    return cssmin("\n".join(_style(static, static / name) for name in names), keep_bang_comments=True)


def _style(static: Path, path: Path) -> str:
    text = _ICON_FONT.sub("", path.read_text(encoding="utf8"))
    if path.parent.resolve() != static.resolve() and (foreign := re.search(r"url\((?!\s*[\"']?data:)[^)]*", text)):
        raise ValueError(f"{path.name}: expected no file named in a style sheet of a subfolder, got {foreign[0]}")
    return _IMPORT.sub(lambda found: _style(static, path.parent / found[1]), text)


def matching_rules(css: str, words: set[str]) -> str:
    """Return a style sheet without the selectors of the theme whose classes and ids are not all among the words.

    Examples
    --------
    >>> matching_rules(".card > p, .tab { margin: 0 } @media print { .tab { display: none } }", {"card"})
    '.card > p{ margin: 0 }'
    >>> matching_rules(".ce-role-1 { color: #b34700 }", set())
    '.ce-role-1{ color: #b34700 }'
    >>> matching_rules('.tab[title="a, b"] { color: #b34700 }', {"card"})
    ''
    """
    return "".join(_matching(tinycss2.parse_stylesheet(css, skip_whitespace=True), words))


def _matching(rules: Iterable[Any], words: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in _NESTED and rule.content is not None:
            kept = "".join(_matching(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), words))
            if kept:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}"
        elif rule.type == "qualified-rule":
            parts = groupby(rule.prelude, lambda token: token == ",")
            selectors = (tinycss2.serialize(list(part)).strip() for comma, part in parts if not comma)
            kept = ",".join(each for each in selectors if words.issuperset(_CLASS.findall(_NO_CLASS.sub("", each))))
            if kept:
                yield f"{kept}{{{tinycss2.serialize(rule.content)}}}"
        else:
            yield rule.serialize()


def with_few_tab_stops(html: str) -> str:
    r"""Return a page at which the keyboard stops seldom on its way to the text.

    Of the contents at the left only the part around the page is open; a page outside of all parts has them open.
    There the page's own entry leads nowhere. A heading's link to itself is for the mouse: the contents of the page at
    the right have the same links.

    Examples
    --------
    >>> part = '<p aria-level="2" class="caption" role="heading">{}</p><ul class="{}nav"><li></li></ul>'
    >>> print(with_few_tab_stops(part.format("One", "") + part.format("Two", "current ")).replace("><d", ">\n<d"))
    <details class="ce-part"><summary>One</summary><ul class="nav"><li></li></ul></details>
    <details class="ce-part" open><summary>Two</summary><ul class="current nav"><li></li></ul></details>
    """
    around = any(found[3] for found in _PART.finditer(html))
    html = _PART.sub(
        lambda found: (
            f'<details class="ce-part"{" open" if found[3] or not around else ""}>'
            f"<summary>{found[1]}</summary>{found[2]}</details>"
        ),
        html,
    )
    html = html.replace(_OWN, _OWN.replace('href="#"', 'aria-current="page"'))
    return _PERMALINK.sub(r'\g<0>tabindex="-1" ', html)


def with_tallies(html: str, exercises: Callable[[str], int]) -> str:
    """Return a page whose contents keep room for how many exercises are done, which a script writes there.

    Parameters
    ----------
    html
        The page, its parts as `with_few_tab_stops` leaves them. One that has tallies comes back as it is.
    exercises
        How many exercises the page of an address has, which is empty for this page's own.

    Examples
    --------
    >>> part = '<details class="ce-part"><li class="toctree-l1"><a class="a" href="one.html">One</a></li></details>'
    >>> with_tallies(part, {"one.html": 7}.__getitem__)[61:]
    'href="one.html">One<small class="ce-tally pst-js-only"> 0 of 7</small></a></li></details>'
    """

    def with_tally(entry: re.Match[str]) -> str:
        total = exercises(entry[2] or "")
        return f'{entry[1]}<small class="ce-tally pst-js-only"> 0 of {total}</small>' if total else entry[1]

    return _OPEN_PART.sub(lambda part: _ENTRY.sub(with_tally, part[0]), html)


def _small(html: str) -> str:
    """Return a page that looks the same and says it with less: no line of the theme's templates begins with spaces."""
    article = html.find("<article"), html.rfind("</article>")
    around = (_INDENT.sub("\n", part) for part in (html[: article[0]], html[article[1] :]))
    return shortened_formulas(_PLAIN_CODE.sub(r"\1", html[article[0] : article[1]].join(around)))


def joined_scripts(static: Path, shared: str, *groups: Iterable[str]) -> str:
    """Return classic scripts as one, without what the book does in another way; names are relative to the folder.

    What the first declares, all see; what a script of a group declares, its group sees. The groups run one after the
    other, when the page has been painted with its first figure, each in a task of its own: in between the reader is
    answered.

    Raises
    ------
    ValueError
        When the theme's scripts look for tab stops in another way than they did.
    """
    texts = [_read(static, [shared]), *(_LATER.format(_read(static, names)) for names in groups)]
    joined, found = _TAB_STOPS.subn("0", "".join(texts))
    if found != 1:
        raise ValueError(f"scripts of the theme: expected one place where they look for tab stops, got {found}")
    return joined


def _read(static: Path, names: Iterable[str]) -> str:
    return "".join(_SOURCE_MAP.sub("", (static / name).read_text(encoding="utf8")) + "\n;\n" for name in names)


def _exercises(totals: dict[Path, int], page: Path, address: str) -> int:
    return totals.get(Path(os.path.normpath(page.parent / address)) if address else page, 0)


def unused_files(html: Path, texts: list[str]) -> list[Path]:
    """List the files of ``_static`` that no text asks for, nor a style sheet or script that one asks for."""
    # Licences lie beside the fonts, and the wheel is there for the notebooks.
    unused = {
        path
        for path in html.joinpath("_static").rglob("*")
        if path.is_file() and path.parent.name != "fonts" and path.suffix != ".whl"
    }
    while texts:
        asked = {name for text in texts for name in re.findall(r"(?<=[/\"'(\s])[\w.-]+\.\w+(?=[\"'?#)\s])", text)}
        found = {path for path in unused if path.name in asked}
        texts = [path.read_text(encoding="utf8") for path in found if path.suffix in {".css", ".js"}]
        unused -= found
    return sorted(unused)


def _link_joined(parts: dict[str, list[str]], _app: Sphinx, *about: Any) -> None:
    """Leave the joined files in the lists of the page."""
    context = about[2]
    for key, apart in (("css_files", (_STYLE,)), ("script_files", _APART)):
        files = sorted((file for file in context[key] if file.filename), key=lambda file: file.priority)
        names = [(file, str(file.filename).removeprefix("_static/")) for file in files]
        parts[key] = [name for _, name in names if name not in {*apart, *_UNUSED}]
        context[key] = [file for file, name in names if name in apart]


def _deliver(parts: dict[str, list[str]], there: set[Path], app: Sphinx, error: Exception | None) -> None:
    """Write the joined files, name their version in every page, and remove what nothing asks for."""
    html, static = Path(app.outdir), Path(app.outdir, "_static")
    if error is not None or not parts:
        for sheet in {*static.glob("*.css")} - there:  # some are put there although no page is written
            sheet.unlink()
        return
    own = [name for name in parts["script_files"] if name != _OPTIONS]
    scripts = joined_scripts(static, _OPTIONS, own, *([name] for name in _THEME_SCRIPTS))
    read = {path: path.read_text(encoding="utf8") for path in html.rglob("*.html") if static not in path.parents}
    totals = {path: text.count(_EXERCISE) for path, text in read.items()}
    pages = {
        path: _small(with_tallies(with_few_tab_stops(text), partial(_exercises, totals, path)))
        for path, text in read.items()
    }
    live = [(static / name).read_text(encoding="utf8") for name in _APART if name != _SCRIPT]
    words = set(re.findall(r"[\w-]+", " ".join([*pages.values(), *live, scripts])))
    styles = matching_rules(joined_styles(static, _THEME_STYLES + parts["css_files"]), words)
    styles += place_rules(" ".join(pages.values()))
    versions = {}
    for name, text in ((_STYLE, styles), (_SCRIPT, scripts)):
        (static / name).write_text(text, encoding="utf8")
        versions[name] = f'{name}?v={sha256(text.encode()).hexdigest()[:8]}"'
    for path, text in pages.items():
        linked = _LINK.sub(lambda found: versions[found[1]], text)
        if linked != read[path]:
            path.write_text(linked, encoding="utf8")
    # The parts of the joined files too, although comments in these name some of them.
    joined = {static / name for name in (*parts["css_files"], *parts["script_files"])}
    for path in joined.union(unused_files(html, [*pages.values(), styles, scripts])):
        path.unlink(missing_ok=True)
    for folder in sorted((path for path in static.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
