"""A small book of two chapters, built once; each test gets a copy to break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.book_copies import NOT_COPIED, ROOT, STRICT, BookCopy

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
INDEX = f"""{HEADER}
# A small book

It has [one chapter](first.md) and [another](second.md).
"""
FIRST = f"""{HEADER}
(first)=
# The first chapter

Cross-entropy is an old friend {{cite}}`cover2006`.

```{{code-cell}} ipython3
:tags: [hide-input]

import math

loss = -math.log(0.01)
```

```{{code-cell}} ipython3
:tags: [remove-cell]

from myst_nb import glue

glue("loss", loss, display=False)
```

The loss is {{glue:text}}`loss:.3f` nats; see {{eq}}`entropy`.

```{{math}}
:label: entropy
H(p) = -\\sum_{{k=1}}^{{K}} p_k \\log p_k
```

:::{{admonition}} To remember
Nats are not bits.
:::

```{{code-cell}} ipython3
twice = 2 * loss
print(f"twice the loss is {{twice:.3f}}")
```

The end of [this](#first).
"""
SECOND = f"""{HEADER}
# The second chapter

```{{code-cell}} ipython3
from ce.formulas import binary_cross_entropy

print(f"Its name is {{binary_cross_entropy.name}}.")
```

```{{code-cell}} ipython3
from ce.derivation import Derivation, Equal, World
from ce.symbols import K, k, q
from sympy import Sum

twice_one = Sum(2 * q[k], (k, 1, K))
step = Equal(2, "the probabilities sum to one")
Derivation("X", "Twice one", (), World(normalised=(q,)), twice_one, (step,)).check()
```

```{{code-cell}} ipython3
from ce.figures import Figure, Line, Panel, Slider
from ce.symbols import label, logit

loss = binary_cross_entropy.stable.subs(label, 1)
panel = Panel(logit, "loss in nats", (Line(loss, label="cross-entropy"),), "Loss")
slider = Slider(logit, -8, 8, -4, 0.1, "logit z")
Figure("small", "A loss", "It falls.", "Move z.", parameters=(slider,), panels=(panel,))
```
"""
FOLDS = f"""{HEADER}
# Code below what it shows

```{{code-cell}} ipython3
:tags: [hide-input]

first = 1
```

```{{code-cell}} ipython3
:tags: [remove-cell]

number = 2
```

```{{code-cell}} ipython3
:tags: [hide-input]

print("shown by", first)
```

```{{code-cell}} ipython3
:tags: [hide-input]

print("shown alone")
```

Words.

```{{code-cell}} ipython3
:tags: [remove-input]

print("no code of mine")
```

```{{code-cell}} ipython3
:tags: [remove-input, hide-output]
:mystnb: {{code_prompt_show: "Show the proof", code_prompt_hide: "Hide the proof"}}

print("opened by hand")
```
"""
BIBLIOGRAPHY = "# References\n\n```{bibliography}\n:all:\n```\n"
GLOSSARY = """\
# Glossary

```{glossary}
nat
  The unit of $\\log$.

friend
old friend
  Somebody one has *known* for long.

  A second paragraph.
```
"""
TOC = """\
format: jb-book
root: book/index
chapters:
  - file: book/first
  - file: book/second
  - file: book/bibliography
  - file: book/folds
  - file: book/glossary
"""


def write_pages(root: Path) -> None:
    pages = {
        "index": INDEX,
        "first": FIRST,
        "second": SECOND,
        "folds": FOLDS,
        "bibliography": BIBLIOGRAPHY,
        "glossary": GLOSSARY,
    }
    for name, text in pages.items():
        (root / "book" / f"{name}.md").write_text(text, encoding="utf8")
    (root / "_toc.yml").write_text(TOC, encoding="utf8")


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> BookCopy:
    """The small book, built; for looking at only."""
    root = tmp_path_factory.mktemp("small")
    for folder in ("ce", "book/_static", "book/_templates"):
        shutil.copytree(ROOT / folder, root / folder, ignore=NOT_COPIED)
    shutil.copy2(ROOT / "_config.yml", root)
    write_pages(root)
    copy = BookCopy(root)
    build = copy.build(*STRICT)
    if build.code != 0:
        pytest.fail(f"the small book does not build:\n{build.log}", pytrace=False)
    return copy


@pytest.fixture
def copy_of_small_book(small_book: BookCopy, tmp_path: Path) -> Callable[[], BookCopy]:
    """Makes copies to break; what their cells printed comes along in the cache."""

    def copy() -> BookCopy:
        root = tmp_path / "broken"
        shutil.copytree(small_book.root, root, ignore=shutil.ignore_patterns("html", ".doctrees"))
        return BookCopy(root)

    return copy
