"""What a change does that reaches several entries: those of an activity, and those that copy one.

Entries add up, each in its own balance; so a change of what an event must meet does what it does to all of
them together. What an entry is awarded more reaches its copies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement, together
from pointbook.changes.entries import entries_of, under
from pointbook.changes.laws.meeting import copied_deductions, copies_of, each, elsewhere, keys_met
from pointbook.changes.laws.passing import judged, passing
from pointbook.changes.laws.rule import Always
from pointbook.changes.subject import ABSENT
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.changes.laws.meeting import EntryIn
    from pointbook.changes.laws.rule import DirectionRule
    from pointbook.changes.subject import Pair, Subject

_LIMITED = "what it gives is limited, so that a copy of it can come to less at another event"
_TAKEN = "a bonus of a copy takes points where the copied entry gives any"
_CUT = "what a floor leaves of a deduction is copied to another balance, and more points there leave less"


def by_entry(rule: DirectionRule, subject: Subject) -> Judgement:
    """The direction of a change in an activity: for each entry that it reaches, as one."""
    if isinstance(rule, Always) or subject.section is not Section.ACTIVITIES:
        return rule(subject)
    top = subject
    while top.whole is not None:
        top = top.whole
    parts = [subject] if subject.entry else [under(subject, entry) for entry in entries_of(top)]
    comes_or_goes = ABSENT in top.values  # then so do the copies
    return _as_one(rule(part) if comes_or_goes else _with_copies(part, rule(part)) for part in parts)


def _as_one(judgements: Iterable[Judgement]) -> Judgement:
    found = list(dict.fromkeys(judgements))
    telling = [one for one in found if one.direction is not Direction.NEUTRAL] or found[:1]
    return Judgement(
        together(one.direction for one in found), "; ".join(dict.fromkeys(one.reason for one in telling))
    )


def _with_copies(subject: Subject, judgement: Judgement) -> Judgement:
    """The judgement on an entry, and what it is for those that copy it, one after the other."""
    if judgement.direction not in {Direction.FAVOURABLE, Direction.ADVERSE}:
        return judgement
    found, waiting = [judgement], list(each(subject))
    while waiting:
        one = waiting.pop()
        for copy in copies_of(one):
            found.append(_of_copy(subject, one, copy, judgement))
            waiting.append(copy)
    return _as_one(found)


def _of_copy(subject: Subject, one: EntryIn, copy: EntryIn, judgement: Judgement) -> Judgement:
    pair = subject.pair
    activity, balance = one.name
    everywhere = (one, *elsewhere(pair, activity, balance))
    if any(keys_met(known) for known in everywhere) and not _is_plain(pair, one, copy):
        return Judgement(Direction.MIXED, _LIMITED)
    if any(bonus.points < 0 for bonus in copy.entry.bonuses):
        return Judgement(Direction.MIXED, _TAKEN)
    reason = f"{copy.entry.balance} copies it"
    more = judged(subject, passing(pair, (copy,), lambda chain: chain), reason)
    less = (judgement.direction is Direction.ADVERSE) is not _is_turned(one)
    return more.opposite if less else more


def _is_turned(one: EntryIn) -> bool:
    """Whether less of it is more for the copy: a copy of what is spent is positive."""
    if one.entry.is_spend:
        return True
    copied = one.activity.copied_by(one.entry)
    return copied is not None and _is_turned(one._replace(entry=copied))


def _is_plain(pair: Pair, one: EntryIn, copy: EntryIn) -> bool:
    """Whether the sum of the copies is that of what is copied, at every date."""
    rule = copy.entry
    return (
        not (rule.bonuses or rule.split_among or rule.condition or keys_met(copy))
        and rule.places >= one.entry.places
        and not any(keys_met(known) for known in elsewhere(pair, *copy.name))
    )


def by_floors(subject: Subject, judgement: Judgement) -> Judgement:
    """The judgement, or that it is mixed because a copy goes by what a floor leaves."""
    certain = judgement.direction in {Direction.FAVOURABLE, Direction.ADVERSE}
    if certain and copied_deductions(subject.pair.versions) & subject.pair.floored:
        return Judgement(Direction.MIXED, _CUT)
    return judgement
