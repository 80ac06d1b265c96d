"""Gibbs' inequality, a divergence in numbers, and what follows for two beliefs: claims I3, I5 and C15."""

from __future__ import annotations

from dataclasses import replace

from sympy import Abs, Function, IndexedBase, Integer, Rational, Sum, Symbol, log, sqrt
from sympy.core.expr import Expr

from ce.claims.cross_entropy import BINOMIAL, WORKED, WORKED_CONDITIONS
from ce.claims.registry import claim
from ce.derivation import (
    CONVEXITY,
    LOG_LEMMA,
    SQUARES,
    At,
    AtLeast,
    Counterexample,
    Derivation,
    Equal,
    Lemma,
    LogGap,
    Minimum,
    Rounded,
    Slip,
    TangentGap,
    World,
)
from ce.formulas import Expectation, cross_entropy, entropy, kl_divergence
from ce.formulas.functions import Node
from ce.symbols import K, M, j, k, l, m, p, q, r, v

PMFS = r"\(\sum_k p_k = \sum_k q_k = 1\)"
COVERED = r"\(q_k > 0\) wherever \(p_k > 0\)"
SUPPORT = COVERED + r"; \(0 \log 0 = 0\); a class with \(p_k = q_k = 0\) is left out"
f, slope = Function("f", real=True), Function("f'", real=True)
A, B = Symbol("a", positive=True), Symbol("b", positive=True)
WEIGHTS, OTHERS = IndexedBase("a", nonnegative=True), IndexedBase("b", positive=True)
MIXED_P, MIXED_Q = IndexedBase("pbar", positive=True), IndexedBase("qbar", positive=True)
CHANNEL = IndexedBase("t", positive=True)
MIXED_DIVERGENCE, SEEN_DIVERGENCE = (
    Sum(MIXED_P[at] * log(MIXED_P[at] / MIXED_Q[at]), (at, 1, size)) for at, size in ((k, K), (j, M))
)


@claim
def log_below_its_tangent() -> Derivation:
    """I3, lemma: the gap between the logarithm and its tangent is never negative."""
    proof = LOG_LEMMA.proofs[0]
    return replace(
        proof,
        counterexamples=(
            Slip(
                "a is not taken away",
                2,
                before=proof.steps[0].expr + proof.start.args[0],
                moral="The least value is a, then, and not 0: the bound log x ≤ x is true and touches nowhere.",
            ),
        ),
    )


@claim
def log_below_its_tangent_at_zero() -> Derivation:
    """I3, lemma: and neither where a is 0."""
    return replace(
        LOG_LEMMA.proofs[1], counterexamples=(Slip("0 log 0 is taken to leave nothing at all", 1, after=Integer(0)),)
    )


@claim
def gibbs_inequality() -> Derivation:
    """I3: the divergence is never negative."""
    world = World(normalised=(p, q))
    gaps = Sum(LogGap(p[k], q[k]), (k, 1, K))
    return Derivation(
        claim="I3",
        part="Gibbs",
        title="Gibbs’ inequality: the divergence is never negative",
        conditions=(SUPPORT, PMFS),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(
            Equal(gaps + Sum(p[k], (k, 1, K)) - Sum(q[k], (k, 1, K)), r"\(\mathrm{gap}(a, b) = b - a + a \log(a/b)\)"),
            Equal(gaps, "both sums are 1"),
            AtLeast(
                Integer(0),
                r"\(\log x \le x - 1\) at \(x = q_k / p_k\), times \(p_k\): every gap is \(\ge 0\)",
                lemma=LOG_LEMMA,
            ),
        ),
        counterexamples=(
            Counterexample("q sums to one", 2, world.without(normalised=(q,))),
            Counterexample(
                "q sums to one (in the conclusion)",
                3,
                world.without(normalised=(q,)),
                from_start=True,
                moral="If q sums to more than 1 the “divergence” can be negative.",
            ),
            Counterexample("q > 0 where p > 0", 1, world.but(may_vanish=(q,))),
        ),
    )


