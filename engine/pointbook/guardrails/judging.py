"""Limits on what a new version may do to members, and whether they hold.

Each measure is a function from what was compared to a `Measured`; a guardrail sets its limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.directions import Direction
from pointbook.changes.kinds import Touches
from pointbook.changes.subject import Section
from pointbook.comparison.figures import percent_text
from pointbook.comparison.result import GuardrailResult
from pointbook.comparison.shares.causes import (
    brings_levels,
    chosen_causes,
    demotes,
    harmful,
    takes_levels,
    takes_points,
)
from pointbook.model.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from pointbook.changes.change import Change
    from pointbook.comparison.result import MemberDifference
    from pointbook.comparison.shares.causes import Cause
    from pointbook.comparison.shares.shares import Attribution
    from pointbook.diagnostics import Span
    from pointbook.model.rules import Version


Indexes = tuple[int, ...]


class Measure(StrEnum):
    """What a guardrail limits."""

    MEMBERS_LOSING_LEVEL = "members_losing_level"
    MEMBERS_LOSING_POINTS = "members_losing_points"
    MEMBERS_LOSING_BENEFITS = "members_losing_benefits"
    MORE_DEMOTIONS = "more_demotions"
    TOTAL_POINTS_CHANGE = "total_points_change"
    LEVEL_SHARE = "level_share"
    NOTICE_DAYS = "notice_days"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One limit, as written.

    Attributes:
        at_most: Highest count allowed.
        at_most_percent: Highest percentage allowed.
        at_least: Fewest days allowed.
        level: The level that `level_share` is about; None for each of them.
    """

    id: str
    title: str
    measure: Measure
    at_most: int | None
    at_most_percent: Fraction | None
    at_least: int | None
    level: str | None
    span: Span


class Evidence(NamedTuple):
    """What guardrails look at.

    Attributes:
        new: The new version.
        effective: The day on which it takes effect.
        members: Every member on both sides.
    """

    new: Version
    effective: date
    members: Sequence[MemberDifference]
    changes: Sequence[Change]
    attribution: Attribution


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


def guardrail_results(guardrails: Sequence[Guardrail], evidence: Evidence) -> tuple[GuardrailResult, ...]:
    """What became of each guardrail, in their order."""
    return tuple(_result(guardrail, evidence) for guardrail in guardrails)


def _result(guardrail: Guardrail, evidence: Evidence) -> GuardrailResult:
    measured = _MEASURES[guardrail.measure](guardrail, evidence)
    worst = sorted(measured.members, key=lambda member: (member.change, member.name))
    return GuardrailResult(
        id=guardrail.id,
        title=guardrail.title,
        broken=measured.broken,
        limit=_limit_text(guardrail),
        measured=measured.text,
        members=tuple(member.name for member in worst) if measured.broken else (),
        changes=measured.changes if measured.broken else (),
        span=guardrail.span,
    )


def _by(chosen: Callable[[Cause, Change], bool]) -> Callable[[Sequence[MemberDifference], Evidence], Indexes]:
    """The changes that move the members so, most members first; what cannot be told names all that could."""

    def found(members: Sequence[MemberDifference], evidence: Evidence) -> Indexes:
        causes = chosen_causes((member.causes for member in members), evidence.changes, chosen)
        if causes:
            return causes
        changes = evidence.changes
        return tuple(index for index in harmful(changes) if changes[index].section is not Section.BENEFITS)

    return found


def _benefit_causes(members: Sequence[MemberDifference], evidence: Evidence) -> Indexes:
    """Changes of the benefits that the members lose, and what takes their levels."""
    lower = [member.causes for member in members if member.level_move < 0]
    lost = {benefit for member in members for benefit in member.benefits_lost}
    own = tuple(
        index
        for index in harmful(evidence.changes)
        if (change := evidence.changes[index]).section is Section.BENEFITS and change.rule_id in lost
    )
    return (*own, *chosen_causes(lower, evidence.changes, takes_levels)) or harmful(evidence.changes)


def _limit_text(guardrail: Guardrail) -> str:
    if guardrail.at_least is not None:
        return f"at least {quantity(guardrail.at_least, 'day')}"
    if guardrail.at_most_percent is not None:
        within = "within" if guardrail.measure is Measure.TOTAL_POINTS_CHANGE else "at most"
        return f"{within} {percent_text(guardrail.at_most_percent)}"
    return f"at most {guardrail.at_most:,}"


