"""How long the losses of ``ce.numeric`` take beside PyTorch, JAX, SciPy, scikit-learn and the naive form.

Run as ``python benchmarks/numeric.py`` in an environment with ``pip install -e ".[benchmarks]"``;
``--rounds`` sets how often each is timed (11 or more). Everything is on one thread, input checks included,
value and gradient together. The contenders of a row take turns, round by round, and processor time is taken,
so that other work on the machine falls on all of them alike; the table gives medians.
"""

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse  # noqa: E402
import platform  # noqa: E402
import statistics  # noqa: E402
import tracemalloc  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402
from functools import partial  # noqa: E402
from importlib.metadata import version  # noqa: E402
from time import process_time  # noqa: E402
from typing import Any  # noqa: E402

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from scipy import special  # noqa: E402
from sklearn.metrics import log_loss  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402
from torch.nn import functional  # noqa: E402

from ce.checks import class_numbers, pmf_array, values_array  # noqa: E402
from ce.numeric import binary_cross_entropy_with_logits, cross_entropy_with_logits, one_hot, smooth_labels  # noqa: E402
from ce.numeric._blockwise import BLOCK  # noqa: E402

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)

Call = Callable[[], Any]


@dataclass
class Row:
    """One line of the table: contenders by name, and the largest ratio wanted against some of them."""

    title: str
    calls: dict[str, Call]
    goals: dict[str, float] = field(default_factory=dict)


