"""Waterfalls of the attribution: each change's share of the points, the promotions and the demotions.

Coordinates are whole units of a bar's own view box, `WIDTH` by 40.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.figures import rounded
from pointbook.model.amounts import in_results
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.shares.result import Share

WIDTH = 1000
ROWS = 40
_TOP, _BOTTOM = 6, 34
_POINT = 36
_THINNEST = 12
"""A bar is at least this wide, so that it can be seen."""


class Metric(NamedTuple):
    """What is split among the changes.

    Attributes:
        title: Its name, as a column's heading.
        noun: One of it, in a sentence.
        good: 1 where more of it is good for members, -1 where it is not.
    """

    title: str
    noun: str
    good: int


METRICS = (
    Metric("Points", "point", 1),
    Metric("Promotions", "promotion", 1),
    Metric("Demotions", "demotion", -1),
)


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """A bar from the running sum before a change to the one after it.

    Attributes:
        shape: Corners for an SVG polygon; pointed to the right where it adds, to the left where it takes.
        takes: Whether it takes away.
        zero: Where zero is.
    """

    shape: str
    takes: bool
    zero: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One change's share of one metric.

    Attributes:
        error: Standard error of the share; 0 where it is exact.
        mood: `good` or `bad` for members, or empty where it is nothing.
        bar: None where the share is nothing.
    """

    metric: Metric
    share: Fraction
    error: Fraction
    mood: str
    bar: WaterfallBar | None


@dataclass(frozen=True, slots=True)
class Row:
    """A change, or several, with a cell for each metric that anything has an effect on."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Waterfalls:
    """One waterfall beside the other, with a row for each change.

    Attributes:
        metrics: Those that anything has an effect on, with a column each.
        rows: The changes.
        whole: All of them together.
        total: The whole difference in words.
        untouched: The other metrics, as words in a sentence.
    """

    metrics: tuple[Metric, ...]
    rows: tuple[Row, ...]
    whole: Row
    total: str
    untouched: str


def waterfalls(shares: Sequence[tuple[str, Share]]) -> Waterfalls:
    """The shares of changes as waterfalls.

    Args:
        shares: Changes with an effect and what each is called, in the order to show; those after the
            first 40 are summed up in one row.
    """
    labels = [label for label, _ in shares]
    values: list[tuple[Fraction, ...]] = [share.fair for _, share in shares]
    errors: list[tuple[Fraction, ...]] = [share.errors for _, share in shares]
    if len(shares) > ROWS:
        labels[ROWS - 1 :] = [f"{len(shares) - ROWS + 1:,} changes with less effect, together"]
        values[ROWS - 1 :] = [_sums(values[ROWS - 1 :])]
        errors[ROWS - 1 :] = [_sums(errors[ROWS - 1 :])]  # at most
    sums = dict(zip(METRICS, _sums(values), strict=True))
    columns = {
        metric: _column(metric, column, doubts)
        for metric, column, doubts in zip(
            METRICS, zip(*values, strict=True), zip(*errors, strict=True), strict=True
        )
        if any(column)
    }
    *rows, whole = map(Row, [*labels, "All changes together"], zip(*columns.values(), strict=True))
    return Waterfalls(
        metrics=tuple(columns),
        rows=tuple(rows),
        whole=whole,
        total=_listed([_difference(metric, sums[metric]) for metric in columns], "and"),
        untouched=_listed([f"{metric.noun}s" for metric in METRICS if metric not in columns], "or"),
    )


def _sums(rows: Sequence[tuple[Fraction, ...]]) -> tuple[Fraction, ...]:
    return tuple(sum(column, Fraction(0)) for column in zip(*rows, strict=True))


def _column(metric: Metric, shares: Sequence[Fraction], errors: Sequence[Fraction]) -> list[Cell]:
    """A cell for each change, then one for all of them."""
    zero = Fraction(0)
    rows = zip((*shares, sum(shares, zero)), (*errors, zero), _bars(shares), strict=True)
    return [
        Cell(metric, share, error, "good" if share * metric.good > 0 else "bad" if share else "", bar)
        for share, error, bar in rows
    ]


def _bars(shares: Sequence[Fraction]) -> tuple[WaterfallBar | None, ...]:
    """A bar for each share that is something, then one for their sum."""
    ends = [*accumulate(shares, initial=Fraction(0))]
    low, high = min(ends), max(ends)
    spread = high - low or Fraction(1)

    def place(value: Fraction) -> int:
        return rounded((value - low) * WIDTH / spread)

    steps = [*pairwise(ends), (Fraction(0), ends[-1])]
    return tuple(
        WaterfallBar(_shape(place(start), place(end)), end < start, place(Fraction(0)))
        if start != end
        else None
        for start, end in steps
    )


def _shape(start: int, end: int) -> str:
    """Corners of a bar with a pointed end, within the view box however short it is."""
    left, right = sorted((start, end))
    if right - left < _THINNEST:
        right = min(WIDTH, left + _THINNEST)
        left = right - _THINNEST
    point, middle = min(_POINT, right - left), (_TOP + _BOTTOM) // 2
    if end > start:
        neck = right - point
        corners = ((left, _TOP), (neck, _TOP), (right, middle), (neck, _BOTTOM), (left, _BOTTOM))
    else:
        neck = left + point
        corners = ((right, _TOP), (neck, _TOP), (left, middle), (neck, _BOTTOM), (right, _BOTTOM))
    return " ".join(f"{x},{y}" for x, y in corners)


def _difference(metric: Metric, value: Fraction) -> str:
    number = whole_or_places(value)
    if not number:
        return f"no difference in {metric.noun}s"
    sign = "+" if number > 0 else "-"
    return sign + quantity(abs(number), metric.noun)


def whole_or_places(value: Fraction) -> int:
    """A sum of shares, which is a difference: a whole number, or an amount with places."""
    return int(value) if value.denominator == 1 else in_results(Decimal(value.numerator) / value.denominator)


def _listed(words: Sequence[str], last: str) -> str:
    """Words with commas and, before the last of them, `last`."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
