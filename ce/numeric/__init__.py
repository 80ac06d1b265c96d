"""Array functions: losses on logits with their gradients, information measures, metrics.

One convention holds throughout. The last axis is the classes. A loss returns one number per example and never
reduces: write ``.mean()`` where a mean is meant. Beside each loss stands its gradient with respect to the
logits, named ``<loss>_gradient``, which takes the same arguments and has the shape of the logits. Shapes must
match exactly; nothing is broadcast silently. Whatever comes in, computing is done in float64. Everything is
in nats unless a unit is asked for.
"""

from ce.numeric.activations import log_softmax, sigmoid, softmax
from ce.numeric.binary_losses import (
    sigmoid_binary_cross_entropy,
    sigmoid_binary_cross_entropy_gradient,
    sigmoid_squared_error,
    sigmoid_squared_error_gradient,
)
from ce.numeric.calibration import ReliabilityCurve, expected_calibration_error, reliability_curve
from ce.numeric.categorical_losses import (
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
    softmax_cross_entropy_with_integer_labels,
    softmax_cross_entropy_with_integer_labels_gradient,
)
from ce.numeric.categorical_squared_errors import (
    softmax_squared_error,
    softmax_squared_error_gradient,
    squared_error_on_logits,
    squared_error_on_logits_gradient,
)
from ce.numeric.information import cross_entropy, entropy, kl_divergence
from ce.numeric.labels import one_hot
from ce.numeric.metrics import accuracy, brier_score, log_loss

__all__ = [
    "ReliabilityCurve", "accuracy", "brier_score", "cross_entropy", "entropy", "expected_calibration_error",
    "kl_divergence", "log_loss", "log_softmax", "one_hot", "reliability_curve", "sigmoid",
    "sigmoid_binary_cross_entropy", "sigmoid_binary_cross_entropy_gradient", "sigmoid_squared_error",
    "sigmoid_squared_error_gradient", "softmax", "softmax_cross_entropy", "softmax_cross_entropy_gradient",
    "softmax_cross_entropy_with_integer_labels", "softmax_cross_entropy_with_integer_labels_gradient",
    "softmax_squared_error", "softmax_squared_error_gradient", "squared_error_on_logits",
    "squared_error_on_logits_gradient",
]  # fmt: skip
