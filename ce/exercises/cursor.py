"""A place in the reader's tokens: look, take, insist, and fail with a caret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from ce.exercises.bounds import Bounds
from ce.exercises.malformed import MalformedAnswer
from ce.exercises.tokens import Token, tokens

__all__ = ["Cursor"]


class Cursor:
    """The tokens of a text and how far they have been read.

    Parameters
    ----------
    text
        What the reader wrote.
    bounds
        The limits on its length and its nesting.

    Raises
    ------
    MalformedAnswer
        When the text is empty, too long, or holds a character that has no place in an answer.
    """

    def __init__(self, text: str, bounds: Bounds) -> None:
        self.text = text
        self.bounds = bounds
        self._at = 0
        self._depth = 0
        if len(text) > bounds.characters:
            message = f"expected at most {bounds.characters} characters, got {len(text)}"
            raise MalformedAnswer(message, text, bounds.characters)
        if not text.strip():
            raise MalformedAnswer("expected an expression, got an empty text", text, 0)
        self._tokens = tokens(text)

    @property
    def next(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._at]

    def ahead(self, steps: int) -> Token:
        """Look further on without reading."""
        return self._tokens[min(self._at + steps, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Read a token; at the end it stays there."""
        token = self.next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def sees(self, *signs: str) -> bool:
        """Whether one of these signs comes next."""
        return self.next.kind == "sign" and self.next.text in signs

    def accept(self, *signs: str) -> Token | None:
        """Read the next token if it is one of these signs."""
        return self.take() if self.sees(*signs) else None

    def expect(self, sign: str, purpose: str) -> Token:
        """Read this sign or fail; ``purpose`` says what it was needed for."""
        return self.accept(sign) or self.fail(f"expected '{sign}' {purpose}, got {self.next.quoted}")

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        """Raise the error, pointing at ``token`` or at the next one."""
        raise MalformedAnswer(message, self.text, (token or self.next).start)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one level of nesting while the block runs."""
        self._depth += 1
        if self._depth > self.bounds.depth:
            self.fail(f"expected at most {self.bounds.depth} levels of nesting, got more")
        yield
        self._depth -= 1
