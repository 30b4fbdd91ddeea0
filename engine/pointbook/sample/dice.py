"""Chance that comes out the same on every machine and every Python version.

Only `random.Random(seed).random()` is promised to keep its sequence, so that everything is made of
it; scaling by a power of two is exact in floating point, and the rest is integer arithmetic.
"""

from __future__ import annotations

import random

_PURPOSE_BITS = 8
_FRACTION_BITS = 53
_SCALE = float(1 << _FRACTION_BITS)


class Dice:
    """One stream of chance.

    Args:
        seed: The sample's seed; any whole number.
        purpose: What the stream is for, so that one part of the sample does not move another.
    """

    __slots__ = ("_next",)

    def __init__(self, seed: int, purpose: int) -> None:
        unsigned = 2 * seed if seed >= 0 else -2 * seed - 1
        self._next = random.Random((unsigned << _PURPOSE_BITS) + purpose).random  # noqa: S311 - nothing secret

    def bits(self) -> int:
        """53 bits, each set or not; for several small decisions at once where time matters."""
        return int(self._next() * _SCALE)

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`; all equally likely."""
        return int(self._next() * _SCALE) * end >> _FRACTION_BITS

    def low(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`; a quarter of `end` on average."""
        return self.below(self.below(end) + 1)

    def chance(self, per_mille: int) -> bool:
        """True so many times in a thousand."""
        return self.below(1000) < per_mille
