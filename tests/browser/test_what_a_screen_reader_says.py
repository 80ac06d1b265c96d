"""What a screen reader says of a figure, a derivation and an exercise, in its order; and nothing before it is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visits import visit

FIGURE = """
- figure "The logarithm lies below its tangent.":
  - paragraph: "At the start: The logarithm lies below its tangent. Drawn at x = 2.4. Panel “Two curves that touch” \
shows value against x: x − 1 starts at −0.950 at 0.0500, ends at 2.00 at 3.00; log x starts at −3.00 at 0.0500, \
ends at 1.10 at 3.00. Read-outs: the gap, x − 1 − log x 0.5245."
  - text: x
  - slider "x": "2.4"
  - button "Reset"
  - text: Two curves that touch value
  - 'img "Two curves that touch: value against x. Drag sideways to change it."'
  - 'table "Values now: The logarithm lies below its tangent"':
    - rowgroup:
      - row:
        - rowheader "the gap, x − 1 − log x"
        - cell "0.5245"
  - status
  - status
  - strong: The logarithm lies below its tangent.
  - text: The line x − 1 is never below log x, and they meet only at x = 1.
  - emphasis: "Try:"
  - text: Drag the point through 1. The gap closes, and opens again on the other side.
"""
DERIVATION = """
- heading "Gibbs’ inequality in two lines claim I3" [level=3]
- text: "Conditions:"
- list:
  - listitem: p and q are pmfs;
  - listitem: q > 0 wherever p > 0
- list:
  - listitem:
    - group "line 1":
      - math: K L ( p ∥ q )
      - math: = − ∑ k = 1 K p k log ⁡ q k p k
  - listitem:
    - group "line 2":
      - math: ≥ ∑ k = 1 K ( p k − q k )
    - text: "log x ≤ x − 1 grade A : proven by normal form (normal form; log x ≤ x − 1)"
  - listitem:
    - group "line 3":
      - math: = 0
    - text: "both sum to one grade A : proven by normal form"
"""
TYPED = """
- paragraph:
  - strong: Exercise.
  - text: The truth p is a fair coin; the belief q gives heads the probability 0.9. What is KL(p‖q), in nats?
- paragraph: Answer in nats, to three significant digits.
- text: Your answer
- textbox "Your answer"
- button "Check"
- status
- group: Worked answer
"""
CHOSEN = """
- paragraph:
  - strong: Exercise.
  - text: Which of these hold for KL(p‖q), whatever the two distributions are?
- paragraph: Answer with all that are right.
- list:
  - listitem:
    - checkbox "It is finite."
  - listitem:
    - checkbox "It is 0 only for p = q."
  - listitem:
    - checkbox "It is not negative."
  - listitem:
    - checkbox "It does not change when p and q are exchanged."
- button "Check"
- status
- group: Worked answer
"""


@pytest.fixture(scope="module")
def listened(browser: Browser, served_book: str) -> Iterator[Page]:
    """The page on KL divergence, as it opens; for listening only."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield visit(context, f"{served_book}/book/quantity/kl-divergence.html").page
    context.close()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("#figure-tangent", FIGURE),
        ("#derivation-I3-two-lines", DERIVATION),
        (".ce-exercise:has-text('The truth p is a fair coin')", TYPED),
        (".ce-exercise:has-text('Which of these hold')", CHOSEN),
    ],
)
def test_it_says_what_can_be_seen_in_its_order(listened: Page, place: str, said: str) -> None:
    expect(listened.locator(place)).to_match_aria_snapshot(said)


def test_it_says_nothing_before_the_reader_acts_and_then_what_has_changed(listened: Page) -> None:
    listened.wait_for_timeout(1000)  # what has changed is said when the hand rests
    status = listened.get_by_role("status")
    assert status.count() > 5
    assert set(status.all_inner_texts()) == {""}
    figure = listened.locator("#figure-tangent")
    figure.get_by_role("slider", name="x").press("ArrowRight")
    expect(figure.get_by_role("status").filter(has_text="the gap")).to_have_text("the gap, x − 1 − log x 0.5539")
