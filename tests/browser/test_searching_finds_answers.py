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


# The search as it stands in the page, over and over, without the excerpts, for which it opens each page it finds.
SEARCH = """async words => {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  document.getElementById("search-results").replaceChildren();
  Search.performSearch(words);
  while (!/found|match/.test(document.querySelector(".search-summary").innerText))
    await new Promise(done => setTimeout(done, 5));
  return [...document.querySelectorAll("#search-results li a")].map(link => link.getAttribute("href"));
}"""


def test_the_answers_are_among_the_first_three_for_each_of_their_words(
    context: BrowserContext, served_book: str
) -> None:
    page = visit(context, f"{served_book}/search.html").page
    found = {words: page.evaluate(SEARCH, words)[:3] for words in map(str.strip, TYPED.split(";"))}
    assert {words: links for words, links in found.items() if not any(ANSWERS in link for link in links)} == {}
    assert page.evaluate(SEARCH, "0.694") == []
