"""Measures of points, each balance by itself: who has fewer, and how far all points together move."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.directions import Direction
from pointbook.comparison.figures import percent_text
from pointbook.guardrails.causes import chosen_changes, feeding, harmful, takes_points
from pointbook.guardrails.figures import Figure, Measured, part_of, part_text
from pointbook.model.amounts import ratio
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult, MemberDifference
    from pointbook.comparison.summaries import BalanceSummary
    from pointbook.guardrails.figures import Indexes
    from pointbook.guardrails.guardrail import Guardrail

_NAMED = 3


class _OfBalance(NamedTuple):
    """What a measure comes to in one balance."""

    figure: Figure
    text: str
    members: Sequence[MemberDifference]
    changes: Indexes


def members_losing_points(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """Members who have fewer points in a balance."""
    return _worst(
        guardrail,
        comparison,
        [
            _losing(guardrail, comparison, place, summary)
            for place, summary in moved_balances(guardrail, comparison)
        ],
    )


def total_points_change(guardrail: Guardrail, comparison: ComparisonResult) -> Measured:
    """How far all points of a balance together move, up or down."""
    return _worst(
        guardrail,
        comparison,
        [_total(comparison, place, summary) for place, summary in moved_balances(guardrail, comparison)],
    )


def moved_balances(guardrail: Guardrail, comparison: ComparisonResult) -> list[tuple[int, BalanceSummary]]:
    """The balances that the guardrail is about and in which there is anything to look at, by place.

    Something was awarded, and counted while the new version is in force: what was before is the same on both.
    """
    return [
        (place, summary)
        for place, summary in enumerate(comparison.balances)
        if guardrail.balance in {None, summary.balance}
        and (summary.balance in comparison.quality.fed_in_force or summary.losing or summary.gaining)
        and any(side.balances[place] for member in comparison.members for side in (member.old, member.new))
    ]


def nothing_in(titles: Sequence[str], comparison: ComparisonResult) -> str:
    """That there is nothing to look at in some balances; in any, if none is named."""
    where = f" in {', '.join(titles[:_NAMED])}{' and others' * (len(titles) > _NAMED)}" if titles else ""
    if comparison.since is None:
        return f"nothing was awarded{where}"
    return f"nothing counted{where} while the new version is in force, from {comparison.since}"


def _worst(guardrail: Guardrail, comparison: ComparisonResult, found: Sequence[_OfBalance]) -> Measured:
    """Each balance judged by itself: broken if one is, and then only those are told."""
    over = [one for one in found if one.figure.exceeds(guardrail)]
    by_size = sorted(over or found, key=lambda one: _size(one.figure, guardrail), reverse=True)
    shown = [one.text for one in (by_size[:_NAMED] if over else by_size[:1])]
    if len(by_size) > _NAMED and over:
        shown.append(f"and in {len(by_size) - _NAMED:,} more balances")
    elif not over and len(found) > 1:
        shown.append("no more in any other balance")
    if guardrail.balance is None and len(found) < len(comparison.balances):
        looked_at = {place for place, _ in moved_balances(guardrail, comparison)}
        left = [one.title for place, one in enumerate(comparison.balances) if place not in looked_at]
        shown.append(nothing_in(left, comparison))
    members = {member.name: member for one in over for member in one.members}
    changes = dict.fromkeys(index for one in over for index in one.changes)
    figure = _largest([one.figure for one in over or found])
    return Measured(figure, bool(over), "; ".join(shown), tuple(members.values()), tuple(changes))


def _largest(figures: Sequence[Figure]) -> Figure:
    """The most of each, so that a limit that lets it pass lets all of them pass."""
    percents = [figure.percent for figure in figures]
    known = [percent for percent in percents if percent is not None]
    return Figure(
        max(figure.count or 0 for figure in figures), None if None in percents else max(known, default=None)
    )


def _size(figure: Figure, guardrail: Guardrail) -> tuple[bool, Fraction]:
    """By which figures are ordered; what has no percentage, of something, is the largest."""
    count = Fraction(figure.count or 0)
    if guardrail.at_most_percent is None:
        return False, count
    return bool(figure.count) and figure.percent is None, figure.percent or Fraction(0)


def _losing(
    guardrail: Guardrail, comparison: ComparisonResult, place: int, summary: BalanceSummary
) -> _OfBalance:
    fewer = [member for member in comparison.members if member.balance_changes[place] < 0]
    figure = part_of(len(fewer), len(comparison.members))
    text = f"{len(fewer):,} of {quantity(len(comparison.members), 'member')}{_in(summary, comparison)}"
    causes: Indexes = ()
    if summary.decides_levels:
        causes = chosen_changes((member.influences for member in fewer), comparison.changes, takes_points)
    return _OfBalance(
        figure, part_text(text, figure, guardrail), fewer, causes or _harming(comparison, summary)
    )


def _total(comparison: ComparisonResult, place: int, summary: BalanceSummary) -> _OfBalance:
    change = summary.new - summary.old
    percent = 100 * ratio(change, abs(summary.old)) if summary.old else None
    part = ", from nothing" if change else ""
    if percent is not None:
        part = f", {percent_text(percent, signed=True)}"
    text = f"{quantity(change, 'point', signed=True)}{_in(summary, comparison)}{part}"
    members = [member for member in comparison.members if member.balance_changes[place] * change > 0]
    figure = Figure(abs(change), None if percent is None else abs(percent))
    causes: Indexes = ()
    if summary.decides_levels:
        shares = sorted(comparison.attribution.shares, key=lambda share: -abs(share.points))
        causes = tuple(share.index for share in shares if share.points * change > 0)
    return _OfBalance(figure, text, members, causes or _moving(comparison, summary))


def _in(summary: BalanceSummary, comparison: ComparisonResult) -> str:
    return f" in {summary.title}" if len(comparison.balances) > 1 else ""


def _harming(comparison: ComparisonResult, summary: BalanceSummary) -> Indexes:
    """Changes that can take points of the balance: all that is known where nothing was attributed."""
    able = harmful(comparison.changes)
    return tuple(index for index in able if index in feeding(comparison, summary.balance)) or able


def _moving(comparison: ComparisonResult, summary: BalanceSummary) -> Indexes:
    """Changes that can move points of the balance."""
    changes = comparison.changes
    fed = feeding(comparison, summary.balance)
    return tuple(index for index in fed if changes[index].direction is not Direction.NEUTRAL)
