"""What it does that a limit lets more through, or that an activity goes through fewer limits."""

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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.changes.laws.passing import Chain
    from pointbook.changes.subject import Subject
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity, Cap

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
    tail = _after(subject.rule_id, caps)
    found = {passing(subject.pair, rules, tail) for rules in users.values()}
    if _is_known_elsewhere(subject, caps, users):
        # What is used up of it counts on there: of points as many; of times perhaps those worth more.
        same = isinstance(subject.present, int) and (
            caps[0].kind is CapKind.POINTS or (len(users) == 1 and takes_turns(subject.pair, subject))
        )
        found.add(Passing.SOONER if same or ABSENT in subject.values else Passing.LESS)
    return judged(subject, _worst(found), reason, USED_UP_SOONER, users)


def _worst(found: set[Passing]) -> Passing:
    return next(one for one in (Passing.LESS, Passing.SOONER, Passing.NEVER_LESS) if one in found)


def _after(owner: str, caps: list[Cap]) -> Callable[[Chain], Chain]:
    """Of a chain, what follows the owner's cap that changes; all of it where that is not there."""

    def tail(chain: Chain) -> Chain:
        places = [place for place, link in enumerate(chain) if link.owner == owner and link.cap in caps]
        return chain[min(places) + 1 :] if places else _unless_owned(chain, owner)

    return tail


def _unless_owned(chain: Chain, owner: str) -> Chain:
    """From the owner's first cap on; what comes before it does not see the difference."""
    places = [place for place, link in enumerate(chain) if link.owner == owner]
    return chain[min(places) :] if places else chain


def _caps_of(subject: Subject) -> list[Cap]:
    """The cap that changes, in either version."""
    cap = subject if hasattr(subject.present, "per") else subject.whole
    assert cap is not None
    return [value for value in cap.values if value is not ABSENT]


def _is_known_elsewhere(
    subject: Subject, caps: list[Cap], users: dict[str, list[tuple[Activity, Version]]]
) -> bool:
    """Whether a version before or after these counts on with such a limit."""
    names = {cap.name for cap in caps}
    return any(
        cap.name in names
        for key in users
        for rule, version in elsewhere(subject.pair, key)
        for _, owner, _, cap in version.caps_met_by(rule)
        if owner == subject.rule_id
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
    found = {passing(pair, rules, _behind(group)) for rules in users.values()}
    return judged(subject, _worst(found), reason, SHARES_LIMITS, users)


def _behind(group: str) -> Callable[[Chain], Chain]:
    """Of a chain, the group's limits if there are several, and what follows them."""

    def tail(chain: Chain) -> Chain:
        first = next((place for place, link in enumerate(chain) if link.owner == group), 0)
        rest = chain[first:]
        return () if len(rest) == 1 and rest[0].owner == group else rest

    return tail
