"""Write a resolved page back as plain Markdown, for notebooks that know nothing of MyST.

The page's own source would do for JupyterLab with its MyST extension only. The resolved page already has
every glued number, citation, equation number and cross-reference as text; what is left is ordinary Markdown
with TeX between dollars, which every notebook program shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes

from ce.site.figures import live_figure
from ce.site.mathematics import lines_aligned

# What marks a part of a formula for the site; MathJax does not know it.
_MARKED = re.compile(r"\\html(?:Class|Data)\{[^}]*\}")
_SPECIAL = re.compile(r"([*$`<\\])")
# Nodes that print nothing, or only HTML; a label is read with its footnote, and a figure comes of its cell.
_SILENT = (nodes.Invisible, nodes.label, nodes.raw, nodes.system_message, nodes.target, live_figure)


@dataclass(frozen=True)
class PageText:
    """Writes the parts of one page.

    Parameters
    ----------
    link
        Gives the address a reference should have in the notebook, or "" where only its text can be kept.
    equation_number
        Gives the number the page prints beside a displayed equation, or "".
    """

    link: Callable[[str], str]
    equation_number: Callable[[nodes.math_block], str]

    def parts(self, page: nodes.Element, depth: int = 0) -> Iterator[str | int]:
        """Walk a page in reading order: Markdown blocks, and the index of each code cell as an int."""
        for child in page.children:
            if isinstance(child, nodes.section):
                yield from self.parts(child, depth + 1)
            elif isinstance(child, nodes.Element) and child.get("nb_element") == "cell_code":
                yield int(child["cell_index"])
            elif isinstance(child, nodes.title):
                yield f"{'#' * max(depth, 1)} {self.inline(child)}"
            elif block := self.block(child):
                yield block

    def block(self, node: nodes.Node) -> str:
        """Write one block-level node."""
        if isinstance(node, _SILENT):
            return ""
        writer = getattr(self, f"_block_{type(node).__name__}", None)
        if writer is not None:
            return str(writer(node))
        if isinstance(node, nodes.Admonition):
            return self._admonition(node)
        if isinstance(node, nodes.TextElement | nodes.Text | nodes.image):
            return self.inline(node)
        return self._blocks(node.children)

    def inline(self, node: nodes.Node) -> str:
        """Write a node within a line, and all it holds."""
        if isinstance(node, _SILENT):
            return ""
        writer = getattr(self, f"_inline_{type(node).__name__}", self._within)
        return str(writer(node))

    def _within(self, node: nodes.Node) -> str:
        return "".join(self.inline(child) for child in node.children)

    def _inline_Text(self, node: nodes.Text) -> str:  # noqa: N802 (named after the class of the node)
        return _SPECIAL.sub(r"\\\1", node.astext())

    def _inline_math(self, node: nodes.math) -> str:
        return f"${_MARKED.sub('', node.astext())}$"

    def _inline_literal(self, node: nodes.literal) -> str:
        return f"`{node.astext()}`"

    def _inline_image(self, node: nodes.image) -> str:
        return f"*(Picture: {node['alt']})*" if node.get("alt") else ""

    def _inline_emphasis(self, node: nodes.emphasis) -> str:
        return f"*{self._within(node)}*"

    def _inline_strong(self, node: nodes.strong) -> str:
        return f"**{self._within(node)}**"

    def _inline_footnote_reference(self, node: nodes.footnote_reference) -> str:
        return f"[{self._within(node)}]"

    def _inline_reference(self, node: nodes.reference) -> str:
        # A reference within the page has a name instead of an address.
        target = str(node.get("refuri") or (f"#{node['refid']}" if "refid" in node else ""))
        text, address = self._within(node), self.link(target)
        return f"[{text}]({address})" if address else text

    def _inline_term_use(self, node: nodes.reference) -> str:
        # The glossary of a notebook has no place for each term.
        text, address = self._within(node), self.link(node["refuri"].partition("#")[0])
        return f"[{text}]({address})" if address else text

    def _blocks(self, children: Any) -> str:
        return "\n\n".join(block for block in map(self.block, children) if block)

    def _block_math_block(self, node: nodes.math_block) -> str:
        tex = _MARKED.sub("", node.astext().strip())
        if node.get("no-wrap", node.get("nowrap")):
            return tex
        number = self.equation_number(node)
        tag = f" \\tag{{{number}}}" if number else ""
        return f"$$\n{lines_aligned(tex)}{tag}\n$$"

    def _block_literal_block(self, node: nodes.literal_block) -> str:
        code = node.astext().rstrip()
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))  # longer than any within
        return f"{fence}{node.get('language', '')}\n{code}\n{fence}"

    def _block_block_quote(self, node: nodes.block_quote) -> str:
        return _prefixed("> ", self._blocks(node.children))

    def _block_bullet_list(self, node: nodes.bullet_list) -> str:
        return "\n".join(_hanging("- ", self._blocks(item.children)) for item in node.children)

    def _block_enumerated_list(self, node: nodes.enumerated_list) -> str:
        start = int(node.get("start", 1))
        items = enumerate(node.children, start)
        return "\n".join(_hanging(f"{number}. ", self._blocks(item.children)) for number, item in items)

    def _block_definition_list_item(self, node: nodes.definition_list_item) -> str:
        terms = "".join(f"**{self.inline(child)}**  \n" for child in node.findall(nodes.term))  # each on its line
        meaning = "\n\n".join(self._blocks(child.children) for child in node.findall(nodes.definition))
        return terms + meaning

    def _block_table(self, node: nodes.table) -> str:
        rows = [
            [self._blocks(entry.children).replace("\n", " ").replace("|", "\\|") for entry in row.children]
            for row in node.findall(nodes.row)
        ]
        if not rows:
            return ""
        head, *body = rows
        lines = [head, ["---"] * len(head), *body]
        caption = "".join(f"*{self.inline(title)}*\n\n" for title in node.findall(nodes.title))
        return caption + "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _block_transition(self, _node: nodes.transition) -> str:
        return "---"

    def _block_caption(self, node: nodes.caption) -> str:
        return f"*{self.inline(node)}*"

    def _block_rubric(self, node: nodes.rubric) -> str:
        return f"**{self.inline(node)}**"

    def _block_footnote(self, node: nodes.footnote) -> str:
        label, *rest = node.children
        return f"[{self._within(label)}] {self._blocks(rest)}"

    def _block_dropdown_main(self, node: nodes.Element) -> str:
        # sphinx-design's dropdown: a title, then what opens.
        title, *rest = node.children
        return f"<details>\n<summary>{self.inline(title)}</summary>\n\n{self._blocks(rest)}\n\n</details>"

    def _admonition(self, node: nodes.Element) -> str:
        children = list(node.children)
        title = type(node).__name__.capitalize()
        if children and isinstance(children[0], nodes.title):
            title = self.inline(children.pop(0))
        return _prefixed("> ", f"**{title}**\n\n{self._blocks(children)}")


def exercise_cells(page: nodes.Element) -> set[int]:
    """Find the code cells whose output on the page holds an exercise, by their index."""
    return {
        int(cell["cell_index"])
        for cell in page.findall(nodes.container)
        if cell.get("nb_element") == "cell_code"
        and any('class="ce-exercise"' in raw.astext() for raw in cell.findall(nodes.raw))
    }


def _prefixed(prefix: str, text: str) -> str:
    return "\n".join((prefix + line).rstrip() for line in text.splitlines())


def _hanging(marker: str, text: str) -> str:
    first, *rest = text.splitlines() or [""]
    return "\n".join([marker + first, *((" " * len(marker) + line).rstrip() for line in rest)])
