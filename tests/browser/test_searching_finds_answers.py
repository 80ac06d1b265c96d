"""What people type when a loss puzzles them, typed into the site's own search."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from tests.browser.visits import visit

ANSWERS = "book/reference/reading-a-training-log.html"
TYPED = """
    MSE; log loss; logloss; 0.693; 2.303; NLLLoss; nllloss; KLDivLoss; ignore_index; -100; one-hot; class index;
    pos_weight; class_weight; perplexity; bits per byte; negative loss; loss is negative; loss stuck; loss is nan; NaN;
    loss is 0; 0.5514; 16.118; BCE; multi-label; soft labels; label smoothing; focal loss; temperature; imbalanced;
    crossentropy; validation loss rises; overfitting; batchmean; is KL a distance; nats or bits
"""

# What students look for, and where the first result leads: a chapter, a section of it, a term of the glossary.
FIRST = {
    "why softmax": "maximum-entropy",
    "kl divergence": "kl-divergence.html#kl-divergence",
    "Kullback-Leibler": "kl-divergence",
    "cross entropy": "quantity/cross-entropy.html#cross-entropy",
    "perplexity": "language-models",
    "nan loss": "#my-loss-is-nan",
    "why is my loss nan": "#my-loss-is-nan",
    "label smoothing": "label-smoothing.html#label-smoothing",
    "logits": "#term-logit",
    "softmax gradient": "the-softmax-gradient.html#the-softmax-gradient",
    "derivative of softmax": "the-softmax-gradient",
    "numerical stability": "computing-it-stably",
    "vanishing gradients": "squared-error-saturates",
    "why not mse": "#why-not-mse-for-classification",
    "multilabel": "#several-labels-at-once-multi-label",
    "validation loss increases": "#validation-loss-rises",
    "difference between cross entropy and KL divergence": "#kl-or-cross-entropy-as-the-loss",
    "MLE": "rolling-a-die",
    "surprisal": "surprise-and-entropy",
    "self-information": "surprise-and-entropy",
    "reverse KL": "two-directions-of-kl",
    "mode seeking": "two-directions-of-kl",
    "reliability diagram": "calibration-and-temperature",
    "ECE": "on-real-digits",
    "proper scoring rule": "proper-scores",
    "LLM": "language-models",
    "lagrange multiplier": "rolling-a-die",
    "glossary": "reference/glossary.html#glossary",
}
# With slips of the hand: what is looked for in their place.
SLIPS = {
    "softmx": "softmax", "cross etnropy": "entropy", "kullbak": "kullback", "perplexitiy": "perplexity",
    "divergance": "divergence", "sotfmax": "softmax",
}  # fmt: skip


def test_the_first_result_is_the_place_that_tells_it(context: BrowserContext, served_book: str) -> None:
    page = visit(context, f"{served_book}/search.html").page
    field, results = page.get_by_role("searchbox").last, page.locator("#search-results li > a:first-child")

    def found(words: str) -> str:
        field.fill(words)
        return results.first.get_attribute("href") or ""

    assert {words: place for words, wanted in FIRST.items() if wanted not in (place := found(words))} == {}
    said = page.locator("#search-results [role=status]")
    for words, meant in SLIPS.items():
        right = found(words.replace(words.split()[-1], meant))
        assert found(words) == right, words
        assert f"Looked for {meant} for {words.split()[-1]}." in said.inner_text()


def test_the_answers_are_among_the_first_three_for_each_of_their_words(
    context: BrowserContext, served_book: str
) -> None:
    page = visit(context, f"{served_book}/search.html").page
    field, results = page.get_by_role("searchbox").last, page.locator("#search-results li > a:first-child")

    def first(words: str) -> list[str]:
        field.fill(words)
        return results.evaluate_all("links => links.slice(0, 3).map(link => link.getAttribute('href'))")

    found = {words: first(words) for words in map(str.strip, TYPED.split(";"))}
    assert {words: links for words, links in found.items() if not any(ANSWERS in link for link in links)} == {}
    assert first("0.694") == []
