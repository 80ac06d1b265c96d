"""A reader's answer or step is read, judged and explained."""

from ce.exercises.alphabet import Alphabet, alphabet
from ce.exercises.grammar import parse
from ce.exercises.malformed import MalformedAnswer
from ce.exercises.notation import written

__all__ = ["Alphabet", "MalformedAnswer", "alphabet", "parse", "written"]
