"""What becomes of the whole, if more goes into the limits that an activity's events meet.

Where limits have an order (`reasoning.cap_order`), they can be looked at one after the other, narrower ones
first: of points, at least as much comes out of each in every window, at every date. Which events a limit on
times lets through can be others then, and worth less. Where limits have no order, the whole can be less
too, but for an activity that shares no limit and has limits on points only: its sum is at every date the
least of what it could be by each of them, which rises with all that comes before.

What comes out later can be less, because a limit is used up sooner: that is no loss, unless something is
taken in between and a balance's floor cuts it, or the later points go to another balance. The limits' usage
goes on from version to version, so all versions are looked at.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.directions import Direction, Judgement
from pointbook.model.sections import Section
from pointbook.model.windows import CapKind, lies_inside
from pointbook.reasoning.awards import awards_of
from pointbook.reasoning.cap_order import CapKey, caps_met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version


class Link(NamedTuple):
    """One of the limits that an activity's events meet.

    Attributes:
        key: What its usage belongs to.
        shared: Whether other activities meet it too, in any version.
    """

    key: CapKey
    shared: bool


Chain = tuple[Link, ...]

DISPLACES = "several limits work together here, so more points at one place can mean fewer at another"
USED_UP_SOONER = "a later limit sees more than before and may be used up sooner"
SHARES_LIMITS = "it shares limits with other activities, which may then let less through in all"
_FLOOR = "a limit is used up sooner, and a balance with a floor may miss the later points when some are taken"
_BALANCES = "a limit is used up sooner, and what it then cuts goes to another balance"
_LEVELS = "; a limit reaches over the end of a level period, so that a level can differ"


class Passing(Enum):
    """What comes out of limits into which more goes."""

    NEVER_LESS = "at least as much from every event"
    SOONER = "at least as much at every date, but less from some later events"
    LESS = "it can be less in all"


def each(subject: Subject) -> tuple[tuple[Activity, Version], ...]:
    """The activity that a subject is part of, with its version, in the versions of the pair that have it."""
    rules = zip(subject.rules, (subject.pair.old, subject.pair.new), strict=True)
    return tuple((rule, version) for rule, version in rules if hasattr(rule, "balance"))


def elsewhere(pair: Pair, activity: str) -> Iterator[tuple[Activity, Version]]:
    """The activity in the versions that are in force before or after the pair's."""
    found = ((version.activities.get(activity), version) for version in pair.others)
    return ((rule, version) for rule, version in found if rule is not None)


def links_of(pair: Pair, activity: Activity, version: Version) -> Chain:
    """The limits of an activity, narrower ones first where they have an order."""
    stages = pair.cap_order(activity.id).stages
    keys = sorted(caps_met(activity, version), key=lambda key: stages.get(key, 0))
    return tuple(Link(key, shared=bool(_users(pair, key) - {activity.id})) for key in keys)


def _users(pair: Pair, key: CapKey) -> frozenset[str]:
    """The activities that meet the limit in any version."""
    return pair.in_groups.get(key.owner, frozenset()) if key.scope == "group" else frozenset((key.owner,))


def passing(
    pair: Pair,
    changed: Iterable[tuple[Activity, Version]],
    tail: Callable[[Chain], Chain],
    *,
    same_events: bool = False,
    carried: bool = False,
) -> Passing:
    """What comes out of the limits of an activity, if more comes to a part of them.

    Args:
        pair: The versions.
        changed: The activity in the versions in which more comes.
        tail: Of a chain, what sees the difference.
        same_events: Whether just the same events are positive when they come there.
        carried: Whether what is used up counts on in other versions, whatever is met in these.
    """
    changed = tuple(changed)
    activity = changed[0][0].id
    if pair.cap_order(activity).obstacles:
        return Passing.SOONER if _is_one_sum(pair, activity) else Passing.LESS
    here = [tail(links_of(pair, *one)) for one in changed]
    others = [tail(links_of(pair, *one)) for one in elsewhere(pair, activity)]
    if same_events:
        here, others = (list(map(_points_only, chains)) for chains in (here, others))
    if not any(here) and not (carried and any(others)):
        return Passing.NEVER_LESS
    if any(link.key.kind is CapKind.TIMES for chain in (*here, *others) for link in chain):
        return Passing.LESS
    return Passing.SOONER


