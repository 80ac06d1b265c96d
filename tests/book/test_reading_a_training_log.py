"""The short answers about a training log: each has its page, and each number is found again in another way."""

import math
import re

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax, rel_entr

from ce.numeric import binary_cross_entropy_with_logits, cross_entropy_with_logits, sigmoid_focal_loss
from tests.book.chapter_cells import PAGES, glued, source

PAGE = "book/reference/reading-a-training-log"
ANSWERS = re.findall(r"```\{index\} (.+)\n```\n\n### (.+)\n\n((?:.+\n)+)", source(PAGE))


def test_there_are_enough_questions_and_each_has_a_short_answer_and_a_page():
    assert len(ANSWERS) == source(PAGE).count("\n### ") >= 25
    for _, question, answer in ANSWERS:
        links = re.findall(r"See\s\{doc\}`\.\./([^`]+)`\.$", answer.strip())
        assert [f"book/{link}" for link in links if f"book/{link}" in PAGES], question
        assert len(re.sub(r"\{\w+(:\w+)?\}`[^`]*`", "x", answer).split()) <= 50, question


def test_the_words_to_search_for_are_entries_of_the_index_itself_and_stand_once():
    entries = [word.strip() for words, _, _ in ANSWERS for word in words.split(",")]
    assert all(re.fullmatch(r"! [^!;]+", entry) for entry in entries)
    assert len({entry.lower() for entry in entries}) == len(entries)


def least(loss, low=-30, high=30):
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    return found.fun, found.x


def test_the_numbers_are_the_losses_that_they_are_said_to_be():
    numbers = glued(PAGE)
    for name, classes in (("two", 2), ("ten", 10), ("thousand", 1000)):
        assert numbers[name] == pytest.approx(float(cross_entropy_with_logits(np.zeros(classes), 0)))
    for name, share in (("rare", 0.01), ("tenth", 0.1)):
        constant = least(lambda z, p=share: p * np.logaddexp(0, -z) + (1 - p) * np.logaddexp(0, z))
        assert numbers[name] == pytest.approx(constant[0])
        assert expit(constant[1]) == pytest.approx(share, abs=1e-4)
    assert numbers["mixed"] == pytest.approx(np.mean([0] * 9 + [-np.log(1e-10)]))
    assert numbers["batch"] == pytest.approx(binary_cross_entropy_with_logits(np.zeros(32), np.ones(32)).sum())
    assert numbers["given"] == pytest.approx(2 ** (3.2 * numbers["bit"]))
    assert numbers["ten_bits"] == pytest.approx(np.log2(10))
    assert numbers["per_byte"] == pytest.approx(math.log2(24**1500) / 6000)


def test_functions_that_are_handed_the_wrong_thing_say_what_the_page_says():
    numbers = glued(PAGE)
    for name, classes in (("three", 3), ("ten_softmaxed", 10)):
        assert numbers[name] == pytest.approx(-log_softmax(np.eye(classes)[0])[0])
    assert numbers["two_outputs"] == pytest.approx(float(cross_entropy_with_logits([2.0, -1.0], 0)))
    assert numbers["two_outputs"] == pytest.approx(float(binary_cross_entropy_with_logits(3.0, 1)))
    target, given = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.3, 0.2])
    assert numbers["right"] == pytest.approx(rel_entr(target, given).sum())
    said = sum(t * (np.log(t) - g) for t, g in zip(target, given, strict=True))
    assert numbers["no_logs"] == pytest.approx(-said)
    assert said < 0 < numbers["right"]
    assert source(PAGE).count("−{glue:text}`no_logs") == source(PAGE).count("−{glue:text}`nll") == 1
    with np.errstate(over="ignore"):
        for name in ("float16", "float32"):
            edge = np.dtype(name).type(numbers[name])
            assert np.isinf(np.exp(edge + np.dtype(name).type(0.1)))
            assert np.isfinite(np.exp(edge - np.dtype(name).type(0.1)))


def test_what_changed_losses_ask_for_is_what_a_search_finds():
    numbers = glued(PAGE)
    assert numbers["soft"] == pytest.approx(stats.entropy([0.5, 0.25, 0.25]))
    for name, told in (("floor", 0.91), ("floor_others", 0.9)):
        other = (1 - told) / 9
        smoothed = least(
            lambda z, told=told, other=other: float(
                cross_entropy_with_logits(np.r_[z, np.zeros(9)], np.r_[told, np.full(9, other)])
            )
        )
        assert numbers[name] == pytest.approx(smoothed[0])
    weighted = least(lambda z: 9 * 0.8 * np.logaddexp(0, -z) + 0.2 * np.logaddexp(0, z))
    assert numbers["weighted"] == pytest.approx(expit(weighted[1]), abs=5e-4)
    balanced = least(lambda z: 99 * 0.01 * np.logaddexp(0, -z) + 0.99 * np.logaddexp(0, z))
    assert numbers["balanced"] == pytest.approx(expit(balanced[1]), abs=1e-4)
    focal = least(lambda z: 0.8 * float(sigmoid_focal_loss(z, 1)) + 0.2 * float(sigmoid_focal_loss(z, 0)))
    assert numbers["focal"] == pytest.approx(expit(focal[1]), abs=5e-4)
    shares = np.linspace(0.001, 0.999, 999)
    assert numbers["slope"] == pytest.approx((2 * shares * (1 - shares)).max())
    assert numbers["flat"] == pytest.approx(2 * 0.01 * 0.99)
