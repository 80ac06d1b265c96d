"""What PyTorch, Keras, SciPy, scikit-learn and JAX answer in a table of cases, ``tests/numeric/peers.json``.

Run as ``python benchmarks/peers.py`` in an environment with ``pip install -e ".[benchmarks]"``. The tests of
``ce.numeric`` read the table, so that they need none of these packages.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import jax
import keras
import numpy as np
import sklearn.metrics
import torch
from scipy import special, stats
from torch.nn import functional

jax.config.update("jax_enable_x64", True)

TABLE = Path(__file__).parents[1] / "tests" / "numeric" / "peers.json"
INF = float("inf")

ROWS: list[tuple[list[float], int]] = [
    ([0.0, 0.0], 0),
    ([1.0, -2.0, 0.5], 2),
    ([3.0, 3.0, 3.0, 3.0], 1),
    ([1000.0, 0.0], 1),
    ([-1000.0, 0.0], 1),
    ([46.0, 0.0], 0),
    ([46.1, 0.3, -2.2], 0),
    ([300.0, 0.0], 0),
    ([700.5, 0.25], 0),
    ([1e9, -1e9], 1),
    ([1e308, 0.0], 0),
    ([1e-300, -1e-300], 0),
    ([-INF, 0.0, 1.0], 1),
    ([-INF, 0.0], 0),
    ([INF, 0.0], 0),
    ([INF, 0.0], 1),
]
BINARY: list[tuple[float, float]] = [
    *(
        (z, y)
        for y in (0.0, 1.0)
        for z in (0.0, 1.5, -2.5, 40.0, -40.0, 600.0, 745.0, -745.0, 1e9, -1e9, 1e308, INF, -INF)
    ),
    (0.3, 0.25),
    (-8.0, 0.5),
]
PAIRS = [
    ([0.5, 0.5], [0.25, 0.75]),
    ([1 / 3, 1 / 3, 1 / 3], [0.49, 0.42, 0.09]),
    ([1.0, 0.0], [0.5, 0.5]),
    ([0.5, 0.5], [1.0, 0.0]),
    ([1.0, 0.0], [1.0, 0.0]),
]
GAUSSIAN = [(0.0, 0.0, 1.0), (1.0, 3.0, 0.5), (0.0, 1.0, 1e-7), (2.0, 2.0, 1e-12), (1.0, -2.0, 40.0)]

Arguments = dict[str, Any]


def tensor(value: Any) -> torch.Tensor:
    """Return a float64 tensor, or one of class numbers."""
    array = np.asarray(value)
    return torch.tensor(array, dtype=torch.int64 if array.dtype.kind == "i" else torch.float64)


def onehot(logits: list[float], label: int) -> np.ndarray:
    """Return the vector of a class number."""
    return np.eye(len(logits))[label]


PEERS: dict[str, dict[str, Callable[..., Any]]] = {
    "torch": {
        "cross_entropy_with_logits": lambda logits, targets, label_smoothing=0.0: functional.cross_entropy(
            tensor(logits), tensor(targets), label_smoothing=label_smoothing
        ),
        "log_softmax": lambda logits: functional.log_softmax(tensor(logits), dim=-1),
        "softmax": lambda logits: functional.softmax(tensor(logits), dim=-1),
        "logsumexp": lambda logits: torch.logsumexp(tensor(logits), dim=-1),
        "binary_cross_entropy_with_logits": lambda logits, targets: functional.binary_cross_entropy_with_logits(
            tensor(logits), tensor(targets)
        ),
        "sigmoid": lambda logits: torch.sigmoid(tensor(logits)),
        "kl_divergence": lambda p, q: functional.kl_div(tensor(q).log(), tensor(p), reduction="sum"),
        "gaussian_nll": lambda mean, targets, variance: functional.gaussian_nll_loss(
            tensor(mean), tensor(targets), tensor(variance)
        ),
    },
    "keras": {
        "cross_entropy_with_logits": lambda logits, targets, label_smoothing=0.0: keras.losses.categorical_crossentropy(
            onehot(logits, targets)[None], np.array([logits]), from_logits=True, label_smoothing=label_smoothing
        )[0],
        "log_loss": lambda probabilities, labels: keras.losses.categorical_crossentropy(
            np.eye(2)[labels], np.array(probabilities)
        ),
        "binary_cross_entropy_with_logits": lambda logits, targets: keras.losses.binary_crossentropy(
            np.array([targets]), np.array([logits]), from_logits=True
        ),
    },
    "scipy": {
        "log_softmax": lambda logits: special.log_softmax(np.array(logits)),
        "softmax": lambda logits: special.softmax(np.array(logits)),
        "logsumexp": lambda logits: special.logsumexp(np.array(logits)),
        "sigmoid": lambda logits: special.expit(np.float64(logits)),
        "log_sigmoid": lambda logits: special.log_expit(np.float64(logits)),
        "entropy": lambda p: stats.entropy(pk=p),
        "kl_divergence": lambda p, q: stats.entropy(pk=p, qk=q),
    },
    "sklearn": {
        "log_loss": lambda probabilities, labels: sklearn.metrics.log_loss(labels, probabilities, labels=[0, 1])
    },
    "jax": {
        "log_softmax": lambda logits: jax.nn.log_softmax(np.array(logits)),
        "softmax": lambda logits: jax.nn.softmax(np.array(logits)),
        "logsumexp": lambda logits: jax.nn.logsumexp(np.array(logits)),
        "sigmoid": lambda logits: jax.nn.sigmoid(np.float64(logits)),
        "log_sigmoid": lambda logits: jax.nn.log_sigmoid(np.float64(logits)),
    },
}


def cases() -> list[tuple[str, Arguments]]:
    """Return the function of ce.numeric and the arguments of each case."""
    found: list[tuple[str, Arguments]] = []
    for logits, label in ROWS:
        labelled = {"logits": logits, "targets": label}
        found.append(("cross_entropy_with_logits", labelled))
        found.append(("cross_entropy_with_logits", {**labelled, "label_smoothing": 0.1}))
        found += [(name, {"logits": logits}) for name in ("log_softmax", "softmax", "logsumexp")]
    for z, y in BINARY:
        found.append(("binary_cross_entropy_with_logits", {"logits": z, "targets": y}))
        found += [(name, {"logits": z}) for name in ("sigmoid", "log_sigmoid")]
    for p, q in PAIRS:
        found += [("kl_divergence", {"p": p, "q": q}), ("entropy", {"p": p})]
    found += [("log_loss", {"probabilities": [q], "labels": [1]}) for _, q in PAIRS if len(q) == 2]
    found += [("gaussian_nll", {"mean": m, "targets": y, "variance": v}) for m, y, v in GAUSSIAN]
    return [case for at, case in enumerate(found) if case not in found[:at]]  # each once


def numbers(result: Any) -> list[str]:
    """Return the numbers of a result as text that reads back exactly."""
    array = result.detach().numpy() if isinstance(result, torch.Tensor) else result
    return [repr(float(value)) for value in np.ravel(np.asarray(array, dtype=np.float64))]


def main() -> None:
    """Ask every peer every case it has a function for, and write the table."""
    with np.errstate(all="ignore"):
        rows = [
            {"peer": peer, "function": name, "arguments": asked, "values": numbers(functions[name](**asked))}
            for name, asked in cases()
            for peer, functions in PEERS.items()
            if name in functions
        ]
    packages = {peer: version({"sklearn": "scikit-learn"}.get(peer, peer)) for peer in PEERS}
    versions = {"python": platform.python_version(), "numpy": version("numpy"), **packages}
    lines = ",\n".join(json.dumps(row) for row in rows)
    TABLE.write_text(f'{{"versions": {json.dumps(versions)},\n"rows": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{len(rows)} answers of {', '.join(f'{name} {number}' for name, number in packages.items())}")


if __name__ == "__main__":
    main()
