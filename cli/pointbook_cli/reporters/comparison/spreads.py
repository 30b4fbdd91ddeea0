"""How gains and losses are spread: a row for everybody and for each level, drawn on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.summaries import ALL
from pointbook_cli.reporters.comparison.charts import WIDTH, BandBar, stacked

if TYPE_CHECKING:
    from pointbook.comparison.result import ComparisonResult
    from pointbook.comparison.summaries import Spread

_EDGE = 8
"""Room for half of the mark of a median at either end."""


class SpreadBox(NamedTuple):
    """Where the marks of a spread are, in units of the chart's width; `zero` is None outside of it."""

    least: int
    lower: int
    median: int
    upper: int
    most: int
    zero: int | None


class SpreadRow(NamedTuple):
    """One row.

    Attributes:
        title: Of the level, or "All members".
        bars: Members by band.
    """

    title: str
    spread: Spread
    bars: tuple[BandBar, ...]
    box: SpreadBox


def spread_rows(comparison: ComparisonResult) -> tuple[SpreadRow, ...]:
    """Everybody, then those of each level held under the old rules.

    All boxes are on the scale of everybody, so that they can be compared.
    """
    spreads = comparison.distribution
    if not spreads:
        return ()
    low = min(spread.least for spread in spreads)
    high = max(spread.most for spread in spreads)

    def place(points: int) -> int:
        return _EDGE + int((points - low) * (WIDTH - 2 * _EDGE) // (high - low or 1))

    return tuple(
        SpreadRow(
            spread_title(spread.level, comparison),
            spread,
            stacked(comparison.bands if spread.level == ALL else comparison.bands_by_level[spread.level]),
            SpreadBox(
                place(spread.least),
                place(spread.lower_quartile),
                place(spread.median),
                place(spread.upper_quartile),
                place(spread.most),
                place(0) if low <= 0 <= high else None,
            ),
        )
        for spread in spreads
    )


def still_text(comparison: ComparisonResult) -> str:
    """One sentence in place of figures that are all nothing; empty where somebody's points move."""
    if any(spread.least or spread.most for spread in comparison.distribution):
        return ""
    return f"Nobody has more or fewer {comparison.balance_title} under the new rules."


def spread_title(level: str | None, comparison: ComparisonResult) -> str:
    """Whose spread it is."""
    if level == ALL:
        return "All members"
    return "no level" if level is None else dict(comparison.levels)[level]
