"""Array functions: losses on logits with their gradients, information measures, metrics.

One convention holds throughout. The last axis is the classes. A loss returns one number per example and never
reduces: write ``.mean()`` where a mean is meant. With ``return_grad=True`` it returns the pair of losses and
gradient by the logits, in one pass. Shapes must match exactly; nothing is broadcast silently, nothing is
clipped. float32 logits give float32 results, all else float64. The logarithm is the natural one: losses are
in nats unless a unit is asked for. At infinite logits a loss is its limit; NaN stays NaN.

Where the result is well conditioned, a loss and its gradient are within 4 units in the last place of the true
ones (focal losses 4 + 2γ; squared errors and the Gaussian likelihood 8); nowhere is a 0, an infinity or a NaN
returned that is not the rounded truth. A wrong kind of value is refused with a ``TypeError``, a wrong shape
or number with a ``ValueError``; both say what was expected, what came, where, and what to do.
"""

from ce.numeric import _categorical, _elementwise, _information, _metrics, _softmax
from ce.numeric._categorical import *  # noqa: F403
from ce.numeric._elementwise import *  # noqa: F403
from ce.numeric._information import *  # noqa: F403
from ce.numeric._metrics import *  # noqa: F403
from ce.numeric._softmax import *  # noqa: F403

__all__ = _categorical.__all__ + _information.__all__ + _metrics.__all__ + _elementwise.__all__ + _softmax.__all__
