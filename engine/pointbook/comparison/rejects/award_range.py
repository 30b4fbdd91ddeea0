"""How far one more event can move the difference in points, apart from what limits do to other events."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import Amount, in_results
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import awards_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.comparison.question import Question
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.program import Version


class PointsRange(NamedTuple):
    """From the least, at most 0, to the most, at least 0; None where there is no limit."""

    least: int | None
    most: int | None

    def times(self, number: int) -> PointsRange:
        """The range of so many."""
        return PointsRange(*(None if end is None else number * end for end in self))

    def plus(self, other: PointsRange) -> PointsRange:
        """The range of both together."""
        ends = zip(self, other, strict=True)
        return PointsRange(*(None if one is None or more is None else one + more for one, more in ends))

    def opposite(self) -> PointsRange:
        """The range of what is taken away instead."""
        return PointsRange(*self.times(-1)[::-1])


NOTHING = PointsRange(0, 0)


def widest(ranges: Sequence[PointsRange]) -> PointsRange:
    """The range that holds all of these."""
    least: int | None = 0
    most: int | None = 0
    for known in ranges:
        least = None if least is None or known.least is None else min(least, known.least)
        most = None if most is None or known.most is None else max(most, known.most)
    return PointsRange(least, most)


def award_range(  # noqa: PLR0913 - what it depends on
    activity: str,
    balance: str,
    old: Sequence[Version],
    new: Sequence[Version],
    question: Question,
    *,
    limited: bool,
) -> PointsRange:
    """The range of the new side's award less the old side's, for one event.

    Args:
        activity: Of the event.
        balance: On which.
        old: Versions of the old side.
        new: Versions of the new side.
        question: Of the comparison.
        limited: Whether limits on either side can leave less of it, on one more than on the other.
    """
    by_any_id = question.rules_of(activity)
    asked = [version.eligible_if for version in (question.old, question.new)]
    asked += [group.eligible_if for one in (question.old, question.new) for group in one.groups.values()]
    before, after = by_any_id(question.old), by_any_id(question.new)
    if question.since is None and not limited and before is not None and after is not None:
        # Else who counts, or what it is worth, can differ by more than the rule itself says.
        is_own = all(one is None for one in asked) and not (before.looks_at_level or after.looks_at_level)
        if before == after and is_own:
            return NOTHING
        everywhere = all(activity in version.activities for version in question.program.versions)
        known = _of_same_form(before, after, balance)
        if everywhere and is_own and known is not None:
            return known
    return _awards(map(by_any_id, new), new, balance).plus(
        _awards(map(by_any_id, old), old, balance).opposite()
    )


def _of_same_form(old: Activity, new: Activity, balance: str) -> PointsRange | None:
    """The range where an event counts on both sides or on neither; None elsewhere.

    Of 40 points that become 50: from 0 to 10. Of 10 to 90 that become 10 to 50: from -40 to 0.
    What people share is less of it.
    """
    pair = [[entry for entry in rule.entries if entry.balance == balance] for rule in (old, new)]
    if not any(pair):
        return NOTHING
    if not all(pair) or _of_event(old) != _of_event(new):
        return None
    ((before,), (after,)) = pair
    is_plain = before.points.copies is None and all(bonus.percent == 0 for bonus in before.bonuses)
    if not is_plain or _beside_points(before) != _beside_points(after):
        return None
    gain = before.points.gain_to(after.points)
    return None if gain is None else widest([_in_results(*gain)])


def _of_event(rule: Activity) -> object:
    """What decides whether an event counts, and what it is taken to carry."""
    return rule.eligible_if, {name: one.default for name, one in rule.attributes.items()}


def _beside_points(entry: EntryRule) -> object:
    """All that decides what an entry is awarded, but for its points."""
    return entry.bonuses, entry.split_among, entry.condition, entry.caps, entry.is_spend


def _awards(rules: Iterable[Activity | None], versions: Sequence[Version], balance: str) -> PointsRange:
    """What an event can award under one of the versions; nothing is always possible."""
    found = []
    for rule, version in zip(rules, versions, strict=True):
        for entry in rule.entries if rule is not None else ():
            if rule is not None and entry.balance == balance:
                awards = awards_of(entry, rule)
                met = rule.limiting(entry, version.caps_met_by(rule))
                limits = [one.cap.limit for one in met if one.cap.kind is CapKind.POINTS]
                high = limits if awards.highest is None else [*limits, awards.highest]
                found.append(_in_results(awards.lowest, min(high, default=None)))
    return widest(found)


def _in_results(least: Amount | None, most: Amount | None) -> PointsRange:
    """The range between two amounts of rules."""
    return PointsRange(*(None if end is None else in_results(end) for end in (least, most)))
