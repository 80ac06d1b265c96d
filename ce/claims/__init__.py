"""The book's derivations: a module for each chapter, named as its page, a function for each claim."""

from ce.claims.ledger import ledger
from ce.claims.registry import Claim, all_claims, claim, derivation

__all__ = ["Claim", "all_claims", "claim", "derivation", "ledger"]