def medians(calls: dict[str, Call], rounds: int) -> dict[str, float]:
    """Return the median time of each call, in seconds; they take turns."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    repeats = {name: max(1, int(0.001 / max(_once(call), 1e-7))) for name, call in calls.items()}
    for _ in range(rounds):
        for name, call in calls.items():
            start = process_time()
            for _ in range(repeats[name]):
                call()
            times[name].append((process_time() - start) / repeats[name])
    return {name: statistics.median(seen) for name, seen in times.items()}


def _once(call: Call) -> float:
    call()
    start = process_time()
    call()
    return process_time() - start


def torch_gradient(loss: Callable[..., torch.Tensor], z: torch.Tensor, y: torch.Tensor) -> Call:
    """Return a call that computes the losses and their gradient by backpropagation."""

    def call() -> Any:
        z.grad = None
        value = loss(z, y, reduction="none")
        value.sum().backward()
        return value, z.grad

    return call


def categorical(
    rows: int, classes: int, kind: str = "label", *, lead: float = 0.0, dtype: type = np.float64, goal: float
) -> Row:
    """Return value and gradient of the cross-entropy with labels, smoothed labels or rows of probabilities.

    With a ``lead`` of the true class the predictions are sure and right.
    """
    draw = np.random.default_rng(rows)
    z, c = draw.normal(scale=3.0, size=(rows, classes)), draw.integers(0, classes, size=rows)
    at = np.arange(rows)
    z[at, c] += lead
    z = z.astype(dtype)
    t = draw.dirichlet(np.full(classes, 0.5), size=rows).astype(dtype) if kind == "probabilities" else c
    share = 0.1 if kind == "smoothed" else 0.0
    leaf, of_torch = (torch.tensor(z, requires_grad=True), partial(functional.cross_entropy, label_smoothing=share))
    dense = jnp.asarray(t if t.ndim == 2 else smooth_labels(one_hot(c, classes), share).astype(dtype))
    jz = jnp.asarray(z)

    def jax_loss(z: Any, dense: Any) -> Any:
        return -(dense * jax.nn.log_softmax(z)).sum(axis=-1)

    jax_both = jax.jit(lambda z, t: (jax_loss(z, t), jax.grad(lambda z: jax_loss(z, t).sum())(z)))

    def scipy_gradient() -> Any:
        value = -special.log_softmax(z, axis=-1)[at, c]
        p = special.softmax(z, axis=-1)
        p[at, c] -= 1
        return value, p

    def naive_gradient() -> Any:
        powers = np.exp(z)
        p = powers / powers.sum(axis=-1, keepdims=True)
        value = -np.log(p[at, c])
        p[at, c] -= 1
        return value, p

    calls: dict[str, Call] = {
        "ce": lambda: cross_entropy_with_logits(z, t, share, return_grad=True),
        "PyTorch": torch_gradient(of_torch, leaf, torch.tensor(t)),
        "JAX": lambda: jax.block_until_ready(jax_both(jz, dense)),
        "copy": z.copy,
    }
    if kind == "label":
        calls |= {"SciPy": scipy_gradient, "naive NumPy": naive_gradient}
    title = f"{kind} ({rows}, {classes})" + (f", sure by {lead:g}" if lead else "")
    return Row(title + (" float32" if dtype == np.float32 else ""), calls, {"PyTorch": goal})


def binary(count: int, goal: float) -> Row:
    """Return value and gradient of the binary cross-entropy."""
    draw = np.random.default_rng(count)
    z, y = draw.normal(scale=3.0, size=count), draw.integers(0, 2, size=count).astype(float)
    leaf, labels, jz, jy = (torch.tensor(z, requires_grad=True), torch.tensor(y), jnp.asarray(z), jnp.asarray(y))

    def jax_loss(z: Any, y: Any) -> Any:
        return -y * jax.nn.log_sigmoid(z) - (1 - y) * jax.nn.log_sigmoid(-z)

    jax_both = jax.jit(lambda z, y: (jax_loss(z, y), jax.grad(lambda z: jax_loss(z, y).sum())(z)))

    def naive_gradient() -> Any:
        p = 1 / (1 + np.exp(-z))
        return -y * np.log(p) - (1 - y) * np.log(1 - p), p - y

    def scipy_gradient() -> Any:
        value = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
        return value, special.expit(z) - y

    return Row(
        f"binary {count:.0e}".replace("e+0", "e"),
        {
            "ce": lambda: binary_cross_entropy_with_logits(z, y, return_grad=True),
            "PyTorch": torch_gradient(functional.binary_cross_entropy_with_logits, leaf, labels),
            "JAX": lambda: jax.block_until_ready(jax_both(jz, jy)),
            "SciPy": scipy_gradient,
            "naive NumPy": naive_gradient,
            "copy": z.copy,
        },
        {"PyTorch": goal},
    )


def table() -> list[Row]:
    """Return the rows, each with the largest share of PyTorch's time that is wanted."""
    return [
        categorical(1000, 1000, goal=0.8),
        categorical(1000, 1000, "probabilities", goal=1.2),
        categorical(1000, 1000, "smoothed", goal=1.2),
        categorical(64, 50_000, goal=1.0),
        categorical(1000, 1000, lead=15.0, goal=1.2),
        categorical(1000, 1000, lead=310.0, goal=1.2),
        categorical(1000, 1000, lead=712.0, goal=3.0),
        categorical(1000, 1000, dtype=np.float32, goal=1.5),
        categorical(1, 10, goal=1.5),
        binary(10**6, goal=1.0),
        reduced(),
    ]


def reduced() -> Row:
    """Return the mean loss from probabilities, which is what scikit-learn has."""
    draw = np.random.default_rng(1)
    z, c = draw.normal(scale=3.0, size=(1024, 1000)), draw.integers(0, 1000, size=1024)
    p, classes = special.softmax(z, axis=-1), np.arange(1000)
    return Row(
        "mean cross-entropy (1024, 1000)",
        {"ce": lambda: cross_entropy_with_logits(z, c).mean(), "scikit-learn": lambda: log_loss(c, p, labels=classes)},
    )


