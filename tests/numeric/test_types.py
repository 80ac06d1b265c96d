"""What a type checker makes of the losses: a pair where a gradient is asked for, else a number."""

from __future__ import annotations

from pathlib import Path

from mypy import api

GOOD = """
from ce.numeric import accuracy, cross_entropy_with_logits, gaussian_nll, sigmoid_focal_loss, softmax

share: float = accuracy([[0.0, 1.0]], [1])
loss: float = cross_entropy_with_logits([0.0, 1.0], 1)
mean: float = cross_entropy_with_logits([[0.0, 1.0]], [1]).mean()
value, gradient = cross_entropy_with_logits([[0.0, 1.0]], [1], return_grad=True)
shape: tuple[int, ...] = gradient.shape
_, (by_mean, by_variance) = gaussian_nll(0.0, 1.0, 1.0, return_grad=True)


def wrapper(flag: bool) -> float:
    result: float = sigmoid_focal_loss(0.0, 1.0, mixed="loss", return_grad=flag)
    return result
"""
BAD = """
from ce.numeric import cross_entropy, cross_entropy_with_logits, sigmoid_focal_loss

cross_entropy([1.0], [1.0], unit="shannons")
cross_entropy_with_logits([0.0], 0, weight=1.0)
cross_entropy_with_logits([0.0])
sigmoid_focal_loss(0.0, 1.0, mixed="label")
a, b, c = cross_entropy_with_logits([0.0], 0, return_grad=True)
"""


def errors(source: str, folder: Path) -> list[int]:
    """Return the lines that mypy objects to."""
    file = folder / "program.py"
    file.write_text(source, encoding="utf8")
    report, _, _ = api.run(["--strict", "--cache-dir", str(folder / "cache"), str(file)])
    return sorted({int(line.split(":")[1]) for line in report.splitlines() if "error:" in line})


def test_numbers_pairs_and_a_variable_flag_are_typed_and_mistakes_are_found(tmp_path: Path) -> None:
    assert errors(GOOD, tmp_path) == []
    assert errors(BAD, tmp_path) == [4, 5, 6, 7, 8]