def _counted(
    chosen: Callable[[MemberDifference], bool],
    causes: Callable[[Sequence[MemberDifference], Evidence], Indexes],
) -> Callable[[Guardrail, Evidence], Measured]:
    def measured(guardrail: Guardrail, evidence: Evidence) -> Measured:
        members = [member for member in evidence.members if chosen(member)]
        whole = len(evidence.members)
        text = f"{len(members):,} of {quantity(whole, 'member')}"
        broken = len(members) > (guardrail.at_most or 0)
        if guardrail.at_most_percent is not None:
            part = Fraction(100 * len(members), whole) if whole else Fraction(0)
            broken, text = part > guardrail.at_most_percent, f"{text}, {percent_text(part)}"
        return Measured(broken, text, members, causes(members, evidence) if broken else ())

    return measured


def _more_demotions(guardrail: Guardrail, evidence: Evidence) -> Measured:
    members = [member for member in evidence.members if _demoted_more(member)]
    more = sum(member.new.effects.demotions - member.old.effects.demotions for member in evidence.members)
    broken = more > (guardrail.at_most or 0)
    text = quantity(more, "demotion", signed=True)
    return Measured(broken, text, members, _by(demotes)(members, evidence) if broken else ())


def _demoted_more(member: MemberDifference) -> bool:
    return member.new.effects.demotions > member.old.effects.demotions


def _total_points_change(guardrail: Guardrail, evidence: Evidence) -> Measured:
    old = sum(member.old.effects.points for member in evidence.members)
    change = sum(member.change for member in evidence.members)
    allowed = guardrail.at_most_percent or Fraction(0)
    broken = abs(change) * 100 > allowed * abs(old)
    part = f", {percent_text(Fraction(100 * change, abs(old)), signed=True)}" if old else ""
    members = [member for member in evidence.members if member.change * change > 0]
    shares = evidence.attribution.shares
    causes = tuple(
        share.index
        for share in sorted(shares, key=lambda share: -abs(share.points))
        if share.points * change > 0
    )
    text = f"{quantity(change, 'point', signed=True)}{part}"
    return Measured(broken, text, members, causes or harmful(evidence.changes))


def _level_share(guardrail: Guardrail, evidence: Evidence) -> Measured:
    levels = [guardrail.level] if guardrail.level is not None else list(evidence.new.levels)
    whole = len(evidence.members)
    shares = {level: [member for member in evidence.members if member.new.level == level] for level in levels}
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
    return Measured(bool(over), text, members, _arrival_causes(members, evidence) if over else ())


def _arrival_causes(members: Sequence[MemberDifference], evidence: Evidence) -> Indexes:
    """What brings members up or down to a level that they did not hold."""
    higher = [member.causes for member in members if member.level_move >= 0]
    lower = [member.causes for member in members if member.level_move < 0]
    causes = (
        *chosen_causes(higher, evidence.changes, brings_levels),
        *chosen_causes(lower, evidence.changes, takes_levels),
    )
    changes = enumerate(evidence.changes)
    levels_only = (index for index, change in changes if change.kind.touches is Touches.LEVELS)
    return tuple(dict.fromkeys(causes)) or tuple(levels_only)


def _notice_days(guardrail: Guardrail, evidence: Evidence) -> Measured:
    adverse = tuple(
        index for index, change in enumerate(evidence.changes) if change.direction is Direction.ADVERSE
    )
    if not adverse:
        return Measured(False, "no adverse change")
    announced = evidence.new.announced_on
    if announced is None:
        return Measured(True, "adverse changes, and no day on which they were announced", (), adverse)
    days = (evidence.effective - announced).days
    return Measured(days < (guardrail.at_least or 0), quantity(days, "day"), (), adverse)


_MEASURES: dict[Measure, Callable[[Guardrail, Evidence], Measured]] = {
    Measure.MEMBERS_LOSING_LEVEL: _counted(lambda member: member.level_move < 0, _by(takes_levels)),
    Measure.MEMBERS_LOSING_POINTS: _counted(lambda member: member.change < 0, _by(takes_points)),
    Measure.MEMBERS_LOSING_BENEFITS: _counted(lambda member: bool(member.benefits_lost), _benefit_causes),
    Measure.MORE_DEMOTIONS: _more_demotions,
    Measure.TOTAL_POINTS_CHANGE: _total_points_change,
    Measure.LEVEL_SHARE: _level_share,
    Measure.NOTICE_DAYS: _notice_days,
}