def print_table(rows: list[Row], rounds: int) -> None:
    """Time the rows and print one line for each: the time of ce, and ce's time as a share of each other's."""
    names = ["PyTorch", "JAX", "SciPy", "scikit-learn", "naive NumPy", "copy"]
    print(f"{'':45s}{'ce':>12s}" + "".join(f"{'/ ' + name:>15s}" for name in names) + "   goals")
    for row in rows:
        times = medians(row.calls, rounds)
        shares = {name: times["ce"] / time for name, time in times.items()}
        cells = "".join(f"{shares[name]:15.2f}" if name in shares else f"{'':15s}" for name in names)
        goals = [
            f"{name} ≤ {most:g}: {'met' if shares[name] <= most else 'NOT MET'}" for name, most in row.goals.items()
        ]
        print(f"{row.title:45s}{times['ce'] * 1e3:9.3f} ms{cells}   {'; '.join(goals)}")


def print_checks(rounds: int) -> None:
    """Print which share of the time the checks of the input take."""
    draw = np.random.default_rng(1)
    z, c = draw.normal(scale=3.0, size=(1024, 1000)), draw.integers(0, 1000, size=1024)
    t, y = special.softmax(z, axis=-1), draw.random(z.shape)
    of_pmfs: Call = lambda: (values_array(z, "", ""), pmf_array(t, "", ""))  # noqa: E731
    cases: dict[str, tuple[Call, Call]] = {
        "integer labels": (
            lambda: cross_entropy_with_logits(z, c),
            lambda: (values_array(z, "", ""), class_numbers(c, "", "", classes=1000)),
        ),
        "probabilities": (lambda: cross_entropy_with_logits(z, t), of_pmfs),
        "probabilities, with gradient": (lambda: cross_entropy_with_logits(z, t, return_grad=True), of_pmfs),
        "binary targets": (
            lambda: binary_cross_entropy_with_logits(z, y),
            lambda: (values_array(z, "", ""), values_array(y, "", "")),
        ),
    }
    print("\nShare of the checks at (1024, 1000)")
    for name, (whole, checks) in cases.items():
        times = medians({"whole": whole, "checks": checks}, rounds)
        print(f"  {name:30s}{times['checks'] / times['whole']:8.1%}")


def print_growth(rounds: int) -> None:
    """Print time per number and the most memory beyond input and output, from 10³ to 10⁷ numbers."""
    size = BLOCK.bit_length() - 1
    print(f"\nCost per number, value and gradient with K = 1000 (a block holds 2^{size} numbers)")
    for rows in (1, 10, 100, 1000, 10_000):
        draw = np.random.default_rng(rows)
        z, c = draw.normal(scale=3.0, size=(rows, 1000)), draw.integers(0, 1000, size=rows)
        call: Call = lambda z=z, c=c: cross_entropy_with_logits(z, c, return_grad=True)  # noqa: E731
        time = medians({"ce": call}, rounds)["ce"]
        tracemalloc.start()
        kept = call()
        peak = tracemalloc.get_traced_memory()[1] - sum(part.nbytes for part in kept)
        tracemalloc.stop()
        cost = f"{time / z.size * 1e9:8.2f} ns each, {peak / 8 / BLOCK:6.2f} blocks of memory"
        print(f"  {rows * 1000:>10,} numbers {cost}")


def print_machine() -> None:
    """Print what was measured on, the vector instructions among it."""
    from numpy._core._multiarray_umath import __cpu_features__ as features  # noqa: PLC0415

    model = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = (line.split(":")[1].strip() for line in file if line.startswith("model name"))
            model = next(names, model)
    found = [name for name in ("AVX512_SKX", "AVX512F", "AVX2", "ASIMD") if features.get(name)]
    installed = ("numpy", "scipy", "torch", "jax", "scikit-learn")
    packages = ", ".join(f"{name} {version(name)}" for name in installed)
    print(f"{model}, vector instructions {' '.join(found) or 'none'}; Python {platform.python_version()}")
    print(f"{packages}; one thread each\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each is timed, 11 or more")
    rounds = max(11, parser.parse_args().rounds)
    print_machine()
    with threadpool_limits(1), np.errstate(all="ignore"):
        print_table(table(), rounds)
        print_checks(rounds)
        print_growth(rounds)


if __name__ == "__main__":
    main()