def _is_one_sum(pair: Pair, activity: str) -> bool:
    """Whether the activity has limits on points only, shares none, and none goes and comes again."""
    for timeline in pair.timelines:
        rules = [
            caps_met(version.activities[activity], version)
            for version in timeline
            if activity in version.activities
        ]
        for key in dict.fromkeys(key for met in rules for key in met):
            stretches = [is_met for is_met, _ in groupby(key in met for met in rules)]
            if key.kind is CapKind.TIMES or _users(pair, key) != {activity} or sum(stretches) > 1:
                return False
    return True


def judged(
    subject: Subject,
    passing: Passing,
    reason: str,
    less: str = DISPLACES,
    activities: Iterable[str] = (),
) -> Judgement:
    """The judgement on more points, as far as what comes out of the limits allows it.

    Args:
        subject: The change.
        passing: What comes out.
        reason: Why there are more points.
        less: Why there may be less in all.
        activities: Whose events are concerned, besides the subject's own activity.
    """
    pair = subject.pair
    if passing is Passing.LESS:
        return Judgement(Direction.MIXED, less)
    if passing is Passing.NEVER_LESS:
        return Judgement(Direction.FAVOURABLE, reason)
    own = {subject.rule_id, *activities}
    groups = {
        group
        for version in pair.versions
        for key in own & {*version.activities}
        for group in version.activities[key].groups
    }
    own.update(*(pair.in_groups[group] for group in groups))
    rules = [
        (rule, version) for version in pair.versions for key in own if (rule := version.activities.get(key))
    ]
    balances = {rule.sole.balance for rule, _ in rules}
    if len(balances) > 1:
        return Judgement(Direction.MIXED, _BALANCES)
    if balances & pair.cut_balances:
        return Judgement(Direction.MIXED, _FLOOR)
    crosses = any(_crosses_levels(pair, *one) for one in rules)
    return Judgement(Direction.FAVOURABLE, reason + _LEVELS * crosses)


def takes_turns(pair: Pair, subject: Subject) -> bool:
    """Whether in every version all events are worth the same and meet one times cap of their own at most."""
    return _all_turns(pair, (*each(subject), *elsewhere(pair, subject.rule_id)))


def _all_turns(pair: Pair, rules: Iterable[tuple[Activity, Version]]) -> bool:
    worths = {
        _one_worth(rule) if _one_turn(links_of(pair, rule, version)) else None for rule, version in rules
    }
    return len(worths) == 1 and None not in worths


def _one_worth(activity: Activity) -> Amount | None:
    awards = awards_of(activity)
    fixed = (
        awards.lowest is not None and awards.lowest == awards.highest and activity.sole.split_among is None
    )
    return awards.lowest if fixed else None


def _one_turn(chain: Chain) -> bool:
    return not chain or (len(chain) == 1 and not chain[0].shared and chain[0].key.kind is CapKind.TIMES)


def _points_only(chain: Chain) -> Chain:
    """The chain without the times caps at its beginning, which let the same events through."""
    while chain and chain[0].key.kind is CapKind.TIMES:
        chain = chain[1:]
    return chain


def _crosses_levels(pair: Pair, activity: Activity, version: Version) -> bool:
    """Whether a limit's window can lie in two periods of the balance that decides levels."""
    return any(
        not lies_inside(link.per, program.balances[activity.sole.balance].resets.per)
        for program in pair.programs
        if activity.sole.balance == program.level_balance
        for link in caps_met(activity, version)
    )


def meets_times_cap(pair: Pair, section: Section, rule_id: str) -> bool:
    """Whether events of the activity, or of those in the group, use up caps on times.

    Where all events are worth the same, it is no matter which of them use it up.
    """
    activities = {rule_id} if section is Section.ACTIVITIES else pair.in_groups.get(rule_id, frozenset())
    for activity in activities:
        rules = [
            (version.activities[activity], version)
            for version in pair.versions
            if activity in version.activities
        ]
        capped = any(link.key.kind is CapKind.TIMES for one in rules for link in links_of(pair, *one))
        if capped and not _all_turns(pair, rules):
            return True
    return False
