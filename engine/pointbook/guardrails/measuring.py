"""What each measure comes to in a finished comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.changes.directions import STOPPED, Direction
from pointbook.guardrails.figures import Figure, Measured
from pointbook.guardrails.guardrail import Measure
from pointbook.guardrails.levels import (
    level_share,
    members_losing_benefits,
    members_losing_level,
    more_demotions,
)
from pointbook.guardrails.points import members_losing_points, total_points_change
from pointbook.guardrails.quality import rejected_rows, uncounted_events
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.guardrail import Guardrail


def measured(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """What its measure comes to."""
    return _measure_of(guardrail.measure)(guardrail, comparison)


def _measure_of(measure: Measure) -> Callable[[Guardrail, ComparisonResult], Measured]:  # noqa: PLR0911 - one return per measure
    match measure:
        case Measure.MEMBERS_LOSING_LEVEL:
            return members_losing_level
        case Measure.MEMBERS_LOSING_POINTS:
            return members_losing_points
        case Measure.MEMBERS_LOSING_BENEFITS:
            return members_losing_benefits
        case Measure.MORE_DEMOTIONS:
            return more_demotions
        case Measure.TOTAL_POINTS_CHANGE:
            return total_points_change
        case Measure.LEVEL_SHARE:
            return level_share
        case Measure.NOTICE_DAYS:
            return _notice_days
        case Measure.REJECTED_ROWS:
            return rejected_rows
        case Measure.UNCOUNTED_EVENTS:
            return uncounted_events
        case _:
            assert_never(measure)


def _notice_days(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Days from the announcement to the version's own first day, whichever day is compared from."""
    stopped = tuple(index for index, change in enumerate(comparison.changes) if change.direction in STOPPED)
    if not stopped:
        return Measured(Figure(), False, "no adverse change")
    versions = {version.id: version for index in stopped if (version := comparison.announced[index])}
    days = [
        (version.effective_from - version.announced_on).days
        for version in versions.values()
        if version.announced_on is not None
    ]
    if None in (comparison.announced[index] for index in stopped) or len(days) < len(versions):
        surely = any(comparison.changes[index].direction is Direction.ADVERSE for index in stopped)
        which = "adverse changes" if surely else "changes that may be adverse"
        text = f"{which}, and no day on which they were announced"
        return Measured(Figure(days=0), True, text, (), stopped)
    figure = Figure(days=min(days))
    return Measured(figure, figure.exceeds(guardrail), quantity(figure.days or 0, "day"), (), stopped)
