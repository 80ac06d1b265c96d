"""The package behind the book on cross-entropy; each room is imported by its name, and imports run downward.

=================  =====================================================================================
``symbols``        every symbol of the book, with its assumptions and its meaning
``formulas``       losses, entropies, likelihoods: what prints, what computes, and the proof that they agree
``derivation``     the checker of derivations: worlds, normal form, relations, grades
``claims``         the book's own derivations, one module a chapter, and the ledger
``exercises``      a reader's answer, read and judged
``figures``        live figures: grammar, picture, widget, static page
``numeric``        losses with gradients and information measures on arrays
``experiments``    gradient descent and flow, the study on real digits
``site``           the Sphinx extension that builds the book
=================  =====================================================================================
"""

__all__ = [
    "claims", "derivation", "exercises", "experiments", "figures", "formulas", "numeric", "site", "symbols",
]  # fmt: skip
