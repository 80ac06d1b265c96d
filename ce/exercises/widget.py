"""An exercise's box as a Jupyter widget: the page's own, and the checker's verdict under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from ce.bundle import module
from ce.exercises.grading import Feedback, Outcome
from ce.exercises.markup import stylesheet

__all__ = ["ExerciseWidget"]


class ExerciseWidget(anywidget.AnyWidget):
    """The box of an exercise; ``answer`` is what the reader last handed in, ``verdict`` what the checker says of it.

    Where lines are typed, ``before`` is the line that the answer is to follow from.

    The page is told of both together, ``judged``: two answers may have one verdict, and each is to be answered.

    Parameters
    ----------
    spec
        What :attr:`ce.exercises.Exercise.spec` returns.
    check
        Judges an answer, or a line with the line before it.

    Examples
    --------
    >>> from sympy import log
    >>> from ce.exercises import NumberExercise
    >>> box = NumberExercise("One bit, in nats?", log(2), unit="nats", converts=True).widget()
    >>> box.answer = "0.693"
    >>> box.verdict
    'right'
    """

    _esm = module(__package__, "widget")
    _css = stylesheet()
    spec = traitlets.Dict(read_only=True).tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    before = traitlets.Unicode().tag(sync=True)
    judged = traitlets.List(traitlets.Unicode(), ["", ""]).tag(sync=True)

    def __init__(self, spec: Mapping[str, Any], check: Callable[..., Feedback]) -> None:
        super().__init__()
        self._check, self._wrong = check, ""
        self.set_trait("spec", dict(spec))
        self.observe(self._judge, names=["answer", "before"])

    def _judge(self, _change: Any) -> None:
        said = self._check(self.answer, self.before) if self.before else self._check(self.answer)
        typed = f"{self.before} {self.answer}".strip()
        if said.outcome is Outcome.WRONG:
            self._wrong = self._wrong or typed
        # As on a page, the numbers at which an answer is wrong wait for a second try.
        waits = said.difference is not None and typed == self._wrong
        words = said.outcome.value if waits else f"{said}, {said.proof}" if said.proof else str(said)
        self.judged = [typed, words]

    @property
    def verdict(self) -> str:
        """What the checker says of the last answer."""
        return self.judged[1]
