"""Points as people decide them: round numbers inside a range."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEPS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500)
_FEW = 30
_MANY = 40


def amounts_in(minimum: int, maximum: int) -> tuple[int, ...]:
    """Believable points from `minimum` to `maximum`, by size.

    >>> amounts_in(10, 50)
    (10, 15, 20, 25, 30, 35, 40, 45, 50)
    >>> amounts_in(-40, -1)
    (-5, -10, -15, -20, -25, -30, -35, -40)
    """
    step = _step(maximum - minimum)
    round_ones = range(-(-minimum // step) * step, maximum + 1, step)
    return tuple(sorted(round_ones or (minimum, maximum), key=lambda amount: (abs(amount), amount)))


def _step(width: int) -> int:
    """The smallest round step that leaves about 40 amounts; single points only in a narrow range."""
    if width < _FEW:
        return 1
    steps: Iterator[int] = (step * 1000**thousands for thousands in count() for step in _STEPS)
    return next(step for step in steps if width <= step * _MANY)
