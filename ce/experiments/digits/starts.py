"""Where training starts: ordinarily, or saturated, that is confident and mostly wrong, in one of two ways."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ce.experiments.digits.data import Examples
from ce.experiments.digits.network import Layer, Parameters, outputs_of

__all__ = ["STARTS", "large_weights", "one_class_ahead", "ordinary"]


def ordinary(parameters: Parameters, examples: Examples, excess: float) -> Parameters:
    """Return the parameters as they were drawn."""
    return parameters


def one_class_ahead(parameters: Parameters, examples: Examples, excess: float) -> Parameters:
    """Return a start that predicts one class whatever the example: its output bias is ``excess``, not 0.

    The class is the seed's number modulo K. A softmax gives it about e^``excess`` times the probability of
    any other class; about one example in K is predicted rightly.

    Parameters
    ----------
    parameters
        An ordinary start, with P = 1.
    examples
        Not needed here.
    excess
        How far ahead, in logits.
    """
    *hidden, last = parameters
    biases = last.biases.copy()
    seeds = np.arange(len(biases))
    biases[seeds, 0, 0, seeds % biases.shape[-1]] = excess
    return (*hidden, Layer(last.weights, biases))


def large_weights(parameters: Parameters, examples: Examples, excess: float) -> Parameters:
    """Return a start whose random output weights are too large, so that it is confident for no reason.

    The last layer's weights are multiplied by the one factor at which, in the mean over the examples, the
    largest output exceeds the output of the true class by ``excess``.

    Parameters
    ----------
    parameters
        An ordinary start, with P = 1 and output biases of zero, so that outputs scale with the weights.
    examples
        The training examples.
    excess
        The mean excess to reach, in logits.
    """
    outputs = outputs_of(parameters, examples)
    own = np.take_along_axis(outputs, examples.labels[:, np.newaxis, :, np.newaxis], axis=-1)[..., 0]
    factor = excess / (outputs.max(axis=-1) - own).mean(axis=-1)
    *hidden, last = parameters
    return (*hidden, Layer(last.weights * factor[..., np.newaxis, np.newaxis], last.biases))


STARTS: dict[str, Callable[[Parameters, Examples, float], Parameters]] = {
    "ordinary": ordinary,
    "one class ahead": one_class_ahead,
    "large weights": large_weights,
}
