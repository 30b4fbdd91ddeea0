"""Where the shapes of the report's charts are: numbers for Jinja macros that draw SVG.

Coordinates are whole units of a chart's own view box.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from pointbook.comparison.result import BANDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.comparison.summaries import Flow

WIDTH = 1000
MONTHS_HEIGHT = 220
_TICKS = 4
_DIGIT = 9
"""Width of a digit of a label."""


@dataclass(frozen=True, slots=True)
class BandBar:
    """A horizontal bar.

    Attributes:
        kind: What it shows; its style.
        x: Left edge, of `WIDTH`.
        width: Of `WIDTH`.
        count: What it stands for.
    """

    kind: str
    x: int
    width: int
    count: int


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month: the tops of two bars side by side, from above."""

    label: str
    shown: bool
    x: int
    width: int
    old_y: int
    new_y: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Months:
    """The chart of monthly points.

    Attributes:
        ticks: Grid lines: the value, and how far down it is.
        zero: How far down zero is.
        margin: Room to the left for the longest of the values.
    """

    columns: tuple[MonthColumn, ...]
    ticks: tuple[tuple[int, int], ...]
    zero: int
    margin: int


def stacked(bands: Mapping[str, int]) -> tuple[BandBar, ...]:
    """Members by band as one bar that fills the whole width."""
    whole = sum(bands.values())
    bars, before = [], 0
    for band in BANDS:
        count = bands[band]
        left, right = (WIDTH * part // whole if whole else 0 for part in (before, before + count))
        if count:
            bars.append(BandBar(band, left, max(1, right - left), count))
        before += count
    return tuple(bars)


def months_chart(months: Sequence[Flow]) -> Months:
    """Points by month, old and new side by side."""
    if not months:
        return Months((), (), MONTHS_HEIGHT, 0)
    values = [value for flow in months for value in (flow.old, flow.new)]
    high, low = ceil(max(0, *values)), floor(min(0, *values))
    step = _round_step((high - low) or 1)
    top, bottom = -(-high // step) * step, (low // step) * step
    spread = (top - bottom) or 1

    def y(value: int) -> int:
        return int((top - value) * MONTHS_HEIGHT // spread)

    slot = WIDTH // max(len(months), 4)
    every = -(-len(months) // 12)
    columns = tuple(
        MonthColumn(
            label=flow.name,
            shown=index % every == 0,
            x=index * slot,
            width=max(2, slot * 2 // 5),
            old_y=y(flow.old),
            new_y=y(flow.new),
            old=flow.old,
            new=flow.new,
        )
        for index, flow in enumerate(months)
    )
    ticks = tuple((value, y(value)) for value in range(bottom, top + 1, step))
    longest = max(len(f"{value:,}") for value, _ in ticks)
    return Months(columns, ticks, y(0), longest * _DIGIT + 12)


def _round_step(spread: int) -> int:
    """A round distance between grid lines: 1, 2 or 5 times a power of ten."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * _TICKS >= spread:
                return step * factor
        step *= 10
