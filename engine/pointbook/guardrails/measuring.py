"""What each measure comes to in a finished comparison, and by which members and changes.

A measure is a function from a guardrail and a comparison to a `Measured`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, assert_never

from pointbook.changes.directions import STOPPED, Direction
from pointbook.changes.kinds import Touches
from pointbook.comparison.figures import percent_text
from pointbook.guardrails.causes import (
    brings_levels,
    chosen_changes,
    demotes,
    harmful,
    takes_levels,
    takes_points,
)
from pointbook.guardrails.guardrail import Measure
from pointbook.model.sections import Section
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.result import ComparisonResult, MemberDifference
    from pointbook.comparison.shares.result import Influence
    from pointbook.guardrails.guardrail import Guardrail

Indexes = tuple[int, ...]


class Measured(NamedTuple):
    """What a measure came to.

    Attributes:
        broken: Whether the limit is exceeded.
        text: The figure in words.
        members: In breach.
        changes: Indexes of the changes that cause it.
    """

    broken: bool
    text: str
    members: Sequence[MemberDifference] = ()
    changes: tuple[int, ...] = ()


def measured(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """What its measure comes to."""
    members = comparison.members
    match guardrail.measure:
        case Measure.MEMBERS_LOSING_LEVEL:
            lower = [member for member in members if member.level_move < 0]
            found = _counted(guardrail, comparison, lower, _by(takes_levels))
        case Measure.MEMBERS_LOSING_POINTS:
            fewer = [member for member in members if member.change < 0]
            found = _counted(guardrail, comparison, fewer, _by(takes_points))
        case Measure.MEMBERS_LOSING_BENEFITS:
            losing = [member for member in members if member.benefits_lost]
            found = _counted(guardrail, comparison, losing, _benefit_causes)
        case Measure.MORE_DEMOTIONS:
            found = _more_demotions(guardrail, comparison)
        case Measure.TOTAL_POINTS_CHANGE:
            found = _total_points_change(guardrail, comparison)
        case Measure.LEVEL_SHARE:
            found = _level_share(guardrail, comparison)
        case Measure.NOTICE_DAYS:
            found = _notice_days(guardrail, comparison)
        case _:
            assert_never(guardrail.measure)
    return found


def _by(
    chosen: Callable[[Influence, Change], bool],
) -> Callable[[Sequence[MemberDifference], ComparisonResult], Indexes]:
    """The changes that move the members so, most members first; what cannot be told names all that could."""

    def found(members: Sequence[MemberDifference], comparison: ComparisonResult) -> Indexes:
        causes = chosen_changes((member.influences for member in members), comparison.changes, chosen)
        if causes:
            return causes
        changes = comparison.changes
        return tuple(index for index in harmful(changes) if changes[index].section is not Section.BENEFITS)

    return found


def _benefit_causes(members: Sequence[MemberDifference], comparison: ComparisonResult) -> Indexes:
    """Changes of the benefits that the members lose, and what takes their levels."""
    lower = [member.influences for member in members if member.level_move < 0]
    lost = {benefit for member in members for benefit in member.benefits_lost}
    own = tuple(
        index
        for index in harmful(comparison.changes)
        if (change := comparison.changes[index]).section is Section.BENEFITS and change.rule_id in lost
    )
    return (*own, *chosen_changes(lower, comparison.changes, takes_levels)) or harmful(comparison.changes)


def _counted(
    guardrail: Guardrail,
    comparison: ComparisonResult,
    members: Sequence[MemberDifference],
    causes: Callable[[Sequence[MemberDifference], ComparisonResult], Indexes],
) -> Measured:
    whole = len(comparison.members)
    text = f"{len(members):,} of {quantity(whole, 'member')}"
    broken = len(members) > (guardrail.at_most or 0)
    if guardrail.at_most_percent is not None:
        part = Fraction(100 * len(members), whole) if whole else Fraction(0)
        broken, text = part > guardrail.at_most_percent, f"{text}, {percent_text(part)}"
    return Measured(broken, text, members, causes(members, comparison) if broken else ())


def _more_demotions(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    changes = [(m, m.new.effects.demotions - m.old.effects.demotions) for m in comparison.members]
    members = [member for member, change in changes if change > 0]
    more = sum(change for _, change in changes)
    broken = more > (guardrail.at_most or 0)
    text = quantity(more, "demotion", signed=True)
    return Measured(broken, text, members, _by(demotes)(members, comparison) if broken else ())


def _total_points_change(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    old = sum(member.old.effects.points for member in comparison.members)
    change = sum(member.change for member in comparison.members)
    allowed = guardrail.at_most_percent or Fraction(0)
    broken = abs(change) * 100 > allowed * abs(old)
    part = f", {percent_text(Fraction(100 * change, abs(old)), signed=True)}" if old else ""
    members = [member for member in comparison.members if member.change * change > 0]
    shares = comparison.attribution.shares
    causes = tuple(
        share.index
        for share in sorted(shares, key=lambda share: -abs(share.points))
        if share.points * change > 0
    )
    text = f"{quantity(change, 'point', signed=True)}{part}"
    return Measured(broken, text, members, causes or harmful(comparison.changes))


def _level_share(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    levels = [guardrail.level] if guardrail.level is not None else list(comparison.new.levels)
    whole = len(comparison.members)
    shares = {
        level: [member for member in comparison.members if member.new.level == level] for level in levels
    }
    parts = {
        level: Fraction(100 * len(members), whole) if whole else Fraction(0)
        for level, members in shares.items()
    }
    allowed = guardrail.at_most_percent or Fraction(0)
    over = [level for level in levels if parts[level] > allowed]
    shown = over or sorted(levels, key=lambda level: -parts[level])[:1]
    text = ", ".join(f"{level} {percent_text(parts[level])}" for level in shown)
    members = [member for level in over for member in shares[level] if member.old.level != level]
    if over and not members:
        return Measured(True, f"{text}, nobody new")
    return Measured(bool(over), text, members, _arrival_causes(members, comparison) if over else ())


def _arrival_causes(members: Sequence[MemberDifference], comparison: ComparisonResult) -> Indexes:
    """What brings members up or down to a level that they did not hold."""
    higher = [member.influences for member in members if member.level_move >= 0]
    lower = [member.influences for member in members if member.level_move < 0]
    causes = (
        *chosen_changes(higher, comparison.changes, brings_levels),
        *chosen_changes(lower, comparison.changes, takes_levels),
    )
    changes = enumerate(comparison.changes)
    levels_only = (index for index, change in changes if change.kind.touches is Touches.LEVELS)
    return tuple(dict.fromkeys(causes)) or tuple(levels_only)


def _notice_days(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Days from the announcement to the version's own first day, whichever day is compared from."""
    stopped = tuple(index for index, change in enumerate(comparison.changes) if change.direction in STOPPED)
    if not stopped:
        return Measured(False, "no adverse change")
    announced = comparison.new.announced_on
    if announced is None:
        surely = any(comparison.changes[index].direction is Direction.ADVERSE for index in stopped)
        which = "adverse changes" if surely else "changes that may be adverse"
        return Measured(True, f"{which}, and no day on which they were announced", (), stopped)
    days = (comparison.new.effective_from - announced).days
    return Measured(days < (guardrail.at_least or 0), quantity(days, "day"), (), stopped)
