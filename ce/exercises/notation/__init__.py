r"""The notation of answers: what people write, read as they mean it, and written back.

In short::

    expression  =  [sign] product { (+ | -) product }
    product     =  factor { (* | / | nothing) factor }
    factor      =  { sign } power
    power       =  primary [ ^ { sign } power ]
    primary     =  number | name | name subscript | function | sum | ( expression ) | | expression |
                   | [ index = index ]
    subscript   =  _ k | _ nk | _ {n, k} | _ {x_n} | _ 3 | [ k ] | ( k )
    function    =  (log | ln | log2 | log_2 | log1p | logit | softplus | exp | sqrt | \sqrt[3] | abs | sigma)
                   (( expression ) | factor)
    sum         =  (sum | prod) _ index [= 1] [ ^ last ] product

Scope, where habits differ:

* A sum takes the product after it and ends at ``+`` or ``-``: ``sum_k a b + c`` is ``(sum_k a b) + c``.
  Brackets extend it: ``sum_k (a b + c)``. Without ``= 1`` and a last value it runs over its whole range.
* A function without brackets takes one factor, with its subscript and power: ``log q_k^2`` is ``log(q_k^2)``,
  and ``log(q_k)^2`` is the square of the logarithm.
* What could be read in two ways is refused and both readings are named: ``log p_k/q_k``, ``1/2 N``,
  ``1/sum_l a_l b``. Another logarithm or sum may follow: ``log p_k log q_k``.
  A root of what varies is clear before ``/``: ``√p/2`` is ``(√p)/2``.
* An exponent without brackets ends at a blank, or where another begins: ``e^-a w`` is ``(e^-a) w`` and ``e^a/e^b``
  is ``(e^a)/(e^b)``, while ``e^aw``, ``e^z/T`` and ``p^1/2`` could be read in two ways. So could ``log2K``;
  ``log2 K`` is to the base 2, and ``log9`` is ``log 9``.
* ``-x^2`` is ``-(x^2)``, ``a^b^c`` is ``a^(b^c)``, ``a/b*c`` is ``(a/b)*c``; numbers such as 0.01 are exact.
* Any bracket groups: ``log[K]``, ``\sqrt{2}``; with an equals sign in it, it is 1 where that holds.
* In a sum, ``i`` runs over what it indexes, classes or examples; other indices have their range.
* LaTeX may be pasted with its dollars and its type (``\dfrac``, ``\operatorname{log}``, ``\bigl(``), Python
  with its modules (``np.log``, ``np.float64(0.5)``), and functions with their capitals (``Log[K]``, ``LN(K)``).
* ``[j = k]``, ``1_{j = k}``, ``I(j = k)`` and ``delta_jk`` are 1 where the indices agree and 0 elsewhere.

The text is never run as code: :func:`parse` builds SymPy expressions from a fixed table of functions, within
:data:`LIMITS`.
"""

from ce.exercises.notation.limits import LIMITS, Limits, TooLarge
from ce.exercises.notation.names import RANGES, Names
from ce.exercises.notation.parser import parse
from ce.exercises.notation.printer import written
from ce.exercises.notation.tokenizer import MalformedAnswer

__all__ = ["LIMITS", "RANGES", "Limits", "MalformedAnswer", "Names", "TooLarge", "parse", "written"]
