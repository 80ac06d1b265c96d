"""Array functions: losses on logits with their gradients, information measures, metrics.

One convention holds throughout. The last axis is the classes. A loss returns one number per example and
never reduces: write ``.mean()`` where a mean is meant. With ``return_grad=True`` it returns the pair of
losses and gradient with respect to the logits, computed in one pass. Shapes must match exactly; nothing is
broadcast silently, nothing is clipped. float32 logits give float32 results, everything else float64. The
logarithm is the natural one: losses are in nats unless a unit is asked for.
"""

from ce.numeric.binary_losses import binary_cross_entropy_with_logits, sigmoid_squared_error
from ce.numeric.calibration import ReliabilityCurve, expected_calibration_error, reliability_curve
from ce.numeric.categorical_losses import cross_entropy_with_logits
from ce.numeric.focal_losses import sigmoid_focal_loss, softmax_focal_loss
from ce.numeric.gaussian_loss import gaussian_nll
from ce.numeric.information import cross_entropy, entropy, kl_divergence
from ce.numeric.metrics import accuracy, brier_score, log_loss
from ce.numeric.sigmoid import log_sigmoid, sigmoid
from ce.numeric.smoothing import smooth_labels
from ce.numeric.softmax import log_softmax, logsumexp, softmax
from ce.numeric.squared_errors import softmax_squared_error, squared_error
from ce.numeric.targets import one_hot

__all__ = [
    "ReliabilityCurve", "accuracy", "binary_cross_entropy_with_logits", "brier_score", "cross_entropy",
    "cross_entropy_with_logits", "entropy", "expected_calibration_error", "gaussian_nll", "kl_divergence",
    "log_loss", "log_sigmoid", "log_softmax", "logsumexp", "one_hot", "reliability_curve", "sigmoid",
    "sigmoid_focal_loss", "sigmoid_squared_error", "smooth_labels", "softmax", "softmax_focal_loss",
    "softmax_squared_error", "squared_error",
]  # fmt: skip
