"""The judge of the page, in a browser, and the answers on which it is held against Python's."""

from __future__ import annotations

import json
import random
from typing import Any

from playwright.sync_api import Page

from ce.bundle import joined, minified
from ce.exercises import Exercise, NumberExercise

OUTCOMES = {
    "RIGHT": "right",
    "WRONG": "wrong",
    "UNREAD": "unread",
    "UNDECIDED": "unread",
    "NOT_AS_ASKED": "not-as-asked",
    "ROUNDED": "not-as-asked",
}


def open_judge(page: Page) -> None:
    """Give a page the judge as a global function, under the policy that forbids eval."""
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\">"
    script = minified(f"{joined('ce.exercises', 'judge')}\nglobalThis.judge = judge;\n")
    page.route(
        "http://judge.test/**",
        lambda route: (
            route.fulfill(body=script, content_type="text/javascript")
            if route.request.url.endswith(".js")
            else route.fulfill(body=f"{policy}<script type=module src=judge.js></script>", content_type="text/html")
        ),
    )
    page.goto("http://judge.test/", wait_until="load")


def page_says(page: Page, exercise: Exercise | NumberExercise, answers: list[str]) -> list[dict[str, Any]]:
    """Return what the page's judge says of each answer."""
    spec = json.loads(json.dumps(exercise.spec))
    found: list[dict[str, Any]] = page.evaluate(
        "([spec, answers]) => answers.map((answer) => judge(answer, spec))", [spec, answers]
    )
    return found


def mutated(answers: list[str], seed: str) -> list[str]:
    """Return answers with a character left out, doubled, exchanged or put in: most are malformed or wrong."""
    chance = random.Random(seed)
    found = []
    for answer in answers:
        at = chance.randrange(max(1, len(answer)))
        other = chance.choice("kjnpqyz0123+-*/^_()[]{}=,. log")
        found += [
            answer[:at] + answer[at + 1 :],
            answer[:at] + answer[at : at + 1] * 2 + answer[at + 1 :],
            answer[:at] + other + answer[at + 1 :],
            answer[:at] + other + answer[at:],
        ]
    return found
