"""What it does that a limit leaves more, or that fewer limits count for an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.meeting import EntryIn, each, elsewhere, keys_met
from pointbook.changes.laws.passing import (
    SHARES_LIMITS,
    USED_UP_SOONER,
    Passing,
    judged,
    passing,
    takes_turns,
)
from pointbook.changes.laws.rule import with_reason
from pointbook.changes.subject import ABSENT
from pointbook.model.sections import Section
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import never_positive
from pointbook.reasoning.cap_order import CapKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.changes.laws.meeting import Chain
    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.rules import Cap
    from pointbook.reasoning.cap_order import CapOrder

_BELOW_ACTIVITY = 2
_UNLIMITED = "deductions pass all limits"


@with_reason
def more_room(subject: Subject, reason: str) -> Judgement:
    """A cap of an activity or of a group lets more through."""
    caps = _caps_of(subject)
    users = _users(subject, caps)
    if not users:
        return Judgement(Direction.NEUTRAL, "no activity goes through this limit")
    if all(_never_positive(one) for entries in users.values() for one in entries):
        return Judgement(Direction.NEUTRAL, _UNLIMITED)
    keys = [_key(subject, cap) for cap in caps]
    pair, (activity, _) = subject.pair, next(iter(users))
    tail = _behind(pair.cap_order(activity), keys)
    if any(pair.gives_several(name) for name, _ in users):
        tail = _but(keys)
    carried = _is_known_elsewhere(pair, keys, users)
    found = {passing(pair, entries, tail, carried=carried) for entries in users.values()}
    if carried:
        # What is used up of it counts on there: of points as many; of times perhaps those worth more.
        same = isinstance(subject.present, int) and (
            caps[0].kind is CapKind.POINTS or (len(users) == 1 and takes_turns(pair, subject))
        )
        found.add(Passing.SOONER if same or ABSENT in subject.values else Passing.LESS)
    return judged(subject, _worst(found), reason, USED_UP_SOONER, users)


def _never_positive(one: EntryIn) -> bool:
    return never_positive(one.entry, one.activity)


def _key(subject: Subject, cap: Cap) -> CapKey:
    """What the cap's usage belongs to."""
    if subject.section is Section.GROUPS:
        return CapKey("group", subject.rule_id, cap.kind, cap.per, cap.balance or "")
    if subject.new[_BELOW_ACTIVITY] == "caps":
        return CapKey("activity", subject.rule_id, cap.kind, cap.per, cap.balance or "")
    assert subject.entry is not None
    return CapKey("entry", subject.rule_id, cap.kind, cap.per, subject.entry.present.balance)


def _worst(found: set[Passing]) -> Passing:
    return next(one for one in (Passing.LESS, Passing.SOONER, Passing.NEVER_LESS) if one in found)


def _behind(order: CapOrder, keys: Sequence[CapKey]) -> Callable[[Chain], Chain]:
    """Of a chain, what sees that one of these limits lets more through: all but those, and narrower ones."""
    narrower = [order.narrower[key] for key in keys if key in order.narrower]

    def tail(chain: Chain) -> Chain:
        return tuple(
            link
            for link in chain
            if link.key not in keys and not all(link.key in before for before in narrower)
        )

    return tail


def _caps_of(subject: Subject) -> list[Cap]:
    """The cap that changes, in either version."""
    cap = subject if hasattr(subject.present, "per") else subject.whole
    assert cap is not None
    return [value for value in cap.values if value is not ABSENT]


def _but(keys: Sequence[CapKey]) -> Callable[[Chain], Chain]:
    """Of a chain, all but these limits."""
    return lambda chain: tuple(link for link in chain if link.key not in keys)


def _is_known_elsewhere(pair: Pair, keys: Sequence[CapKey], users: Iterable[tuple[str, str]]) -> bool:
    """Whether a version before or after these counts on with such a limit."""
    return any(key in keys for name, _ in users for one in elsewhere(pair, name) for key in keys_met(one))


_Users = dict[tuple[str, str], list[EntryIn]]
"""Entries in their versions, by activity and balance."""


def _users(subject: Subject, caps: Iterable[Cap]) -> _Users:
    """The entries that go through the caps of an activity or of a group."""
    found: _Users = {}
    for one in each(subject) if subject.section is Section.ACTIVITIES else _entries(subject):
        is_met = any(cap.kind is CapKind.TIMES or cap.balance in {None, one.entry.balance} for cap in caps)
        in_it = subject.section is Section.ACTIVITIES or subject.rule_id in one.activity.groups
        if is_met and in_it and not one.entry.is_spend:
            found.setdefault(one.name, []).append(one)
    return found


def _entries(subject: Subject) -> Iterator[EntryIn]:
    pair = subject.pair
    return (
        EntryIn(entry, rule, version)
        for version in (pair.old, pair.new)
        for rule in version.activities.values()
        for entry in rule.entries
    )


@with_reason
def outside_group(subject: Subject, reason: str) -> Judgement:
    """An activity no longer goes through a group's limits; the subject is the group's id."""
    group, pair, own = subject.present, subject.pair, each(subject)
    if all(map(_never_positive, own)):
        return Judgement(Direction.NEUTRAL, _UNLIMITED)
    users: _Users = {}
    names = {one.name for one in own}
    for one in (*own, *_entries(subject)):
        if not one.entry.is_spend and (group in one.activity.groups or one.name in names):
            users.setdefault(one.name, []).append(one)
    tail = _from(pair, subject.rule_id, group)
    if pair.gives_several(subject.rule_id):
        keys = {key for entries in users.values() for one in entries for key in keys_met(one)}
        limits = [key for key in keys if (key.scope, key.owner) == ("group", group)]
        tail = _but(limits if len(limits) == 1 else [])
    found = {passing(pair, entries, tail) for entries in users.values()}
    return judged(subject, _worst(found), reason, SHARES_LIMITS, users)


def _from(pair: Pair, activity: str, group: str) -> Callable[[Chain], Chain]:
    """Of a chain, the group's limits if there are several, and what sees that they let more through."""
    order = pair.cap_order(activity)
    own = [key for key in order.narrower if (key.scope, key.owner) == ("group", group)]
    behind = _behind(order, own)

    def tail(chain: Chain) -> Chain:
        here = tuple(link for link in chain if link.key in own)
        return (*(here if len(here) > 1 else ()), *behind(chain))

    return tail
