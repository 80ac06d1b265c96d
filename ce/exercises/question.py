"""What every kind of exercise has: a question, a check, a worked answer, and a way to be shown."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from html import escape
from string import Formatter
from typing import TYPE_CHECKING, Any

from sympy.core.expr import Expr

from ce.exercises.feedback import Feedback
from ce.exercises.html import exercise_html, math
from ce.exercises.notation import written

if TYPE_CHECKING:
    from ipywidgets import VBox

__all__ = ["Question", "require_shown"]


class Question(ABC):
    """A question whose answer a reader types."""

    question: str
    shows: Mapping[str, Expr]

    @abstractmethod
    def check(self, text: str) -> Feedback:
        """Judge what the reader typed."""

    @property
    def wanted(self) -> str:
        """What is said beside the box, such as the digits asked for; empty where the question says it all."""
        return ""

    @property
    @abstractmethod
    def worked_html(self) -> str:
        """The worked answer as HTML, made from the expression."""

    @property
    def question_html(self) -> str:
        """The question with its expressions typeset."""
        return escape(self.question).format(**{name: math(shown) for name, shown in self.shows.items()})

    @property
    def question_text(self) -> str:
        """The question with its expressions in the notation of the answers."""
        return self.question.format(**{name: written(shown) for name, shown in self.shows.items()})

    def widget(self) -> VBox:
        """Return the question with a text field, a button and the feedback, for a notebook with a kernel."""
        from ce.exercises.widget import exercise_widget  # noqa: PLC0415  (answers can be judged without widgets)

        return exercise_widget(self.question_html, self.wanted, lambda text: self.check(text)._repr_html_())

    def _repr_html_(self) -> str:
        return exercise_html(self.question_html, self.wanted, self.worked_html)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"text/html": self._repr_html_(), "text/plain": self.question_text}
        return bundle if os.environ.get("CE_SITE_BUILD") else {**_widget_view(self), **bundle}


def _widget_view(question: Question) -> dict[str, Any]:
    """Return the widget's entry where a kernel can serve it, nothing elsewhere."""
    try:
        from IPython import get_ipython  # noqa: PLC0415  (and without a notebook)
    except ImportError:
        return {}
    if not hasattr(get_ipython(), "kernel"):
        return {}
    shown = question.widget()._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    return {kind: entry for kind, entry in (data or {}).items() if kind.endswith("widget-view+json")}


def require_shown(question: str, shows: Mapping[str, Expr]) -> None:
    """Insist that a question names exactly the expressions it is given.

    Raises
    ------
    ValueError
        When a placeholder has no expression, or an expression no placeholder.
    """
    named = {name for _, name, _, _ in Formatter().parse(question) if name is not None}
    if named != set(shows):
        expected = f"expected the question to name {sorted(shows)} in braces"
        raise ValueError(f"Exercise: {expected}, got {sorted(named)} in {question!r}")
