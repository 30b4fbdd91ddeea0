"""What it does that a limit leaves more, or that fewer limits count for an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.passing import (
    SHARES_LIMITS,
    USED_UP_SOONER,
    Passing,
    each,
    elsewhere,
    judged,
    passing,
    takes_turns,
)
from pointbook.changes.laws.rule import with_reason
from pointbook.changes.subject import ABSENT
from pointbook.model.sections import Section
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import never_positive
from pointbook.reasoning.cap_order import CapKey, caps_met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.changes.laws.passing import Chain
    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap
    from pointbook.reasoning.cap_order import CapOrder

_UNLIMITED = "deductions pass all limits"


@with_reason
def more_room(subject: Subject, reason: str) -> Judgement:
    """A cap of an activity or of a group lets more through."""
    users = _users(subject)
    if not users:
        return Judgement(Direction.NEUTRAL, "no activity goes through this limit")
    if all(never_positive(rule) for rules in users.values() for rule, _ in rules):
        return Judgement(Direction.NEUTRAL, _UNLIMITED)
    caps = _caps_of(subject)
    scope = "activity" if subject.section is Section.ACTIVITIES else "group"
    keys = [CapKey(scope, subject.rule_id, cap.kind, cap.per) for cap in caps]
    tail = _behind(subject.pair.cap_order(next(iter(users))), keys)
    carried = _is_known_elsewhere(subject.pair, keys, users)
    found = {passing(subject.pair, rules, tail, carried=carried) for rules in users.values()}
    if carried:
        # What is used up of it counts on there: of points as many; of times perhaps those worth more.
        same = isinstance(subject.present, int) and (
            caps[0].kind is CapKind.POINTS or (len(users) == 1 and takes_turns(subject.pair, subject))
        )
        found.add(Passing.SOONER if same or ABSENT in subject.values else Passing.LESS)
    return judged(subject, _worst(found), reason, USED_UP_SOONER, users)


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


def _is_known_elsewhere(pair: Pair, keys: Sequence[CapKey], activities: Iterable[str]) -> bool:
    """Whether a version before or after these counts on with such a limit."""
    return any(
        key in keys
        for activity in activities
        for rule, version in elsewhere(pair, activity)
        for key in caps_met(rule, version)
    )


def _users(subject: Subject) -> dict[str, list[tuple[Activity, Version]]]:
    """The activities that go through the caps of an activity or of a group, with their versions, by id."""
    if subject.section is Section.ACTIVITIES:
        return {subject.rule_id: list(each(subject))}
    found: dict[str, list[tuple[Activity, Version]]] = {}
    for rule, version in _rules(subject):
        if subject.rule_id in rule.groups:
            found.setdefault(rule.id, []).append((rule, version))
    return found


def _rules(subject: Subject) -> Iterator[tuple[Activity, Version]]:
    pair = subject.pair
    return ((rule, version) for version in (pair.old, pair.new) for rule in version.activities.values())


@with_reason
def outside_group(subject: Subject, reason: str) -> Judgement:
    """An activity no longer goes through a group's limits; the subject is the group's id."""
    group, pair = subject.present, subject.pair
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.NEUTRAL, _UNLIMITED)
    users: dict[str, list[tuple[Activity, Version]]] = {}
    for rule, version in (*each(subject), *_rules(subject)):
        if group in rule.groups or rule.id == subject.rule_id:
            users.setdefault(rule.id, []).append((rule, version))
    found = {passing(pair, rules, _from(pair, subject.rule_id, group)) for rules in users.values()}
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