@claim
def divergence_bounds_a_distance() -> Derivation:
    """I3: the divergence bounds a squared distance, so it is zero only for p = q, zeros in p included."""
    world = World(normalised=(p, q))
    slack = 2 * Sum(sqrt(p[k]) * LogGap(sqrt(p[k]), sqrt(q[k])), (k, 1, K))
    return Derivation(
        claim="I3",
        part="equality",
        title="The divergence is zero only when the two pmfs are equal",
        conditions=(SUPPORT, PMFS),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(
            AtLeast(
                2 - 2 * Sum(sqrt(p[k]) * sqrt(q[k]), (k, 1, K)),
                r"the lemma at \(x = \sqrt{q_k / p_k}\), times \(2 p_k\)",
                slack=slack,
                lemma=LOG_LEMMA,
            ),
            Equal(Sum((sqrt(p[k]) - sqrt(q[k])) ** 2, (k, 1, K)), "complete the square; both pmfs sum to one"),
            AtLeast(Integer(0), "a sum of squares", lemma=SQUARES),
        ),
        conclusion=r"If \(\mathrm{KL}(p \,\|\, q) = 0\) every square is 0, so \(q_k = p_k\) for every \(k\).",
        counterexamples=(
            Counterexample("both pmfs sum to one", 2, world.without(normalised=(p,))),
            Slip("the bound is doubled", 1, after=4 - 4 * Sum(sqrt(p[k]) * sqrt(q[k]), (k, 1, K))),
        ),
    )


@claim
def divergence_from_itself() -> Derivation:
    """I3: the divergence of a pmf from itself is zero."""
    return Derivation(
        claim="I3",
        part="itself",
        title="The divergence of a pmf from itself is zero",
        conditions=(r"\(p\) is a pmf", r"\(p_k > 0\), or the sum runs over such k"),
        world=World(normalised=(p, q), positive=(p,)),
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(At(Integer(0), r"every logarithm is \(\log 1\)", put={q[k]: p[k]}),),
        counterexamples=(
            Counterexample(
                "p > 0", 1, World(normalised=(p, q)), moral="0 log(0/0) needs its convention: leave such k out."
            ),
        ),
    )


@claim
def truth_minimises_cross_entropy() -> Derivation:
    """I3: q = p minimises H(p, ·)."""
    world = World(normalised=(p, q))
    return Derivation(
        claim="I3",
        part="minimum",
        title="Cross-entropy is smallest at q = p, where it is the entropy",
        conditions=(SUPPORT, PMFS),
        world=world,
        head="H(p, q)",
        start=cross_entropy.textbook,
        steps=(
            Equal(entropy.textbook + Sum(LogGap(p[k], q[k]), (k, 1, K)), r"\(H(p) + \mathrm{KL}(p \,\|\, q)\)"),
            AtLeast(entropy.textbook, "Gibbs’ inequality", lemma=LOG_LEMMA),
        ),
        counterexamples=(
            Slip(
                "q = p is called a maximum",
                2,
                before=entropy.textbook,
                after=cross_entropy.textbook,
                moral="That q = p maximises has been printed, and is wrong.",
            ),
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
        ),
    )


@claim
def divergence_forward_in_numbers() -> Derivation:
    """I5: KL(p‖q) for the uniform against a binomial."""
    exact = (log(Rational(100, 147)) + log(Rational(100, 126)) + log(Rational(100, 27))) / 3
    return Derivation(
        claim="I5",
        part="forward",
        title="A divergence in numbers: uniform against Bin(2, 0.3)",
        conditions=WORKED_CONDITIONS,
        world=WORKED,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(Equal(exact, "put the numbers in"), Rounded(because="in nats", digits=3)),
        counterexamples=(
            Slip(
                "p and q are swapped",
                1,
                before=Sum(q[k] * log(q[k] / p[k]), (k, 1, K)),
                moral="The other direction is another number.",
            ),
        ),
    )


@claim
def divergence_backward_in_numbers() -> Derivation:
    """I5: KL(q‖p) is another number."""
    exact = sum((b * log(3 * b) for b in BINOMIAL), Integer(0))
    return Derivation(
        claim="I5",
        part="backward",
        title="The same two pmfs the other way round",
        conditions=WORKED_CONDITIONS,
        world=WORKED,
        head=r"\mathrm{KL}(q \,\|\, p)",
        start=Sum(q[k] * log(q[k] / p[k]), (k, 1, K)),
        steps=(Equal(exact, "put the numbers in"), Rounded(because="in nats", digits=3)),
        counterexamples=(Slip("p and q are swapped", 1, before=kl_divergence.textbook),),
    )


@claim
def jensen_for_any_convex_function() -> Derivation:
    """C15: the mean of a convex function is at least its value at the mean."""
    centre, world = Sum(p[l] * v[l], (l, 1, K)), World(normalised=(p,), slopes={f: slope}, convex=(f,))
    gaps = Sum(p[k] * TangentGap(f(v[k]), f(centre), slope(centre)), (k, 1, K))
    return Derivation(
        claim="C15",
        part="Jensen",
        title="Jensen’s inequality for any convex function",
        conditions=(r"\(\sum_k p_k = 1\), \(p_k \ge 0\)", r"\(f\) lies nowhere below any of its tangents"),
        world=world,
        head=r"\mathbb{E}[f(v)]",
        start=Expectation(f(v[k]), p[k], k, K),
        steps=(
            AtLeast(
                f(centre),
                r"the tangent at the mean: its slope times \(v_k - \mathbb{E}[v]\) "
                "averages to nothing",
                slack=gaps,
                lemma=CONVEXITY,
            ),
        ),
        counterexamples=(
            Counterexample("p sums to one", 1, world.without(normalised=(p,))),
            Counterexample("f is convex", 1, world.without(convex=(f,))),
        ),
    )


