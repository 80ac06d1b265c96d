"""Errors on this topic in good sources: each line as it is printed, what refutes it, and the right line, proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from sympy import Integer, KroneckerDelta, Rational, Sum, exp, expand, log
from sympy.core.expr import Expr

from ce.cards import card, grade_mark, in_dollars, inline, relation, style, text
from ce.claims.two_directions_of_kl import CLOSED, DEVIATIONS, MEANS
from ce.derivation import (
    LOG_LEMMA,
    At,
    AtLeast,
    CheckedDerivation,
    Derivation,
    Derivative,
    Equal,
    Limit,
    LogGap,
    Rounded,
    Slip,
    Step,
    World,
)
from ce.formulas import cross_entropy, entropy, kl_divergence, sigmoid
from ce.formulas.typeset import typeset
from ce.symbols import K, M, N, bias, k, l, label, logit, m, n, p, prob, q, r, weight, x

FACES, INPUTS, ROLLS = (k, 1, K), (m, 1, M), (n, 1, N)
MEAN_LOG = Sum(log(q[x[n]]), ROLLS) / N
S = sigmoid(logit)
OUTPUT = sigmoid(weight + bias)  # of a neuron with input 1
PMFS = World(normalised=(p, q), positive=(p,))
HEAD_H, HEAD_CE, HEAD_KL = entropy.head, cross_entropy.head, kl_divergence.head

# A joint pmf of input m and class k, r_m p_{m,k}, with the marginal q_k of the class.
JOINT = World(
    normalised=(p, r),
    positive=(p, r),
    shapes={p: (M, K), r: (M,), q: (K,)},
    define={q[k]: Sum(r[l] * p[l, k], (l, 1, M))},
)
BOTH = r[m] * p[m, k]
H_INPUT, H_CLASS = -Sum(r[m] * log(r[m]), INPUTS), -Sum(q[k] * log(q[k]), FACES)
H_BOTH = -Sum(BOTH * log(BOTH), FACES, INPUTS)
H_CLASS_GIVEN_INPUT = -Sum(BOTH * log(p[m, k]), FACES, INPUTS)
INFORMATION = Sum(BOTH * log(p[m, k] / q[k]), FACES, INPUTS)

# The joint table of two pairs of outcomes for which a mutual information is printed, with its true marginals.
TABLE = {(0, 0): Rational(1, 10), (0, 1): Rational(1, 2), (1, 0): Rational(1, 10), (1, 1): Rational(3, 10)}
BITS = sum(
    share * log(share / (sum(TABLE[row, other] for other in (0, 1)) * sum(TABLE[other, column] for other in (0, 1))))
    for (row, column), share in TABLE.items()
) / log(2)

LOG_LIKELIHOOD = label * log(S) + (1 - label) * log(1 - S)
EQUAL_WIDTHS = CLOSED.xreplace({DEVIATIONS[1]: DEVIATIONS[0]})
OTHER_WAY = EQUAL_WIDTHS.xreplace(dict(zip(MEANS, reversed(MEANS), strict=True)))


@dataclass(frozen=True, eq=False)
class Printed:
    """A line that was printed, beside the right one.

    Parameters
    ----------
    kind
        What kind of error it is, one word: the page has a section for each.
    where
        The source and the place in it.
    url
        Where it can be read, or the report that corrected it.
    state
        What has become of it: "corrected in 2022", "stood in August 2026".
    derivation
        The right line as the last step, and one slip: the line as printed.
    """

    kind: str
    where: str
    url: str
    state: str
    derivation: Derivation

    @property
    def line(self) -> str:
        """LaTeX of the line as printed, with what it is said of."""
        step, slip = self.derivation.steps[-1], self.derivation.counterexamples[0]
        assert isinstance(slip, Slip)
        said_of = _said_of(self.derivation.check()) if slip.before is None else typeset(slip.before)
        line = step.expr if slip.after is None else slip.after
        return f"{said_of} {relation(step)} {replace(step, expr=line).shown}"


def _right(
    head: str,
    start: Expr,
    *steps: Step,
    printed: Expr | None = None,
    said_of: Expr | None = None,
    because: str,
    world: World = PMFS,
) -> Derivation:
    """Return the derivation of the right line, with the printed one as its slip."""
    return Derivation(
        claim="",
        title=because,
        conditions=(),
        world=world,
        head=head,
        start=start,
        steps=steps,
        counterexamples=(Slip("it is written as printed", len(steps), before=said_of, after=printed),),
    )


PRINTED: tuple[Printed, ...] = (
    Printed(
        "sign",
        "QuantEcon, Statistical Divergence Measures: entropy of the uniform pmf",
        "https://github.com/QuantEcon/lecture-python.myst/blob/40e15dc2/lectures/divergence_measures.md",
        "stood in August 2026",
        _right(
            r"H(u)",
            -Sum(log(1 / K) / K, FACES),
            Equal(log(K), "K equal terms"),
            printed=-log(K),
            because="Entropy is never negative: log(1/K) is, and the minus in front of the sum makes up for it.",
            world=World(),
        ),
    ),
    Printed(
        "sign",
        "Murphy, Probabilistic Machine Learning: Advanced Topics, draft of March 2022, eq. 25.6",
        "https://github.com/probml/pml2-book/issues/52",
        "corrected in 2022",
        _right(
            r"\mathbb{E}_p[\log q]",
            -cross_entropy.textbook,
            Equal(-entropy.textbook - kl_divergence.textbook, "log q is log p less log(p/q)"),
            printed=kl_divergence.textbook + entropy.textbook,
            because="The mean log-likelihood falls as the divergence grows; as printed, the best fit is the worst.",
        ),
    ),
    Printed(
        "sign",
        "Stanford EE274, notes on entropy: the line that closes the proof of Gibbs’ inequality",
        "https://github.com/StanfordDataCompressionClass/notes/pull/9",
        "a correction was offered in April 2026",
        _right(
            HEAD_KL,
            kl_divergence.textbook,
            AtLeast(Integer(0), "every gap is ≥ 0", slack=Sum(LogGap(p[k], q[k]), FACES), lemma=LOG_LEMMA),
            said_of=Sum(p[k] * log(q[k] / p[k]), FACES),
            because="The proof above that line is right; upside down, the same mean is never positive.",
        ),
    ),
    Printed(
        "sign",
        "CS231n, Neural Networks 2: the loss for attributes",
        "https://github.com/cs231n/cs231n.github.io/pull/216",
        "corrected in 2019; copies of the old line still circulate",
        _right(
            "L",
            -log(S**label * (1 - S) ** (1 - label)),
            Equal(-LOG_LIKELIHOOD, "the logarithm of a product"),
            printed=LOG_LIKELIHOOD,
            because="Without the minus it is a log-likelihood: made small, it makes the model as wrong as it can be.",
            world=World(),
        ),
    ),
    Printed(
        "sign",
        "LMU Munich, Introduction to Machine Learning: slides on logistic regression",
        "https://github.com/slds-lmu/lecture_i2ml/issues/294",
        "gone from the slides in 2020",
        _right(
            "L",
            -LOG_LIKELIHOOD,
            Equal(log(1 + exp(logit)) - label * logit, "both logarithms in terms of the logit"),
            printed=label * logit - log(1 + exp(logit)),
            because="A loss that is −log of a probability cannot be negative.",
            world=World(),
        ),
    ),
    Printed(
        "sign",
        "gaussian-toolbox, code of the mutual information",
        "https://github.com/christiando/gaussian-toolbox/issues/29",
        "reported in 2025",
        _right(
            "I",
            INFORMATION,
            Equal(H_CLASS - H_CLASS_GIVEN_INPUT, "the logarithm of a ratio; sum over the inputs"),
            printed=H_CLASS_GIVEN_INPUT - H_CLASS,
            because="What an input tells is what it takes off the uncertainty: before less after.",
            world=JOINT,
        ),
    ),
    Printed(
        "order",
        "Murphy, Probabilistic Machine Learning: An Introduction, draft of December 2020, eq. 6.42",
        "https://github.com/probml/pml-book/issues/11",
        "corrected in 2021",
        _right(
            HEAD_KL,
            cross_entropy.textbook - entropy.textbook,
            Equal(kl_divergence.textbook, "one sum, one logarithm"),
            printed=Sum(q[k] * log(q[k] / p[k]), FACES),
            because="The forward divergence was given with the formula of the reverse one. They differ.",
        ),
    ),
    Printed(
        "order",
        "Davidson-Pilon, Bayesian Methods for Hackers, ch. 5: log loss",
        "https://github.com/CamDavidsonPilon/Probabilistic-Programming-and-Bayesian-Methods-for-Hackers/pull/438",
        "corrected in 2019",
        _right(
            "L",
            -log(prob**label * (1 - prob) ** (1 - label)),
            Equal(-label * log(prob) - (1 - label) * log(1 - prob), "the logarithm of a product"),
            printed=-prob * log(label) - (1 - prob) * log(1 - label),
            because="The logarithm belongs to the prediction. Of a label it is log 1 or log 0: the loss is "
            "infinite unless the prediction is the label itself.",
            world=World(intervals={prob: (0, 1), label: (0, 1)}),
        ),
    ),
    Printed(
        "order",
        "infomeasure, guide: conditional entropy",
        "https://github.com/cbueth/infomeasure/pull/12",
        "corrected in 2026",
        _right(
            r"H(X \mid Y)",
            -Sum(BOTH * log(BOTH / q[k]), FACES, INPUTS),
            Equal(H_BOTH - H_CLASS, "the logarithm of a ratio; sum over the inputs"),
            printed=H_BOTH - H_INPUT,
            because="What is taken off is the entropy of what is known, here of the class.",
            world=JOINT,
        ),
    ),
    Printed(
        "missing",
        "Raschka, Liu and Mirjalili, Machine Learning with PyTorch and Scikit-Learn, p. 626",
        "https://github.com/rasbt/machine-learning-book/issues/44",
        "acknowledged in 2022",
        _right(
            HEAD_KL,
            cross_entropy.textbook - entropy.textbook,
            Equal(kl_divergence.textbook, "one sum, one logarithm"),
            printed=Sum(p[k] * p[k] / q[k], FACES),
            because="The logarithm is missing: the sum is 1, not 0, when the two pmfs are equal.",
        ),
    ),
    Printed(
        "missing",
        "QuantEcon, Statistical Divergence Measures: first definition of entropy",
        "https://github.com/QuantEcon/lecture-python.myst/blob/29d6abc8/lectures/divergence_measures.md",
        "in the linked version of 2025",
        _right(
            HEAD_H,
            entropy.textbook,
            Equal(Sum(p[k] * log(1 / p[k]), FACES), "the minus turns the ratio over"),
            printed=Sum(log(1 / p[k]), FACES),
            because="A mean needs its weights. Without them rare classes count as much as common ones.",
            world=World(normalised=(p,), positive=(p,)),
        ),
    ),
    Printed(
        "missing",
        "Cho, Natural Language Understanding with Distributed Representation, draft, eq. 3.6",
        "https://github.com/nyu-dl/NLP_DL_Lecture_Note/pull/5",
        "corrected in 2016",
        _right(
            "C",
            -Sum(Sum(KroneckerDelta(k, x[n]) * log(q[k]), FACES), ROLLS) / N,
            Equal(-MEAN_LOG, "one entry of each label is 1"),
            printed=-Sum(q[x[n]], ROLLS) / N,
            because="Without its logarithm the cost rewards a probability of 1 for the label and hardly minds a 0.",
            world=World(labels={x: K}),
        ),
    ),
    Printed(
        "missing",
        "Course materials on machine learning in medicine (Japan): the note on cross-entropy",
        "https://github.com/japan-medical-ai/medical-ai-course-materials/issues/82",
        "corrected in 2019",
        _right(
            HEAD_CE,
            entropy.textbook + kl_divergence.textbook,
            Equal(cross_entropy.textbook, "log p cancels"),
            printed=Sum(p[k] * log(q[k] / p[k]), FACES),
            because="What was printed is the divergence with a minus; the entropy is what is missing, and the sign.",
        ),
    ),
    Printed(
        "missing",
        "QuantEcon, Statistical Divergence Measures: maximum likelihood as least divergence",
        "https://github.com/QuantEcon/lecture-python.myst/blob/29d6abc8/lectures/divergence_measures.md",
        "in the linked version of 2025",
        _right(
            r"\mathrm{KL}(\hat{p} \,\|\, q)",
            kl_divergence.textbook,
            Equal(-entropy.textbook - MEAN_LOG, "regroup the rolls by face"),
            printed=log(1 / N) - MEAN_LOG,
            because="A condition is missing: the line holds only if no value was observed twice. (What follows from "
            "it, that the largest likelihood has the least divergence, is right all the same: the first term is free "
            "of the model.)",
            world=World(labels={x: K}, define={p[k]: Sum(KroneckerDelta(k, x[n]), ROLLS) / N}),
        ),
    ),
    Printed(
        "missing",
        "Dive into Deep Learning, Information Theory: mutual information",
        "https://github.com/d2l-ai/d2l-en/pull/2736",
        "a correction was offered in September 2026",
        _right(
            "I",
            H_CLASS - H_CLASS_GIVEN_INPUT,
            Equal(INFORMATION, "the logarithm of a ratio; sum over the inputs"),
            printed=Sum(r[m] * q[k] * BOTH * log(p[m, k] / q[k]), FACES, INPUTS),
            because="Means over x and over y already carry weights; with the joint pmf inside them, all is "
            "weighted twice.",
            world=JOINT,
        ),
    ),
    Printed(
        "number",
        "Dive into Deep Learning, Information Theory: the example of a mutual information, in bits",
        "https://d2l.ai/chapter_appendix-mathematics-for-deep-learning/information-theory.html",
        "stood in 2024",
        _right(
            "I",
            BITS,
            Rounded(because="with the marginals of the table itself", digits=4),
            printed=Rational(7195, 10000),
            because="The marginals handed over are not those of the joint table. Nothing complains: the sum is a "
            "number, nearly a hundred times too large.",
            world=World(),
        ),
    ),
    Printed(
        "number",
        "Dive into Deep Learning, Information Theory: how far the two directions of KL are apart for N(0, 1) "
        "and N(1, 1)",
        "https://d2l.ai/chapter_appendix-mathematics-for-deep-learning/information-theory.html",
        "stood in 2024",
        _right(
            r"\frac{\mathrm{KL}(f_2 \,\|\, f_1) - \mathrm{KL}(f_1 \,\|\, f_2)}"
            r"{(\mathrm{KL}(f_1 \,\|\, f_2) + \mathrm{KL}(f_2 \,\|\, f_1)) / 2}",
            (OTHER_WAY - EQUAL_WIDTHS) / ((OTHER_WAY + EQUAL_WIDTHS) / 2),
            Equal(Integer(0), "the distance of the means is squared"),
            printed=Rational(2, 5),
            because="Sorted samples were handed over as if they were probabilities. Where two have unlike signs the "
            "logarithm of their ratio is NaN, which a sum that skips NaN hides, and an absolute value hides the sign "
            "of the rest. For normals of equal width the two directions are equal: ½ nat each here.",
            world=World(nonzero=(expand((MEANS[0] - MEANS[1]) ** 2),)),
        ),
    ),
    Printed(
        "number",
        "abess, developer’s guide: log-likelihood of logistic regression",
        "https://github.com/abess-team/abess/blob/845adbc5/docs/Contributing/DevelopNewFeaturesGLM.rst",
        "in the linked version of 2022",
        _right(
            r"\ell",
            LOG_LIKELIHOOD,
            Equal(-label * log(1 + exp(-logit)) - (1 - label) * log(1 + exp(logit)), "both sigmoids written out"),
            printed=-label * log(1 - exp(-logit)) - (1 - label) * log(1 - exp(logit)),
            because="A plus became a minus: one of the two logarithms is of a negative number, or both are of 0.",
            world=World(),
        ),
    ),
    Printed(
        "slope",
        "abess, developer’s guide: its derivative",
        "https://github.com/abess-team/abess/blob/845adbc5/docs/Contributing/DevelopNewFeaturesGLM.rst",
        "in the linked version of 2022",
        _right(
            r"\ell",
            LOG_LIKELIHOOD,
            Derivative(label - S, "the sigmoid’s own slope cancels", by=logit),
            printed=S * (1 - S),
            because="That is the slope of the sigmoid. The slope of the log-likelihood is the error, and can be "
            "negative.",
            world=World(),
        ),
    ),
    Printed(
        "slope",
        "Nielsen, Neural Networks and Deep Learning, ch. 3: code of the first demonstration of cross-entropy",
        "https://github.com/mnielsen/nnadl_site/blob/master/js/saturation3.js",
        "stands",
        _right(
            "C",
            -log(1 - OUTPUT),
            Derivative(OUTPUT, r"\(x = 1\), \(y = 0\)", by=weight),
            printed=1 / (1 - OUTPUT),
            because="The slope in the output a was used where the slope in the weight is wanted; it is larger by "
            "1/(a(1 − a)). The text of the chapter has the right formula, and says fairly that learning rates of two "
            "losses do not compare; the claim survives, the picture does not.",
            world=World(),
        ),
    ),
    Printed(
        "slope",
        "Nielsen, the same, second demonstration, at its start w = b = 2",
        "https://github.com/mnielsen/nnadl_site/blob/master/js/saturation4.js",
        "stands",
        _right(
            r"\frac{\partial C}{\partial w}",
            S.meaning(),
            At(sigmoid(Integer(4)).meaning(), r"\(z = w + b = 4\)", put={logit: Integer(4)}),
            printed=1 / (1 - sigmoid(Integer(4)).meaning()),
            because="Here the neuron is most wrong, and the first step as drawn is more than fifty times too long.",
            world=World(),
        ),
    ),
    Printed(
        "slope",
        "World4AI, Cross-Entropy vs Mean Squared Error: the derivative that “grows exponentially”",
        "https://github.com/World4AI/World4AI/blob/6dd0b574/src/routes/blocks/(blocks)/deep_learning/"
        "logistic_regression/cross_entropy_vs_mean_squared_error/%2Bpage.svelte",
        "stood in January 2026",
        _right(
            "L",
            -log(S),
            Derivative(S - 1, r"the slope of the sigmoid cancels \(1 / \hat{p}\)", by=logit),
            printed=-1 / S,
            because="In the probability the slope is −1/p̂: a power, no exponential. Descent moves the logit, and "
            "there it is never longer than 1.",
            world=World(),
        ),
    ),
    Printed(
        "slope",
        "ml-entropy, Cross-Entropy, solutions: squared error “flattens out” as p goes to 0",
        "https://github.com/ml-entropy/ml-entropy.github.io/blob/751f069f/tutorials/02_cross_entropy/solutions.md",
        "stood in April 2026",
        _right(
            "L",
            (1 - prob) ** 2,
            Derivative(-2 * (1 - prob), "", by=prob),
            Limit(Integer(-2), "put in 0", variable=prob, to=0, side="+"),
            printed=Integer(0),
            because="In the probability it is steepest there. It is in the logit that it flattens, for there the slope "
            "of the sigmoid comes in.",
            world=World(intervals={prob: (0, 1)}),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class PrintedErrors:
    """Some of the printed lines, each judged; shown with what refutes it and with the right line."""

    errors: tuple[Printed, ...]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        markdown = "\n\n".join(map(_as_markdown, self.errors))
        return {"text/html": style() + self.as_html(), "text/markdown": markdown, "text/plain": self.as_text()}

    def as_html(self) -> str:
        """Return a card for each."""
        return "\n".join(map(_card, self.errors))

    def as_text(self) -> str:
        """Return two lines for each."""
        return "\n".join(
            f"{error.where} ({error.state})\n   {error.derivation.check().refutations[0].refutation.found}"
            for error in self.errors
        )


def _math(latex: str) -> str:
    return f'<div class="ce-math" role="group">{inline(latex)}</div>'


def _said_of(checked: CheckedDerivation) -> str:
    """Return LaTeX of what the last line is said of: the slope, where a step took one."""
    return next(line.head for line in reversed(checked.lines_shown()) if line.head)


def _card(error: Printed) -> str:
    checked = error.derivation.check()
    right = checked.lines_shown()[-1]
    assert right.grade is not None
    mark = grade_mark(checked.weakest, right.how)
    rows = (
        ("Printed", _math(error.line)),
        ("Refuted", f"{text(checked.refutations[0].refutation.found)}."),
        ("Right", f"{_math(f'{_said_of(checked)} {right.sign} {right.formula}')} {mark}"),
        ("Why", text(error.derivation.title)),
    )
    listed = "".join(f"<dt>{label}</dt><dd>{words}</dd>" for label, words in rows)
    place = f'<a href="{escape(error.url)}">{escape(error.where)}</a>'
    return card(place, error.state, [f"<dl>{listed}</dl>"], kind="ce-printed")


def _as_markdown(error: Printed) -> str:
    checked = error.derivation.check()
    right = checked.lines_shown()[-1]
    return (
        f"**[{error.where}]({error.url})** ({error.state})\n\n"
        f"- Printed: ${error.line}$\n"
        f"- Refuted: {checked.refutations[0].refutation.found}.\n"
        f"- Right: ${_said_of(checked)} {right.sign} {right.formula}$ ({checked.weakest.name})\n"
        f"- Why: {in_dollars(error.derivation.title)}"
    )


def printed(kind: str) -> PrintedErrors:
    """Return the printed errors of one kind, for the page.

    Raises
    ------
    ValueError
        When there is none of that kind.

    Examples
    --------
    >>> print(printed("sign").as_text().splitlines()[1].strip())
    at K = 2 its two sides are 0.69314718 and −0.69314718
    """
    errors = tuple(error for error in PRINTED if error.kind == kind)
    if not errors:
        kinds = ", ".join(dict.fromkeys(error.kind for error in PRINTED))
        raise ValueError(f"printed: expected one of the kinds {kinds}, got {kind!r}")
    return PrintedErrors(errors)
