"""The widget from Python's side: its values follow and lead, and refuse what a parameter cannot have."""

from __future__ import annotations

import math

import ipywidgets
import pytest
from traitlets import TraitError

from ce.bundle import module
from ce.figures import Figure, Line, Panel, Slider
from ce.symbols import logit
from tests.figures import examples


def test_a_widget_carries_the_one_module_and_the_spec() -> None:
    widget = examples.shapes().widget()
    assert widget._esm == module("ce.figures.web", "widget")
    assert "--ce-role-0" in widget._css
    assert widget.spec == examples.shapes().spec()
    assert widget.values == {"z": 1.0}
    with pytest.raises(TraitError):
        widget.spec = {}


def test_values_set_in_python_reach_the_front_end_and_the_single_traits() -> None:
    widget = examples.saturation().widget()
    sent: list[dict[str, float]] = []
    widget.observe(lambda change: sent.append(change["new"]), names=["values"])
    widget.values = {"z": 2.0, "y": 0.0}
    assert (widget.z, widget.y) == (2.0, 0.0)
    assert sent == [{"z": 2.0, "y": 0.0}]
    widget.z = -3.0
    assert sent[-1] == {"y": 0.0, "z": -3.0}
    assert len(sent) == 2


def test_what_the_front_end_sends_moves_the_traits() -> None:
    widget = examples.saturation().widget()
    widget.set_state({"values": {"z": 1.25, "y": 1.0}})
    assert widget.z == 1.25


def test_a_slider_of_ipywidgets_links_both_ways() -> None:
    widget = examples.saturation().widget()
    slider = ipywidgets.FloatSlider(min=-10, max=10, value=0)
    ipywidgets.link((slider, "value"), (widget, "z"))
    slider.value = 3.5
    assert widget.values["z"] == 3.5
    widget.set_state({"values": {"z": -7.0, "y": 1.0}})
    assert slider.value == -7.0


def test_one_probability_moves_the_others() -> None:
    widget = examples.divergence().widget()
    widget.p_1 = 0.25
    assert widget.values["p_2"] == pytest.approx(0.375)
    assert math.isclose(sum(widget.values[f"p_{k}"] for k in range(1, 5)), 1)
    assert widget.p_3 == widget.values["p_3"]
    assert [widget.values[f"q_{k}"] for k in range(1, 5)] == [0.25] * 4


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"z": 99.0}, r"z: expected a number in \[-10.0, 10.0\], got 99.0"),
        ({"z": float("nan")}, "expected a finite number, got nan"),
        ({"y": 0.5}, r"y: expected one of \[1.0, 0.0\], got 0.5"),
        ({"w": 1.0}, r"got \['w'\]"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_changes_nothing(values: dict[str, float], message: str) -> None:
    widget = examples.saturation().widget()
    before = widget.values
    with pytest.raises(TraitError, match=message):
        widget.values = values
    assert widget.values == before


def test_a_trait_set_out_of_range_goes_back() -> None:
    widget = examples.saturation().widget()
    with pytest.raises(TraitError, match="expected a number in"):
        widget.z = 99.0
    assert widget.z == widget.values["z"] == -4.0
    bars = examples.divergence().widget()
    with pytest.raises(TraitError, match=r"expected a number in \[0, 1\], got 1.5"):
        bars.p_1 = 1.5
    assert bars.p_1 == 0.5


def test_a_symbol_that_a_widget_uses_itself_is_refused() -> None:
    slider = Slider(examples.Symbol("layout"), 0, 1, 0, 0.1, "layout")
    panel = Panel(slider.symbol, "y", (Line(slider.symbol, label="line"),), "Panel")
    figure = Figure("clash", "Clash", "It clashes.", "rename it.", (slider,), (panel,))
    with pytest.raises(ValueError, match=r"names that a widget does not use itself, got \['layout'\]"):
        figure.widget()


def test_two_widgets_of_one_figure_move_apart() -> None:
    first, second = (examples.saturation().widget() for _ in range(2))
    first.z = 1.0
    assert second.z == -4.0
    assert str(logit) in second.values


def test_a_number_of_a_vector_moves_alone_within_its_range() -> None:
    widget = examples.softmax().widget()
    widget.z_1 = -3.0
    assert [widget.values[f"z_{k}"] for k in (1, 2, 3)] == [-3.0, 0.5, -1.0]
    with pytest.raises(TraitError, match=r"Vector\(z\): expected numbers in \[-4.0, 4.0\]"):
        widget.z_2 = 4.5
    assert (widget.z_2, widget.values["z_2"]) == (0.5, 0.5)


def test_a_switch_and_a_choice_between_numbers_of_sympy_are_numbers() -> None:
    widget = examples.lengths().widget()
    widget.split = 0
    widget.unit = math.log(2)
    assert (widget.values["split"], widget.values["unit"]) == (0.0, math.log(2))
    with pytest.raises(TraitError, match=r"split: expected True or False, got 0\.5"):
        widget.split = 0.5