@claim
def log_sum_inequality() -> Derivation:
    """C15: the log-sum inequality, from which the others of the kind follow."""
    total, other = (Sum(base[l], (l, 1, K)) for base in (WEIGHTS, OTHERS))
    world = World(positive=(total,))
    return Derivation(
        claim="C15",
        part="log-sum",
        title="The log-sum inequality: added up, two lists differ less",
        conditions=(r"\(a_k \ge 0\), not all 0; \(b_k > 0\); they need not sum to one",),
        world=world,
        head=r"\sum_k a_k \log(a_k / b_k)",
        start=Sum(WEIGHTS[k] * log(WEIGHTS[k] / OTHERS[k]), (k, 1, K)),
        steps=(
            AtLeast(
                total * log(total / other),
                r"\(\log x \le x - 1\) for each \(k\), with \(b\) scaled to the sum of \(a\)",
                slack=Sum(LogGap(WEIGHTS[k], OTHERS[k] * total / other), (k, 1, K)),
                lemma=LOG_LEMMA,
            ),
        ),
        conclusion="Equality needs one ratio for all k. Two pmfs have the sums 1, and it is Gibbs’ inequality.",
        counterexamples=(
            Counterexample("b > 0", 1, world.but(may_vanish=(OTHERS,))),
            Slip("the sum of a is left out", 1, after=log(total / other)),
        ),
    )


@claim
def divergence_is_convex() -> Derivation:
    """C15: the divergence of two mixtures is at most the mean of the divergences."""
    mean = Sum(r[m] * Sum(p[m, k] * log(p[m, k] / q[m, k]), (k, 1, K)), (m, 1, M))
    gaps = Sum(r[m] * LogGap(p[m, k], q[m, k] * MIXED_P[k] / MIXED_Q[k]), (m, 1, M))
    return Derivation(
        claim="C15",
        part="convex",
        title="The divergence is convex in the pair: mixtures differ less than what they mix",
        conditions=(
            r"\(p_{m,\cdot}\) and \(q_{m,\cdot}\): \(M\) pairs of pmfs, mixed with the weights \(r_m > 0\)",
            r"all \(p_{m,k} > 0\)",
        ),
        world=World(
            positive=(p, r),
            shapes={p: (M, K), q: (M, K), r: (M,), MIXED_P: (K,), MIXED_Q: (K,)},
            define={MIXED_P[k]: Sum(r[m] * p[m, k], (m, 1, M)), MIXED_Q[k]: Sum(r[m] * q[m, k], (m, 1, M))},
        ),
        head=r"\sum_m r_m \mathrm{KL}(p_m \,\|\, q_m)",
        start=mean,
        steps=(
            AtLeast(
                MIXED_DIVERGENCE,
                r"the log-sum inequality for each class \(k\)",
                slack=Sum(gaps, (k, 1, K)),
                lemma=LOG_LEMMA,
            ),
        ),
        counterexamples=(Slip("convex and concave change places", 1, before=MIXED_DIVERGENCE, after=mean),),
    )


@claim
def data_processing_inequality() -> Derivation:
    """C15: whatever is done to an outcome, it tells two beliefs apart no better than before."""
    world = World(
        normalised=(p, CHANNEL),
        shapes={p: (K,), q: (K,), CHANNEL: (K, M), MIXED_P: (M,), MIXED_Q: (M,)},
        define={MIXED_P[j]: Sum(p[k] * CHANNEL[k, j], (k, 1, K)), MIXED_Q[j]: Sum(q[k] * CHANNEL[k, j], (k, 1, K))},
    )
    gaps = Sum(CHANNEL[k, j] * LogGap(p[k], q[k] * MIXED_P[j] / MIXED_Q[j]), (k, 1, K))
    return Derivation(
        claim="C15",
        part="data processing",
        title="The data processing inequality: nothing done to an outcome adds divergence",
        conditions=(
            SUPPORT,
            PMFS,
            r"outcome \(k\) is passed on as \(j\) with probability \(t_{k,j} > 0\), \(\sum_j t_{k,j} = 1\)",
        ),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(
            Equal(
                Sum(p[k] * CHANNEL[k, j] * log(p[k] / q[k]), (k, 1, K), (j, 1, M)),
                r"\(t_{k,j}\) sums to one over \(j\)",
            ),
            AtLeast(
                SEEN_DIVERGENCE,
                r"the log-sum inequality for each \(j\): \(t_{k,j}\) cancels in the ratio",
                slack=Sum(gaps, (j, 1, M)),
                lemma=LOG_LEMMA,
            ),
        ),
        conclusion=r"It stays true as some \(t_{k,j}\) go to 0: merging classes is a case.",
        counterexamples=(
            Counterexample("t sums to one", 1, world.without(normalised=(CHANNEL,))),
            Slip("more divergence is seen than there is", 2, before=SEEN_DIVERGENCE, after=kl_divergence.textbook),
        ),
    )


