"""What readers type into the exercises of the book: right in many spellings, and wrong in the usual ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Add, Integer, Rational, log

from ce.exercises import Exercise, NumberExercise, written
from ce.exercises.question import Question
from ce.exercises.units import UNITS, agrees, last_place
from ce.symbols import K, N
from tests.book.chapter_cells import CHAPTERS, questions


def asked(page: str) -> list[Question]:
    """Return all exercises of a chapter."""
    return list(questions(page))


def judged(page: str) -> list[Exercise | NumberExercise]:
    """Return the exercises of a chapter whose answers are typed."""
    return [thing for thing in questions(page) if isinstance(thing, Exercise | NumberExercise)]


def every_exercise() -> list[Exercise | NumberExercise]:
    """Return the exercises of the book, in its order."""
    return [exercise for page in CHAPTERS for exercise in judged(page)]


def worked(exercise: Exercise | NumberExercise) -> str:
    """Return the worked answer as a reader would type it, the unit included."""
    if isinstance(exercise, NumberExercise):
        return str(exercise).rpartition("= ")[2]
    return written(exercise.line)


READERS_WAYS = {
    "A text of 6000 bytes is cut into 1500": ["1.15", "log2(24)/4", "1500/6000 * log2(24) bits", "ln(24)/(4*ln(2))"],
    "A letter never followed the two letters": ["-log(s epsilon^2)", "-log s - 2 log epsilon", "log(1/(s epsilon^2))"],
    "Which θ does maximum likelihood tend to": ["0.35", "(0.1 + 2*0.3)/2", "7/20", "0.05 + 0.3"],
    "are true error bars longer than the model": ["1.33", "sqrt(0.81/0.455)", "0.9/sqrt(0.455)", "(0.81/0.455)^0.5"],
    "Write the factor by which the true variance": ["4a", "2a/(1/2)", "4*a", "a/(1/4)"],
    "One target is hit exactly by a Gaussian": ["-1.38", "log(0.1) + log(2 pi)/2", "log(sqrt(2 pi)/10)", "-1.384 nats"],
    "Put in the best τ, and write the least": ["1 + log(2m)", "1 + ln2 + ln m", "Log[2 e m]", "log(2m) + 1"],
    "Waiting times have the density": [
        "K log mu + sum_k t_k/mu",
        "K ln mu + (sum_k t_k)/mu",
        "sum_k (log mu + t_k/mu)",
    ],
    "Two classes have the scores 1 and 0": ["0.881", "1/(1+e^-2)", "sigma(2)", "e^2/(1+e^2)", "88.1 %"],
    "Eight scores are all equal to 2": ["4.08", "2 + log 8", "log(8 e^2)", "2 + 3 ln 2"],
    "A softmax over faces has each bar 1.5 times": ["2.26", "43/19", "(1 + 3 + 6.75)/4.75", "10.75/4.75"],
    "is KL(q‖p), model first, in nats": [
        "0.223",
        "-log(0.8)/2 - log(0.2)/2 - log 2",
        "0.322 bits",
        "0.5 log(0.5/0.8) + 0.5 log(0.5/0.2)",
    ],
    "What does k₂, half the squared log-ratio": ["0.265", "(log(1.6)^2 + log(0.4)^2)/4", "0.2651 nats"],
    "Half of the data are 0, and half are 4": ["2", "2.00", "sqrt(4)", "sqrt((4 + 4)/2)"],
    "probabilities 0.4, 0.3, 0.2 and 0.1, and words": ["1.9", "0.4 + 2*0.3 + 3*0.2 + 3*0.1", "19/10 bits"],
    "Somebody wants words of 1, 2, 2 and 3": [
        "1.13",
        "9/8 units of room",
        "1/2 + 1/4 + 1/4 + 1/8",
        "2^-1 + 2*2^-2 + 2^-3",
    ],
    "Two tosses at a time are sent in words": ["0.645", "1.29/2", "0.645 bits", "(0.81 + 2*0.09 + 3*0.09 + 3*0.01)/2"],
    "How many bytes, of 8 bits each": ["2705 bytes", "10000*1.5/(8 log 2)", "15000/(8 LN(2))", "2.705e3", "2705.05"],
    "What is the entropy of a fair coin": [
        "1",
        "1 bit",
        "log2(2)",
        "0.693 nats",
        "1.0 bits per toss",
        "1 bit of information",
        "2*½*log_2 2",
        "-(0.5 log2(0.5) + 0.5 log2(0.5))",
        "-2*½*log2 ½",
        "log(2)/log(2)",
    ],
    "You draw one card": [
        "5.70",
        "log2(52)",
        "log(52)/log(2)",
        "ln52/ln2",
        r"\log_2 52",
        r"\frac{\ln 52}{\ln 2}",
        "-log2(1/52)",
        "5,70",
    ],
    "A model reports a loss of one bit": [
        "0.693",
        "log 2",
        "ln2 nats",
        "ln(2) nats per example",
        r"\ln 2",
        "-log(½)",
        "log_e 2",
    ],
    "All of K outcomes": [
        "log K",
        "ln(K)",
        "-log(1/K)",
        "logK",
        "log[K]",
        r"\ln K",
        "log_e K",
        "log K nats",
        "log2(K) bits",
        "-ln(1/K)",
    ],
    "Four outcomes are equally likely": [
        "2.62",
        "1.82 nats",
        "-0.25 log2(0.7) - 0.75 log2(0.1)",
        "2.62 bits per draw",
        r"-\frac14 \log_2 0.7 - \frac34 \log_2 0.1",
    ],
    "The label is 1, the logit is −12": [
        "12",
        "12.000006",
        "log(1 + exp(12))",
        "12 nats",
        "ln(1+e^12)",
        r"\log(1 + e^{12})",
        "log1p(exp(12))",
        "12 + e^-12",
    ],
    "The mean loss on a test set": [
        "0.607",
        "exp(-0.5)",
        "1/sqrt(e)",
        "60.7 %",
        "60.7%",
        r"e^{-\frac{1}{2}}",
        "e^-½",
        r"\sqrt{1/e}",
        "60.65 per cent",
    ],
    "Treat the entries of q as free": [
        "-p_j/q_j",
        "-p_j * q_j^-1",
        "- p[j] / q[j]",
        r"-\frac{p_j}{q_j}",
        r"-\dfrac{\mathbf{p}_j}{\mathbf{q}_j}",
        "-p(j)/q(j)",
        "−pⱼ/qⱼ",
    ],
    "The truth p is a fair coin": ["0.511", "0.737 bits", "-log(0.6)", "ln(5/3)", "½ log(0.5/0.9) + ½ log(0.5/0.1)"],
    "Now the coin p shows heads": ["0.368", "0.9 log(1.8) + 0.1 log(0.2)", "log 2 + 0.9 log 0.9 + 0.1 log 0.1"],
    "Ten rolls of a three-sided die": [
        "1.03",
        "1.0297",
        "-0.5 log(0.5) - 0.3 log(0.3) - 0.2 log(0.2)",
        "1.03 nats per roll",
        "1.49 bits",
    ],
    "The same ten rolls": ["log 3", "1.0986", "ln3", "1.10", "-log(1/3)", "log2(3) bits"],
    "In N rolls": [
        "N sum_k p_k log q_k",
        "sum_k N p_k log(q_k)",
        "N*sum_k(p_k*log(q_k))",
        "N sum_i p_i log q_i",
        r"N \sum_{k=1}^{K} p_k \ln q_k",
        "sum_x N p(x) log q(x)",
        "-N sum_k p_k log(1/q_k)",
        "N log prod_k q_k^p_k",
        "log prod_k q_k^(N p_k)",
    ],
    "above the entropy of the labels": ["0.1", "√0.01", "sqrt(0.02/2)"],
    "under a fair coin": ["log(2)", "0.693", "0.693 nats per toss", "ln2", "-log ½", "1 bit per toss"],
    "Subtract the entropy": [
        "sum_k p_k log(p_k/q_k)",
        "-sum_k p_k log(q_k/p_k)",
        "sum_k p_k (log p_k - log q_k)",
        "sum_i p_i log(p_i/q_i)",
        "sum_{i=1}^{K} p_i log(p_i/q_i)",
        "sum_x p(x) log(p(x)/q(x))",
        r"\sum_i p_i \ln \frac{p_i}{q_i}",
    ],
    "A label is soft": ["0.325", "0.3251 nats", "-0.9 log 0.9 - 0.1 log 0.1", "0.325 nats per label", "0.469 bits"],
    "Write the first minus the second": [
        "-sum_k p_k log p_k",
        "sum_j p_j log(1/p_j)",
        "-sum_i p_i log p_i",
        "-sum_x p(x) ln p(x)",
        r"-\sum_{i=1}^{K} p_i \log p_i",
        "-Σᵢ pᵢ log pᵢ",
    ],
    "An example has the true class": ["-log q_c", "log(1/q_c)", "-ln q(c)", r"-\ln q_c", r"-\log\left(q_c\right)"],
    "The labels sum to one": [
        "q_j - y_j",
        "-y_j + q_j",
        "e^z_j/(sum_k e^z_k) - y_j",
        "q_j ⁻ y_j",
        "q_j sum_i y_i - y_j",
        "-(y_j - q_j)",
        r"\frac{e^{z_j}}{\sum_k e^{z_k}} - y_j",
    ],
    "Again q is the softmax": [
        "q_k (delta_jk - q_j)",
        "q_k [j = k] - q_k q_j",
        r"q_k(\delta_{jk} - q_j)",
        r"q_k (\mathbf{1}\{j = k\} - q_j)",
        "q_j ([j=k] - q_k)",
        r"q_k \mathbb{1}_{j=k} - q_k q_j",
        r"\frac{\partial q_k}{\partial z_j} = q_k (1_{\{j=k\}} - q_j)",
        "q_k (I(j = k) - q_j)",
        "q_k (delta(j,k) - q_j)",
        "q_k (1 - q_j) [j = k] - q_k q_j [j != k]",
    ],
    "every other down by one": ["4 q_c (1 - q_c)", "1 - (2 q_c - 1)^2", "4 q_c - 4 q_c^2", "-4 q_c (q_c - 1)"],
    "K others share the other half alike": ["log 2 + log(K)/2", "log(2 sqrt(K))", "ln(4K)/2", "log(2)/2 + log(2K)/2"],
    "By how much does the loss exceed z": [
        "log(1 + exp(-z))",
        "softplus(-z)",
        "ln(1 + e^-z)",
        "-log sigma(z)",
        "-log(1/(1 + e^-z))",
    ],
    "derivative of the cross-entropy": ["-0.99", "-99/100", "0.01 - 1", "−0.99", "-|0.01 - 1|"],
    "derivative of the squared error": [
        "-0.0196",
        "-0.019602",
        "2*(0.01 - 1)*0.01*0.99",
        "-1.96e-2",
        "-2·0.99·0.01·0.99",
    ],
    "until it is written without exponentials": [
        "2 (p - y) p (1 - p)",
        "2*(phat - y)*phat*(1 - phat)",
        "-2p(1-p)(y-p)",
        r"2(\hat{p} - y)\hat{p}(1 - \hat{p})",
        "2 (p - y)(p - p^2)",
        "2[p - y]p[1 - p]",
    ],
    "Two logits are 3 and 1, and the first": [
        "0.127",
        "log(1 + e^-2)",
        "log1p(exp(-2))",
        "0.183 bits",
        "-log(1/(1+e^-2))",
    ],
    "Three sigmoids have the logits": [
        "1.65",
        "1.650",
        "1/(1+e^-2) + 1/2 + 1/(1+e)",
        "1.6497",
        "sigma(2) + 1/2 + sigma(-1)",
    ],
    "A hundred equally common classes": ["0.056", "0.0560", "-0.01 log 0.01 - 0.99 log 0.99", "0.0808 bits", "0.05600"],
    "A softmax of two logits, label y": ["y - p", "-(p - y)", "y - phat", r"y - \hat{p}", "-p + y"],
    "Two classes, ε = 0.1 over all": ["0.77", "0.9*0.8 + 0.05", "77 %", "0.770", "77/100"],
    "Ten classes, trained with ε = 0.1": ["0.9", "(0.82 - 0.01)/0.9", "90%", "9/10", "0.900"],
    "A thousand classes, ε = 0.1": ["9.11", "9.105", "log(9001)", "ln(1000*0.9/0.1 + 1)", "9.1051"],
    "Spread over the others, an amount ε": [
        "eps K/(K - 1)",
        r"\varepsilon' = \frac{K \varepsilon}{K - 1}",
        "Kε/(K-1)",
        "epsilon*K/(K-1)",
        "K eps/(K-1)",
        "eps/(1 - 1/K)",
        "eps (1 + 1/(K-1))",
    ],
    "A model gives 0.95 to the true": [
        "400",
        "1/0.05^2",
        "400 times",
        "400x",
        "400 ×",
        "1/(1 - 0.95)^2",
        "20^2",
        "np.float64(400.0000000000001)",
    ],
    "A fraud model was trained": ["0.01", "1/100", "1 %", "0.5/(0.5 + 99*0.5)", "0.0100"],
    "Label 1 has the weight 4": ["1.39", "log 4", "ln(4)", "1.386", "2 log 2"],
    "A model was trained with weight w": [
        "p/(p + w (1 - p))",
        "p/(w + p - w p)",
        "1/(1 + w (1 - p)/p)",
        "1 - w(1-p)/(p + w(1-p))",
    ],
    "You believe 0.9 and are paid": [
        "0.08 euros more",
        "0.08 €",
        "€0.08",
        "0.9 - 0.82",
        "0.080",
        "0.9 - 0.81 - 0.01",
        "2/25",
    ],
    "A report is (0.5, 0.3, 0.2)": ["0.38", "0.25 + 0.09 + 0.04", "0.380", "19/50", "0.5^2 + 0.3^2 + 0.2^2"],
    "The truth is (0.7, 0.3), the report": ["0.08", "2*0.04", "0.080", "2*0.2^2", "2/25"],
    "Label 1 has the true share s": [
        "4 (p - s)",
        "4p - 4s",
        "4 p (1 - s) - 4 s (1 - p)",
        "-4(s - p)",
        r"4(\hat{p} - s)",
    ],
    "A model is right with probability 0.99": [
        "0.930",
        "-(9 ln 0.99 + ln 0.0001)/10",
        "0.9301",
        "(9 log(1/0.99) + 4 ln 10)/10",
        "0.93",
    ],
    "On new images a share of 0.1": ["2.20", "log 9", "ln(9)", "2.197", "log(0.9/0.1)"],
    "With the best scale and a share": [
        "0.325",
        "-0.9 ln 0.9 - 0.1 ln 0.1",
        "0.469 bits",
        "0.3251",
        "log 10 - 0.9 log 9",
    ],
    "Write the scale a at which": [
        "log((1 - s)/s)/d",
        "logit(1 - s)/d",
        "-logit(s)/d",
        "ln(1/s - 1)/d",
        "(log(1 - s) - log s)/d",
        "-log(s/(1 - s))/d",
    ],
    "Two classes: the model is 0.99 sure": [
        "0.909",
        "sqrt(99)/(1 + sqrt(99))",
        "0.9087",
        "90.9 %",
        "1/(1 + 1/sqrt(99))",
    ],
    "Two classes: a model reports 0.99 on": [
        "2.09",
        "logit(0.99)/logit(0.9)",
        "log(99)/log(9)",
        "ln 99/ln 9",
        "2.0913",
        "log2(99)/log2(9)",
    ],
    "Logits 2, 1 and 0, at T = 1": [
        "1.58",
        "(2e^2 + e)/(e^2 + e + 1)",
        "1.575",
        "(2 exp(2) + exp(1))/(exp(2) + exp(1) + 1)",
    ],
    "Two classes, the report p. Write": [
        "sqrt(p)/(sqrt(p) + sqrt(1 - p))",
        "√p/(√p + √(1 - p))",
        "np.sqrt(p)/(np.sqrt(p) + np.sqrt(1 - p))",
        "1/(1 + sqrt((1 - p)/p))",
        "p^0.5/(p^0.5 + (1-p)^0.5)",
    ],
    "The largest number of float16": ["11.1", "11.09", "ln 65504", "log(65504)", "ln65504"],
    "Two logits are 1000 and 1001": ["0.313", "log(1 + exp(-1))", "0.452 bits", "log1p(1/e)", "ln(1+1/e) nats"],
    "One-hot probabilities over a hundred classes": [
        "3.622",
        "log(1 + 99/e)",
        "log(e + 99) - 1",
        "-log(e/(e + 99))",
        "ln((e+99)/e)",
    ],
    "Write the loss {loss} as one logarithm": [
        "log(sum_k exp(z_k - z_c))",
        "log(sum_j exp(z_j - z_c))",
        "log(sum_k exp(z_k) / exp(z_c))",
        "-log(e^z_c/sum_k e^z_k)",
        "log(sum_i e^(z_i - z_c))",
        r"\log \sum_k e^{z_k - z_c}",
        r"-\log\frac{e^{z_c}}{\sum_k e^{z_k}}",
        "log(e^-z_c sum_k e^z_k)",
        "log(sum_k e^z_k/e^z_c)",
    ],
    "the logit starts at −20": ["21", "21.0", "1 + 20", "1 + |-20|"],
    "does the escape time under squared error grow": [
        "20.06",
        "e^3",
        "e^13/e^10",
        "exp(3)",
        "20 times",
        "20.1",
        "20-fold",
    ],
    "A neuron should say 0": ["4.76", "1/(0.7*0.3)", "100/21", "4.76 times", "4.76×", r"\frac{1}{0.7 \cdot 0.3}"],
    "by z₀. Type z0": [
        "-1 - exp(z0)",
        "-(1 + e^z0)",
        "-e^z0 - 1",
        "-1 - e^z₀",
        "-1 - e^{z_{0}}",
        "-1 - e^{z_0}",
        "-1/(1 - sigma(z0))",
    ],
    "by the logit, for any label and output": [
        "(a - y) a (1 - a)",
        "a(1-a)(a-y)",
        "-(y - a)*a*(1 - a)",
        "(a - y)(a - a²)",
        "a[1 - a][a - y]",
    ],
    "A start is ten logits": [
        "22026",
        "e^10",
        "exp(10)",
        "22 026",
        "22,026",
        "22000",
        "2.2e4",
        "2.20e4",
        "22'026.5",
        "22026 times",
    ],
    "A classifier reports": [
        "0.1",
        "1/10",
        "10 %",
        "10%",
        "0,1",
        "|0.8 - 0.9|",
        "|0.9 - 160/200|",
        "0.9-160/200",
        "10 per cent",
        r"10\%",
        "10 percentage points",
    ],
}

USUAL_SLIPS = [
    # part of the question, answer, the mistake that is named
    ("What is the entropy of a fair coin", "0.693", "units"),
    ("What is the entropy of a fair coin", "1 nat", "units"),
    ("What is the entropy of a fair coin", "0.69", "units"),
    ("What is the entropy of a fair coin", "0", ""),
    ("You draw one card", "3.951", "units"),
    ("You draw one card", "log2(51)", ""),
    ("You draw one card", "52", "given"),
    ("A model reports a loss of one bit", "1.4427", "inverted"),
    ("A model reports a loss of one bit", "1 bit", "units"),
    ("Four outcomes are equally likely", "1.816", "units"),
    ("Four outcomes are equally likely", "2", "swapped"),
    ("The label is 1, the logit is −12", "17.3", "units"),
    ("The label is 1, the logit is −12", "0", ""),
    ("The mean loss on a test set", "1.649", "inverted"),
    ("The mean loss on a test set", "0.393", "complement"),
    ("The mean loss on a test set", "60.7", "percent"),
    ("digits are those of the belief q", r"\sum_k p_k \ell_k", "units"),
    ("digits are those of the belief q", "-sum_k p_k ℓ_k log 2", "sign"),
    ("Treat the entries of q as free", "p_j/q_j", "sign"),
    ("Treat the entries of q as free", "-p_k/q_k", "index"),
    ("Treat the entries of q as free", "-p_j/q_j sum_k q_k", ""),
    ("The truth p is a fair coin", "0.368", "swapped"),
    ("Now the coin p shows heads", "0.511", "swapped"),
    ("Ten rolls of a three-sided die", "1.485", "units"),
    ("In N rolls", "sum_k p_k log q_k", "factor"),
    ("In N rolls", "N sum_k q_k log p_k", "swapped"),
    ("In N rolls", "N sum_n p_n log q_n", "range"),
    ("Subtract the entropy", "sum_k q_k log(q_k/p_k)", "swapped"),
    ("An example has the true class", "q_c", "logarithm"),
    ("An example has the true class", "-log(1 - q_c)", ""),
    ("The labels sum to one", "q_k - y_k", "index"),
    ("The labels sum to one", "q_j - y_j + (K-1)(K-2)(K-3)(K-4)(K-5)(K-6)", ""),
    ("The labels sum to one", "q_j - y_j + sqrt((z_j-5)^2) - 5 + z_j", ""),
    ("The labels sum to one", "q_j - y_j + 10^-40", ""),
    ("Again q is the softmax", "q_j - q_k", ""),
    ("Again q is the softmax", "q_k (1 - q_j)", "delta"),
    ("Again q is the softmax", "-q_j q_k", "delta"),
    ("Again q is the softmax", "q_j (1 - q_j)", "delta"),
    ("every other down by one", "q_c (1 - q_c)", ""),
    ("every other down by one", "4 q_j (1 - q_j)", "index"),
    ("K others share the other half alike", "log(2) + log(K)", ""),
    ("K others share the other half alike", "-log(2) - log(K)/2", "sign"),
    ("derivative of the cross-entropy", "-1", ""),
    ("derivative of the squared error", "-0.0098", "factor"),
    ("The largest number of float16", "4.816", "slip"),
    ("Two logits are 1000 and 1001", "1.3133", "slip"),
    ("One-hot probabilities over a hundred classes", "0", "slip"),
    ("One-hot probabilities over a hundred classes", "5.226", "units"),
    ("Write the loss {loss} as one logarithm", "log(sum_k exp(z_c - z_k))", ""),
    ("Write the loss {loss} as one logarithm", "-log(sum_k exp(z_k - z_c))", "sign"),
    ("the logit starts at −20", "20.9", "rounding"),
    ("the logit starts at −20", "20.95", "rounding"),
    ("the logit starts at −20", "21.1", "rounding"),
    ("the logit starts at −20", "20", "slip"),
    ("until it is written without exponentials", "(p - y) p (1 - p)", "factor"),
    ("until it is written without exponentials", "2 (p - y)", "slope"),
    ("until it is written without exponentials", "p - y", "slope"),
    ("A loss has the slope p − y in the logit", "p - y", "slope"),
    ("A model was trained with weight w", "p/(p + (1 - p)/w)", "slip"),
    ("A loss has the slope p − y in the logit", "(p - y) p (1 - p)", "slope"),
    ("by z₀. Type z0", "1 + exp(z0)", "sign"),
    ("by the logit, for any label and output", "2 (a - y) a (1 - a)", "factor"),
    ("by the logit, for any label and output", "a - y", "slope"),
    ("by the logit, for any label and output", "y - a", "slope"),
    ("A start is ten logits", "22.026", ""),
    ("Two classes: the model is 0.99 sure", "0.091", "complement"),
    ("are true error bars longer than the model", "0.75", "inverted"),
    ("are true error bars longer than the model", "0.7", ""),
    ("A classifier reports", "0.9", "given"),
    ("A classifier reports", "10", "percent"),
]


LINES_BETWEEN: dict[str, tuple[list[str], list[str]]] = {
    # the name of a derivation: lines that follow from its first, and lines that do not
    "loss-of-a-bad-mistake": (["log(e^z+1) - log(e^z)", "log(1+e^z) - log(e^z)"], []),
    "from-two-entropies-to-kl": (["sum_k (p_k log p_k - p_k log q_k)"], []),
    "length-is-cross-entropy": (["sum_k p_k log(2^ell_k)", "-sum_k p_k log(2^-ell_k)"], []),
    "regroup-by-faces": (
        ["-1/N sum_n sum_k [x_n = k] log q_k", "-1/N sum_k (sum_n [x_n = k]) log q_k"],
        ["-1/N sum_k p_k log q_k"],
    ),
    "slope-of-the-coin": (["(-s + sθ + θ - sθ)/(θ(1-θ))", "-s ln θ - ln(1-θ) + s ln(1-θ)"], ["-s/θ - (1-s)/(1-θ)"]),
    "two-logits-are-one": (["log(e^z_1 + e^z_2) - log(e^z_1)", "log(e^z_1 (1 + e^(z_2 - z_1))) - z_1"], []),
    "weight-decay-on-two-outputs": (
        ["1/4 ((s-w)^2 + (s+w)^2)", "s^2/4 - s w/2 + w^2/4 + s^2/4 + s w/2 + w^2/4"],
        ["(s^2 - w^2)/4 + (s^2 + w^2)/4"],
    ),
    "an-example-has-the-true-class-c-f4d2": (["-sum_k [k = c] log q_k", "-log prod_k q_k^[k = c]"], []),
    "slope-in-a-weight-step-by-step": (
        ["-a e^(-a w)/(1 + e^(-a w))", "1/(1+e^(-aw)) * e^(-aw) * (-a)"],
        ["-w e^(-a w)/(1+e^(-a w))"],
    ),
    "curvature-up-and-down-step-by-step": (
        ["sum_k q_k - (sum_k q_k (2 [c = k] - 1))^2", "sum_k q_k (4 [k=c] - 4 [k=c] + 1) - (2 q_c - 1)^2"],
        ["1 - 2 q_c - 1"],
    ),
    "squared-error-gradient-step-by-step": (
        ["2 (p - y) * e^-z/(1+e^-z)^2", "2 (p - y) e^(-z)/(1+e^(-z))^2"],
        ["2 (p - y)"],
    ),
    "time-for-a-short-piece": (["1/(e^-z/(1+e^-z))", "1/(1 - 1/(1+e^-z))"], []),
    "slope-on-raw-outputs": (
        ["1/2 sum_k 2 (z_k - y_k) delta_kj", "1/2 sum_k (y_k^2 - 2 y_k z_k + z_k^2)"],
        ["sum_k (z_k - y_k)"],
    ),
    "write-the-loss-as-one-logarithm-7371": (
        ["log(sum_k e^z_k) - log e^z_c", "log(sum_k exp(z_k)) - log(exp(z_c))"],
        [],
    ),
    "waiting-times-step-by-step": (
        ["-log(mu^-K exp(-sum_k t_k/mu))", "-log(mu^(-K) exp(-1/mu sum_k t_k))", "-sum_k (log(exp(-t_k/mu)) - log mu)"],
        ["-sum_k (-t_k/mu) - log mu"],
    ),
    "smoothed-loss-step-by-step": (
        [
            "-sum_k y_k log q_k + eps sum_k (y_k - 1/K) log q_k",
            "-sum_k y_k log q_k + eps sum_k y_k log q_k - eps/K sum_k log q_k",
        ],
        [],
    ),
    "best-lead-estimate": (
        ["log((K (1-eps) + eps)/eps) - log(K/eps)", "log(K(1-eps)+eps) - log(eps) - log(K) + log(eps)"],
        [],
    ),
    "odds-step-by-step": (
        ["(s w/(s w - s + 1))/((1-s)/(s w - s + 1))", "(s w/(s w - s + 1))/(1 - s w/(s w - s + 1))"],
        [],
    ),
    "above-an-honest-report": (
        ["2p^2 (1-s) + 2s(1-p)^2 - 2s + 2s^2", "2p^2 - 2p^2 s + 2s - 4 s p + 2 s p^2 - 2s + 2s^2"],
        ["2p^2 - 2 p s + 2 s^2"],
    ),
    "slope-of-every-proper-score": (["w (p(1-s) - s(1-p))", "p w - p w s - s w + s w p"], []),
    "slope-in-the-temperature": (
        ["-1/T^2 sum_k (q_k - [k = c]) z_k", "z_c/T^2 + (sum_k exp(z_k/T) (-z_k/T^2))/sum_k exp(z_k/T)"],
        ["z_c/T + log(sum_k exp(z_k/T))"],
    ),
    "soft-maximum-of-equals": (["T log(sum_k 1) + m", "T (log K + log exp(m/T))"], []),
    "curvature-in-the-scale": (
        ["d * d e^(-a d)/(1+e^(-a d))^2", "d * sigma(a d) (1 - sigma(a d)) * d"],
        ["d sigma(a d) (1 - sigma(a d))"],
    ),
    "best-loss-over-all-scales": (
        ["s log(1 + 1/s - 1) + (1-s) log(1/(1-s))", "s log((s + 1 - s)/s) + (1-s) log((s + 1 - s)/(1-s))"],
        ["s log(1/s) + log(1/(1-s))"],
    ),
    "fisher-step-by-step": (
        [
            "q_j (delta_jm - q_m) - q_j sum_k q_k (delta_km - q_m)",
            "sum_k q_k (delta_jk delta_km - delta_jk q_m - q_j delta_km + q_j q_m)",
            "sum_k q_k [j=k][k=m] - q_j sum_k q_k [k=m] - q_m sum_k q_k [j=k] + q_j q_m sum_k q_k",
        ],
        [],
    ),
    "k3-step-by-step": (
        ["sum_k p_k - sum_k q_k log(p_k/q_k) - sum_k q_k", "sum_k q_k p_k/q_k - sum_k q_k log(p_k/q_k) - sum_k q_k"],
        ["sum_k (p_k - q_k log(p_k/q_k) - 1)"],
    ),
    "the-ceiling-is-reached": (
        ["sum_k q_k (z_k - z_k + log(sum_l e^z_l))", "-sum_k q_k (z_k - log sum_l e^z_l) + sum_k q_k z_k"],
        [],
    ),
    "mean-of-two-perplexities": (["(u^2 + v^2 - 2uv)/2", "1/2 (u^2 - 2 u v + v^2)"], []),
}


def the_exercise(words: str) -> Exercise | NumberExercise:
    (found,) = [one for one in every_exercise() if words in one.question]
    return found


def right(exercise: Exercise | NumberExercise) -> list[str]:
    """Return right answers: those above and the worked one, and each with something a copied text brings."""
    ways = next((texts for words, texts in READERS_WAYS.items() if words in exercise.question), [])
    plain = [worked(exercise), *ways]
    if isinstance(exercise, NumberExercise):
        plain += _spelled(exercise)
    else:
        plain += [_latex(way) for way in plain if "\\" not in way]
    found: list[str] = []
    for number, way in enumerate(plain):
        decorated = list(_decorated(way))
        found += [way, *(decorated if number == 0 else [decorated[number % len(decorated)]])]
    return list(dict.fromkeys(found))


def _decorated(way: str) -> Iterator[str]:
    yield f"= {way}"
    yield f"  {way}. "
    yield f"${way}$"
    yield f"\\({way}\\)"
    yield "\ufeff" + way.replace(" ", "\u00a0\u200b")
    yield way.replace("-", "−").replace("*", "·")


def _latex(way: str) -> str:
    """Write an answer as it comes out of an editor for LaTeX."""
    text = re.sub(r"\b(log|ln|exp|sigma|delta)\b(?!_2|2)", r"\\\1", way)
    text = re.sub(r"\bsum_(\w)\b", r"\\sum\\limits_{\1}", text)
    return text.replace("(", r"\left(").replace(")", r"\right)")


def _spelled(exercise: NumberExercise) -> Iterator[str]:
    value, unit = float(exercise.value), exercise.unit
    short, longer = _rounded(value, exercise.digits), _rounded(value, exercise.digits + 2)
    yield from (short, longer, repr(value), f"≈ {short}", f"~{short}", f"{value:.{exercise.digits}e}")
    yield re.sub(r"\.(?=\d)", ",", longer)
    if abs(value) < 1:
        yield f"{_rounded(100 * value, exercise.digits + 1)} %" if not unit else short
    if unit:
        yield from (f"{short} {unit}", f"{longer}{unit}", f"{short} {unit.title()}", f"{short} {unit[:-1]}")
        yield from (f"{short} {unit} per example", f"{short} {unit}/toss", rf"{short} \text{{ {unit}}}")
        for other in () if exercise.converts else UNITS:
            size = value * float(UNITS[unit] / UNITS[other])
            yield f"{_rounded(size, exercise.digits + 1)} {other} on average"


def _rounded(value: float, digits: int) -> str:
    """Write a number to so many significant digits, without an exponent."""
    return f"{float(f'{value:.{digits - 1}e}'):.10f}".rstrip("0").rstrip(".")


def wrong(exercise: Exercise | NumberExercise) -> list[str]:
    """Return wrong answers: the slips above, and what comes out when the right one is spoilt."""
    slips = [answer for words, answer, _ in USUAL_SLIPS if words in exercise.question]
    spoilt = _wrong_numbers(exercise) if isinstance(exercise, NumberExercise) else _spoilt(exercise)
    return list(dict.fromkeys([*slips, *spoilt, *slipped(exercise)]))


def slipped(exercise: Exercise | NumberExercise) -> list[str]:
    """Return what the exercise expects its readers to type by mistake."""
    if isinstance(exercise, NumberExercise):
        return [f"{float(number):.8g}" for number in exercise.slipped.values()]
    return list(map(written, exercise.slips.values()))


def _wrong_numbers(exercise: NumberExercise) -> Iterator[str]:
    value, digits = float(exercise.value), exercise.digits
    last = 10.0 ** last_place(exercise.value, digits)
    near = (value + 2 * last, value - 2 * last, value + 1.01 * last, value - 1.01 * last)
    far = (
        -value,
        2 * value,
        value / 2,
        10 * value,
        value / 10,
        1 - value,
        1 / value,
        value**2,
        value * 0.9931,
        value * 1.4427,
        value * 0.6931,
        value + 1,
        0.0,
        1.0,
    )
    for number in (*near, *far):
        text = _rounded(number, digits + 3)
        if not agrees(Rational(text), exercise.value, digits):
            yield text


def _spoilt(exercise: Exercise) -> Iterator[str]:
    line = exercise.line
    bases = sorted({base for base, _ in exercise.names.bases.values()}, key=str)
    named = exercise.names.symbols.values()  # a question about two logits has no K, and none about one example an N
    size, count = (symbol if symbol in named else Integer(7) for symbol in (K, N))
    for change in (
        lambda e: -e,
        lambda e: 2 * e,
        lambda e: e / 2,
        lambda e: size * e,
        lambda e: e / count,
        lambda e: e * log(2),
        lambda e: -e / log(2),
        lambda e: 1 / e,
        lambda e: 1 - e,
        lambda e: e + 1,
        lambda e: e**2,
        lambda e: e + (size - 1) * (size - 2) * (size - 3) * (size - 4) * (size - 5) * (size - 6),
    ):
        yield written(change(line))
    yield f"{written(line)} + 10^-40"
    for other in bases:
        for base in bases:
            if base != other and line.has(base):
                yield written(line.xreplace({base: other}))
    if isinstance(line, Add):
        yield from (written(line - term) for term in line.args)
