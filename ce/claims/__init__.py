"""The book's derivations: one module for each theme, one short function for each claim."""

from ce.claims.ledger import ledger
from ce.claims.registry import Claim, all_claims, derivation, on_page

__all__ = ["Claim", "all_claims", "derivation", "ledger", "on_page"]
