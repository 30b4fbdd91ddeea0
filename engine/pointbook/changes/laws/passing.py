"""What becomes of the whole, if more goes into the limits that an activity's events meet.

Where limits have an order (`reasoning.cap_order`), they can be looked at one after the other, narrower ones
first: of points, at least as much comes out of each in every window, at every date. Which events a limit on
times lets through can be others then, and worth less. Where limits have no order, the whole can be less
too, but for an activity that shares no limit and has limits on points only: its sum is at every date the
least of what it could be by each of them, which rises with all that comes before.

What comes out later can be less, because a limit is used up sooner: that is no loss, unless something is
taken in between and a balance's floor cuts it, or the later points go to another balance. The limits' usage
goes on from version to version, so all versions are looked at.

Where an event gives something in several balances, it uses up a limit on times once, whichever of them it
gives in, and not where limits on points leave nothing of any. Such limits have no order; what is proved of
them is said at `_among_several`.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.meeting import (
    EntryIn,
    copies_of,
    each,
    elsewhere,
    entries_at,
    keys_met,
    links_of,
    shared_by,
)
from pointbook.model.sections import Section
from pointbook.model.windows import CapKind, lies_inside
from pointbook.reasoning.awards import always_positive, awards_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pointbook.changes.laws.meeting import Chain
    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.amounts import Amount


DISPLACES = "several limits work together here, so more points at one place can mean fewer at another"
USED_UP_SOONER = "another limit sees more than before and may be used up sooner"
SHARES_LIMITS = "it shares limits with other activities, which may then let less through in all"
_FLOOR = "a limit is used up sooner, and a balance with a floor may miss the later points when some are taken"
_BALANCES = "a limit is used up sooner, and what it then cuts goes to another balance"
_COPIED = "a limit is used up sooner, and what it then cuts is copied to another balance"
_LEVELS = "; a limit reaches over the end of a level period, so that a level can differ"


class Passing(Enum):
    """What comes out of limits into which more goes."""

    NEVER_LESS = "at least as much from every event"
    SOONER = "at least as much at every date, but less from some later events"
    LESS = "it can be less in all"


def passing(
    pair: Pair,
    changed: Iterable[EntryIn],
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
    activity, balance = changed[0].name
    before_and_after = tuple(elsewhere(pair, activity, balance))
    if pair.gives_several(activity):
        return _among_several(
            pair, (*changed, *before_and_after), tail, same_events=same_events, carried=carried
        )
    if pair.cap_order(activity).obstacles:
        return Passing.SOONER if _is_one_sum(pair, changed[0]) else Passing.LESS
    here = [tail(links_of(pair, one)) for one in changed]
    others = [tail(links_of(pair, one)) for one in before_and_after]
    if same_events:
        here, others = (list(map(_points_only, chains)) for chains in (here, others))
    if not any(here) and not (carried and any(others)):
        return Passing.NEVER_LESS
    if any(link.key.kind is CapKind.TIMES for chain in (*here, *others) for link in chain):
        return Passing.LESS
    return Passing.SOONER


def _among_several(
    pair: Pair,
    everywhere: tuple[EntryIn, ...],
    tail: Callable[[Chain], Chain],
    *,
    same_events: bool,
    carried: bool,
) -> Passing:
    """What comes out where events give something in several balances.

    Limits on times let through what they let through, if the same events give anything as before; that is
    so only where no limit on points can leave nothing. Limits on points are those of one balance.
    """
    chains = [links_of(pair, one) for one in everywhere]
    times = {link for chain in chains for link in chain if link.key.kind is CapKind.TIMES}
    rest = [tail(chain) for chain in chains]
    if not times:
        if not any(rest) and not carried:
            return Passing.NEVER_LESS
        return Passing.SOONER if _is_one_sum(pair, everywhere[0]) else Passing.LESS
    met = {key.kind for link in times for one in entries_at(pair, link.shared) for key in keys_met(one)}
    met |= {link.key.kind for chain in chains for link in chain}
    if CapKind.POINTS in met or carried:
        return Passing.LESS
    if same_events or not any(rest) or all(map(_gives_anyway, everywhere)):
        return Passing.NEVER_LESS
    return Passing.LESS


def _gives_anyway(one: EntryIn) -> bool:
    """Whether every event that counts gives something in another balance."""
    return any(
        not (other.is_spend or other.condition or other.needs or other.caps) and always_positive(other)
        for other in one.activity.entries
        if other.balance != one.entry.balance
    )


def _is_one_sum(pair: Pair, one: EntryIn) -> bool:
    """Whether the entry has limits on points only, shares none, and none goes and comes again."""
    activity, balance = one.name
    for timeline in pair.timelines:
        rules = [
            keys_met(EntryIn(entry, version.activities[activity], version))
            for version in timeline
            if activity in version.activities
            for entry in version.activities[activity].entries
            if entry.balance == balance
        ]
        for key in dict.fromkeys(key for met in rules for key in met):
            stretches = [is_met for is_met, _ in groupby(key in met for met in rules)]
            if key.kind is CapKind.TIMES or shared_by(pair, key, one) or sum(stretches) > 1:
                return False
    return True


def judged(
    subject: Subject,
    passing: Passing,
    reason: str,
    less: str = DISPLACES,
    users: Iterable[tuple[str, str]] = (),
) -> Judgement:
    """The judgement on more points, as far as what comes out of the limits allows it.

    Args:
        subject: The change.
        passing: What comes out.
        reason: Why there are more points.
        less: Why there may be less in all.
        users: Entries that are concerned, besides the subject's own, by activity and balance.
    """
    pair = subject.pair
    if passing is Passing.LESS:
        return Judgement(Direction.MIXED, less)
    if passing is Passing.NEVER_LESS:
        return Judgement(Direction.FAVOURABLE, reason)
    concerned = {*users, *(one.name for one in each(subject))}
    own = {subject.rule_id, *(activity for activity, _ in concerned)}
    several = any(map(pair.gives_several, own))
    groups = {
        group
        for version in pair.versions
        for key in own & {*version.activities}
        for group in version.activities[key].groups
    }
    own.update(*(pair.in_groups[group] for group in groups))
    entries = [
        EntryIn(entry, rule, version)
        for version in pair.versions
        for key in own
        if (rule := version.activities.get(key))
        for entry in rule.entries
        if not entry.is_spend
    ]
    if several:  # each is one sum then, of what it alone meets
        entries = [one for one in entries if one.name in concerned]
    balances = {one.entry.balance for one in entries}
    if len(balances) > 1:
        return Judgement(Direction.MIXED, _BALANCES)
    if balances & pair.cut_balances:
        return Judgement(Direction.MIXED, _FLOOR)
    if any(copies_of(one) for one in entries):
        return Judgement(Direction.MIXED, _COPIED)
    crosses = any(_crosses_levels(pair, one) for one in entries)
    return Judgement(Direction.FAVOURABLE, reason + _LEVELS * crosses)


def takes_turns(pair: Pair, subject: Subject) -> bool:
    """Whether in every version all events are worth the same and meet one times cap of their own at most."""
    balances = {one.entry.balance for one in each(subject)}
    others = (one for name in balances for one in elsewhere(pair, subject.rule_id, name))
    return _all_turns(pair, (*each(subject), *others))


def _all_turns(pair: Pair, entries: Iterable[EntryIn]) -> bool:
    worths = {_one_worth(one) if _one_turn(links_of(pair, one)) else None for one in entries}
    return len(worths) == 1 and None not in worths


def _one_worth(one: EntryIn) -> Amount | None:
    awards = awards_of(one.entry, one.activity)
    fixed = awards.lowest is not None and awards.lowest == awards.highest and one.entry.split_among is None
    return awards.lowest if fixed else None


def _one_turn(chain: Chain) -> bool:
    return not chain or (len(chain) == 1 and not chain[0].shared and chain[0].key.kind is CapKind.TIMES)


def _points_only(chain: Chain) -> Chain:
    """The chain without the times caps at its beginning, which let the same events through."""
    while chain and chain[0].key.kind is CapKind.TIMES:
        chain = chain[1:]
    return chain


def _crosses_levels(pair: Pair, one: EntryIn) -> bool:
    """Whether a limit's window can lie in two periods of a balance that levels go by."""
    levels = (level for version in pair.versions for level in version.levels.values())
    asked = {balance for level in levels for balance in level.further_balances}
    return any(
        not lies_inside(key.per, program.balances[one.entry.balance].resets.per)
        for program in pair.programs
        if one.entry.balance in {program.level_balance, *asked} and one.entry.balance in program.balances
        for key in keys_met(one)
    )


def meets_times_cap(pair: Pair, section: Section, rule_id: str) -> bool:
    """Whether events of the activity, or of those in the group, use up caps on times.

    Where all events are worth the same, it is no matter which of them use it up.
    """
    activities = {rule_id} if section is Section.ACTIVITIES else pair.in_groups.get(rule_id, frozenset())
    for activity in activities:
        entries = [
            EntryIn(entry, version.activities[activity], version)
            for version in pair.versions
            if activity in version.activities
            for entry in version.activities[activity].entries
        ]
        capped = any(link.key.kind is CapKind.TIMES for one in entries for link in links_of(pair, one))
        if capped and not _all_turns(pair, entries):
            return True
    return False
