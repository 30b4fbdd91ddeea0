"""Measures of levels: who holds a lower one, who loses what it brings, and how many hold which."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pointbook.changes.areas import Touches
from pointbook.comparison.figures import percent_text
from pointbook.guardrails.causes import brings_levels, chosen_changes, demotes, harmful, takes_levels
from pointbook.guardrails.figures import Figure, Measured, part_of, part_text
from pointbook.model.sections import Section
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.result import ComparisonResult, MemberDifference
    from pointbook.comparison.shares.result import Influence
    from pointbook.guardrails.figures import Indexes
    from pointbook.guardrails.guardrail import Guardrail


def members_losing_level(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Members who hold a lower level; of a balance, those who lack some of it for the one that they held."""
    lower = [
        member
        for member in comparison.members
        if member.level_move < 0 and guardrail.balance in {None, *member.missed}
    ]
    return _counted(guardrail, comparison, lower, lambda: _by(takes_levels, lower, comparison))


def members_losing_benefits(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Members without a benefit that they have under the old rules."""
    losing = [member for member in comparison.members if member.benefits_lost]
    return _counted(guardrail, comparison, losing, lambda: _benefit_causes(losing, comparison))


def more_demotions(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Demotions of all members, less those under the old rules."""
    changes = [(m, m.new.effects.demotions - m.old.effects.demotions) for m in comparison.members]
    members = [member for member, change in changes if change > 0]
    more = sum(change for _, change in changes)
    figure = Figure(more)
    broken = figure.exceeds(guardrail)
    causes = _by(demotes, members, comparison) if broken else ()
    return Measured(figure, broken, quantity(more, "demotion", signed=True), members, causes)


def _counted(
    guardrail: Guardrail,
    comparison: ComparisonResult,
    members: Sequence[MemberDifference],
    causes: Callable[[], Indexes],
) -> Measured:
    whole = len(comparison.members)
    figure = part_of(len(members), whole)
    text = part_text(f"{len(members):,} of {quantity(whole, 'member')}", figure, guardrail)
    broken = figure.exceeds(guardrail)
    return Measured(figure, broken, text, members, causes() if broken else ())


def _by(
    chosen: Callable[[Influence, Change], bool],
    members: Sequence[MemberDifference],
    comparison: ComparisonResult,
) -> Indexes:
    """The changes that move the members so, most members first; what cannot be told names all that could."""
    changes = comparison.changes
    causes = chosen_changes((member.influences for member in members), changes, chosen)
    return causes or tuple(
        index for index in harmful(changes) if changes[index].section is not Section.BENEFITS
    )


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


def level_share(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Members who hold a level under the new rules."""
    levels = [guardrail.level] if guardrail.level is not None else list(comparison.new.levels)
    whole = len(comparison.members)
    shares = {
        level: [member for member in comparison.members if member.new.level == level] for level in levels
    }
    parts = {level: Fraction(100 * len(members), whole) for level, members in shares.items()}
    allowed = guardrail.at_most_percent or Fraction(0)
    over = [level for level in levels if parts[level] > allowed]
    shown = over or sorted(levels, key=lambda level: -parts[level])[:1]
    titles = dict(comparison.levels)
    text = ", ".join(f"{titles[level]} {percent_text(parts[level])}" for level in shown)
    figure = Figure(percent=max(parts.values()))
    members = [member for level in over for member in shares[level] if member.level_move]
    if over and not members:
        return Measured(figure, True, f"{text}, nobody new")
    return Measured(figure, bool(over), text, members, _arrival_causes(members, comparison) if over else ())


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
