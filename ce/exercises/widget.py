"""An exercise as an ipywidgets box: question, text field, button, feedback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

__all__ = ["exercise_widget"]

WIDE = "100%"


def exercise_widget(question_html: str, wanted: str, judged_html: Callable[[str], str]) -> ipywidgets.VBox:
    """Return the box. Enter in the text field and the button both check; an empty field clears the feedback.

    Parameters
    ----------
    question_html
        The question.
    wanted
        What is said beside the box of the answer's unit and digits.
    judged_html
        Gives the feedback on what was typed.
    """
    question = ipywidgets.HTMLMath(question_html)
    field = ipywidgets.Text(
        description="Your answer",
        placeholder="in ordinary notation, such as sum_k p_k log q_k",
        continuous_update=False,
        style={"description_width": "initial"},
        layout={"width": WIDE, "max_width": "40em"},
    )
    button = ipywidgets.Button(description="Check", tooltip="Judge the answer (Enter does the same)")
    judged = ipywidgets.HTMLMath(layout={"width": WIDE})

    def check(_: Any) -> None:
        judged.value = judged_html(field.value) if field.value.strip() else ""

    field.observe(check, names="value")
    button.on_click(check)
    asked = [ipywidgets.Label(f"Answer {wanted}.")] if wanted else []
    row = ipywidgets.HBox([field, *asked, button], layout={"flex_flow": "row wrap"})
    return ipywidgets.VBox([question, row, judged], layout={"width": WIDE})
