"""How long the derivations of the book take to check, and how the time grows with steps and with nesting.

Run as ``python benchmarks/derivations.py``; ``--each`` lists every derivation. Times are processor time of
one core, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from time import process_time

from sympy import Integer, Sum, log

from ce.claims import all_claims
from ce.derivation import Derivation, Equal, World
from ce.derivation.judge import Judge
from ce.formulas import cross_entropy, entropy, kl_divergence
from ce.symbols import K, N, j, k, l, m, n, p, q, v

STEPS = (1, 2, 4, 8, 16, 32, 64)
INDICES = (j, k, l, m)


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    start = process_time()
    action()
    return process_time() - start


def chain(steps: int) -> Derivation:
    """Return H(p, q) split and put together again, ``steps`` times, each line different from the others."""
    lines = (entropy.textbook + kl_divergence.textbook, cross_entropy.textbook)
    written = tuple(Equal(lines[at % 2] + Sum(q[k] * at, (k, 1, K)) - at) for at in range(steps))
    return Derivation("benchmark", "A chain", (), World(normalised=(p, q)), cross_entropy.textbook, written)


def nested(depth: int) -> Integer:
    """Return ``depth`` sums within one another, the innermost term tied to all of them."""
    term = Integer(1)
    for index in INDICES[:depth]:
        term *= p[index] * log(q[index]) + v[index]
    for index in INDICES[:depth]:
        term = Sum(term, (index, 1, K))
    return Sum(term * v[n], (n, 1, N))


def machine() -> str:
    """Return what the times were measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("sympy", "mpmath"))
    return f"{platform.platform()}, Python {platform.python_version()}, {packages}"


def main() -> int:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", action="store_true", help="list every derivation")
    options = parser.parse_args()
    print(machine())
    print(f"importing and building all claims: {seconds(all_claims):.2f} s")
    times = {claim: seconds(claim.derivation.check) for claim in all_claims()}
    steps = sum(len(claim.derivation.steps) for claim in times)
    ordered = sorted(times.values())
    print(f"{len(times)} derivations, {steps} steps: {sum(ordered):.2f} s in all")
    median, most = 1000 * ordered[len(ordered) // 2], 1000 * ordered[-1]
    print(f"one derivation: median {median:.0f} ms, most {most:.0f} ms")
    print(f"one step: mean {1000 * sum(ordered) / steps:.0f} ms")
    if options.each:
        for claim, time in sorted(times.items(), key=lambda item: -item[1]):
            print(f"  {1000 * time:7.1f} ms  {len(claim.derivation.steps)} steps  {claim.key}")
    print("growth with the number of steps:")
    for number in STEPS:
        derivation = chain(number)
        time = seconds(derivation.check)
        print(f"  {number:3} steps {1000 * time:8.1f} ms, {1000 * time / number:6.1f} ms a step")
    print("growth of the normal form with nesting:")
    for depth in range(1, len(INDICES) + 1):
        expression = nested(depth)
        print(f"  {depth + 1} sums {1000 * seconds(lambda e=expression: Judge(World()).reader.read(e)):8.1f} ms")  # type: ignore[misc]
    return 0


if __name__ == "__main__":
    sys.exit(main())