class SquareGap(Node):
    r"""What a class adds to the divergence beyond :math:`\tfrac32 (a - b)^2 / (a + 2 b)`, and beyond a − b.

    Examples
    --------
    >>> SquareGap(p[k], p[k]).meaning()
    0
    """

    nargs = 2

    def meaning(self) -> Expr:
        """Return the textbook definition; 0 log 0 is 0."""
        a, b = self.args
        return (a * log(a / b) if a else 0) - a + b - Rational(3, 2) * (a - b) ** 2 / (a + 2 * b)

    def _latex(self, printer: object, exp: str | None = None) -> str:
        a, b = (printer._print(argument) for argument in self.args)  # type: ignore[attr-defined]
        return rf"\mathrm{{gap}}_2\left({a}, {b}\right)"


@claim
def divergence_of_a_class_bounds_a_square() -> Derivation:
    """C15, lemma: what a class adds to the divergence is at least a square."""
    gap = SquareGap(A, B)
    return Derivation(
        claim="C15",
        part="lemma",
        title="Class by class, the divergence is at least a weighted square",
        conditions=(r"\(a > 0\), \(b > 0\)",),
        world=World(),
        start=gap,
        steps=(
            Equal(gap.meaning(), "what this gap is"),
            Minimum(
                0,
                r"as \(b\) grows the gap falls until \(b = a\), and then rises",
                variable=B,
                at=A,
                slope=(A - B) ** 2 / (B * (A + 2 * B) ** 2),
            ),
        ),
        counterexamples=(
            Slip("3/2 becomes 2", 2, before=gap.meaning() - (A - B) ** 2 / (2 * (A + 2 * B)), moral="3/2 is the most."),
        ),
    )


@claim
def divergence_of_an_empty_class_bounds_a_square() -> Derivation:
    """C15, lemma: and where a is 0."""
    return Derivation(
        claim="C15",
        part="lemma, a = 0",
        title="At a = 0 this gap is a quarter of b",
        conditions=(r"\(b > 0\)",),
        world=World(),
        start=SquareGap(Integer(0), B),
        steps=(Equal(B / 4, r"\(0 \log 0 = 0\)"), AtLeast(0, r"\(b > 0\)")),
        counterexamples=(Slip("0 log 0 is taken for b", 1, after=5 * B / 4),),
    )


@claim
def pinskers_inequality() -> Derivation:
    """C15: the divergence bounds the sum of the differences."""
    world, weight = World(normalised=(p, q)), p[k] + 2 * q[k]
    apart = Sum(Abs(p[l] - q[l]), (l, 1, K))
    squares = Sum((Abs(p[k] - q[k]) / sqrt(weight) - apart * sqrt(weight) / 3) ** 2, (k, 1, K))
    proofs = divergence_of_a_class_bounds_a_square(), divergence_of_an_empty_class_bounds_a_square()
    return Derivation(
        claim="C15",
        part="Pinsker",
        title="Pinsker’s inequality: a small divergence means that no probability is far off",
        conditions=(SUPPORT, PMFS, "in nats"),
        world=world,
        head=r"\mathrm{KL}(p \,\|\, q)",
        start=kl_divergence.textbook,
        steps=(
            AtLeast(
                Rational(3, 2) * Sum((p[k] - q[k]) ** 2 / weight, (k, 1, K)),
                "the lemma for each class; both pmfs sum to one",
                slack=Sum(SquareGap(p[k], q[k]), (k, 1, K)),
                lemma=Lemma("class by class, a weighted square", SquareGap, proofs),
            ),
            AtLeast(
                apart**2 / 2,
                r"Cauchy and Schwarz, with \(\sum_k (p_k + 2 q_k) = 3\)",
                slack=Rational(3, 2) * squares,
                lemma=SQUARES,
            ),
        ),
        conclusion=r"So no event has probabilities further apart than \(\sqrt{\mathrm{KL}(p \,\|\, q) / 2}\).",
        counterexamples=(
            Counterexample("q sums to one", 1, world.without(normalised=(q,))),
            Slip("the ½ is forgotten", 2, after=apart**2),
        ),
    )
