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
