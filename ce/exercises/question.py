"""What every kind of exercise has: a name, a question, a check, a worked answer, and a way to be shown."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from html import escape
from numbers import Rational
from string import Formatter
from types import UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints
from zlib import crc32

from sympy import sympify
from sympy.core.expr import Expr

from ce.exercises.grading import Feedback
from ce.exercises.markup import exercise_html, math, question
from ce.exercises.notation import written
from ce.notebook import in_kernel, widget_view

__all__ = ["RECORD", "Question", "in_html", "in_text", "require_shown"]

RECORD = "ce-exercise"
"""The entry of an output's metadata in which an exercise leaves its question and its answer for a teacher's list."""

_WORDS_OF_A_NAME = 7
_NAME = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?")
_CLAIM = re.compile(r"[A-Z][1-9][0-9]*")


@dataclass(frozen=True)
class Question(ABC):
    """A question that a reader answers, on a page without a kernel or in a notebook.

    Parameters
    ----------
    question
        Running text; ``{name}`` stands for an expression of ``shows``.
    shows
        The expressions that the question shows.
    because
        One sentence more, beside the worked answer and after a right one.
    name
        A name that no other exercise of the book has, of small letters, digits and hyphens; made of the question
        where none is given.
    claims
        The numbers of the claims that it practises, such as ``("G2",)``.

    Raises
    ------
    ValueError
        When a part is of another type, what is shown is not what the question names, or a claim has no number.
    """

    question: str
    shows: Mapping[str, Expr] = field(default_factory=dict, kw_only=True)
    because: str = field(default="", kw_only=True)
    name: str = field(default="", kw_only=True)
    claims: tuple[str, ...] = field(default=(), kw_only=True)
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        kinds = get_type_hints(type(self))
        for own in fields(self):
            given = getattr(self, own.name)
            if Expr in (kinds[own.name], *get_args(kinds[own.name])) and isinstance(given, Rational):
                object.__setattr__(self, own.name, given := sympify(given))
            if own.name != "claims" and not _is(given, kinds[own.name]):
                raise ValueError(f"{type(self).__name__}: expected {own.type} as {own.name}, got {given!r}")
        if not self.question.strip() or not _NAME.fullmatch(self.name):
            expected = "expected a question, and a name of small letters, digits and hyphens or none"
            raise ValueError(f"{type(self).__name__}: {expected}, got {self.question!r} and {self.name!r}")
        require_shown(" ".join([self.question, *self._more_texts]), self.shows)
        if not _is(self.claims, tuple[str, ...]) or not all(map(_CLAIM.fullmatch, self.claims)):
            raise ValueError(f"Exercise: expected claims as a tuple of numbers such as ('G2',), got {self.claims!r}")

    @property
    def _more_texts(self) -> list[str]:
        """What may name expressions besides the question."""
        return []

    @abstractmethod
    def check(self, text: str) -> Feedback:
        """Judge what the reader typed."""

    @property
    def wanted(self) -> str:
        """What is said beside the box, such as the digits asked for; empty where the question says it all."""
        return ""

    @property
    @abstractmethod
    def answer_text(self) -> str:
        """The worked answer as a reader would type it."""

    @property
    @abstractmethod
    def worked_html(self) -> str:
        """The worked answer as HTML, made from the expression."""

    @property
    @abstractmethod
    def page_data(self) -> dict[str, Any]:
        """What a page needs to judge an answer without Python, as JSON can hold it."""

    @property
    def marking(self) -> dict[str, Any]:
        """What a quiz needs that has neither the page's judge nor Python; empty where the worked answer is all."""
        return {}

    @property
    def listed_html(self) -> tuple[str, ...]:
        """What the reader chooses from or puts in order, as HTML; empty where the answer is typed."""
        return ()

    @property
    def slug(self) -> str:
        """The name, or one made of the question: its first words, and a checksum of all."""
        plain = re.sub(r"\{\w+\}", "", self.question).lower()
        words = re.findall(r"[a-z0-9]+", plain)[:_WORDS_OF_A_NAME]
        return self.name or "-".join([*words, f"{crc32(self.question.encode()) % 16**4:04x}"])

    @property
    def question_html(self) -> str:
        """The question with its expressions typeset."""
        return in_html(self.question, self.shows)

    @property
    def question_text(self) -> str:
        """The question with its expressions in the notation of the answers."""
        return in_text(self.question, self.shows)

    @property
    def record(self) -> dict[str, Any]:
        """What a teacher's list says of the exercise; what is to be read is HTML, as on the page."""
        return {
            "name": self.slug,
            "claims": list(self.claims),
            "kind": self.kind,
            "question": self.question_text,
            "asked": self.question_html,
            "wanted": self.wanted,
            "answer": self.answer_text,
            "worked": self.worked_html,
            "listed": list(self.listed_html),
            "marking": self.marking,
        }

    @property
    def spec(self) -> dict[str, Any]:
        """All that the box of a page or of a widget is made from."""
        common = {"kind": self.kind, "because": self.because, "lines": len(self.listed_html)}
        return {**common, **self.page_data}

    def widget(self) -> Any:
        """Return the box as a Jupyter widget, which adds the checker's own verdict."""
        from ce.exercises.widget import ExerciseWidget  # noqa: PLC0415  (answers can be judged without widgets)

        return ExerciseWidget(self.spec, self.check)

    def _repr_html_(self) -> str:
        return exercise_html(self.record, self.spec)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        shown = {"text/html": self._repr_html_(), "text/markdown": question(self.record)}
        return {**shown, "text/plain": self.question_text}

    def _ipython_display_(self) -> None:
        """Show the question, and under it the box where a kernel can serve it: the page has its own."""
        from IPython.display import display  # noqa: PLC0415  (there is none outside Jupyter)

        display(self._repr_mimebundle_(), metadata={RECORD: self.record}, raw=True)
        if in_kernel():
            display(widget_view(self.widget()), raw=True)


def _is(value: Any, kind: Any) -> bool:
    """Return whether a value is what the type of a field says, whole; a list is taken for a tuple."""
    origin, of = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
    if origin is UnionType:
        return any(_is(value, one) for one in of)
    if origin is tuple:
        wanted = of[:1] * len(value) if isinstance(value, tuple | list) and of[-1] is Ellipsis else of
        return isinstance(value, tuple | list) and len(value) == len(wanted) and all(map(_is, value, wanted))
    if origin is Mapping:
        return isinstance(value, Mapping) and all(_is(one, of[0]) and _is(value[one], of[1]) for one in value)
    if kind in {int, float}:
        return isinstance(value, int | kind) and not isinstance(value, bool)
    return isinstance(value, kind)


def in_html(text: str, shows: Mapping[str, Expr]) -> str:
    """Return a text with its expressions typeset."""
    return escape(text).format(**{name: math(shown) for name, shown in shows.items()})


def in_text(text: str, shows: Mapping[str, Expr]) -> str:
    """Return a text with its expressions in the notation of the answers."""
    return text.format(**{name: written(shown) for name, shown in shows.items()})


def require_shown(texts: str, shows: Mapping[str, Expr]) -> None:
    """Insist that a question names exactly the expressions it is given.

    Raises
    ------
    ValueError
        When a placeholder has no expression, or an expression no placeholder.
    """
    try:
        named = {name for _, name, _, _ in Formatter().parse(texts) if name is not None}
    except ValueError:
        raise ValueError(f"Exercise: expected braces in pairs, a brace itself as two, got {texts!r}") from None
    if named != set(shows):
        expected = f"expected the question to name {sorted(shows)} in braces"
        raise ValueError(f"Exercise: {expected}, got {sorted(named)} in {texts!r}")
