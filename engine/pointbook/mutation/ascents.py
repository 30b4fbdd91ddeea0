"""Stories that come to totals, exactly: what reaches levels and is done there, and what a total covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from pointbook.model.amounts import in_results
from pointbook.model.rules import LeapDay, anniversary
from pointbook.mutation.ground import MOST_EVENTS
from pointbook.mutation.happenings import members_for
from pointbook.mutation.ladders import totals_of
from pointbook.mutation.story import Happening, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.levels import Minimums
    from pointbook.mutation.ground import Ground
    from pointbook.mutation.ladders import Option, Part

_YEARS = 3
_MOST_AT_A_LEVEL = 100
"""So many events are tried of one activity at each level."""


def exact_totals(ground: Ground) -> Iterator[Story]:
    """As many points as reach a level, exactly; then nothing more for some years."""
    for wanted in _wanted(ground):
        for parts in _ways(ground, wanted):
            for gap in (1, 32):
                yield _spread(ground, parts, gap)


def kept_exactly(ground: Ground) -> Iterator[Story]:
    """A level that is reached in one period, and in the next as much as keeps it."""
    if "keep" not in ground.edit.path:
        return
    own = ground.today.level_balance
    second = anniversary(ground.signed_up_on, 1, lambda _: LeapDay.FEB_28) + timedelta(1)
    for version in (ground.version, ground.changed):
        level = version.levels[ground.edit.rule]
        for reaching in level.reached_with(own):
            for parts in islice(_ways(ground, reaching), 1):
                climb = _spread(ground, parts, 1)
                for wanted in level.kept_with(own):
                    for more in islice(_ways(ground, wanted), 2):
                        after = _spread(ground, more, 1, second)
                        if climb.member == after.member:
                            yield replace(after, events=(*climb.events, *after.events))


def at_levels(ground: Ground) -> Iterator[Story]:
    """One event at each level, where that decides what it comes to; and members who have what it brings."""
    by_level = [
        activity
        for activity in (() if ground.edit.path[0] == "levels" else ground.activities)
        if any(rule.looks_at_level for rule in ground.rules(activity))
    ]
    asked = [
        benefit.condition
        for version in (ground.version, ground.changed)
        for benefit in version.benefits.values()
        if benefit.condition is not None
    ]
    members = members_for(asked, ground.today, ground.day)
    for level in ground.version.levels.values() if by_level or asked else ():
        reached = level.reached_with(ground.today.level_balance)
        climbs = [_spread(ground, parts, 1) for way in reached for parts in islice(_ways(ground, way), 1)]
        for climb in climbs:
            for member in members if asked else ():
                yield replace(climb, member=member, days=(climb.days[0],))
            for activity in by_level:
                for story in ground.singles(activity)[:_MOST_AT_A_LEVEL]:
                    if not climb.events or climb.member == story.member:
                        yield _with_last(climb, story)


def _with_last(climb: Story, story: Story) -> Story:
    """A climb to a level, and one event on the day after."""
    day = max(climb.days[0], date.fromisoformat(story.events[0].occurred_at[:10])) + timedelta(1)
    last = story.events[0]._replace(occurred_at=day.isoformat())
    return replace(story, events=(*climb.events, last), days=(day,))


def exact_spends(ground: Ground) -> Iterator[Story]:
    """What is spent when just as much is there, down to the floor, and a little less."""
    for activity in ground.activities:
        rule = ground.version.activities.get(activity)
        for entry in rule.entries if rule is not None else ():
            floor = ground.today.balances[entry.balance].floor or 0
            costs: dict[int, Story] = {}
            for story, came in ground.outcomes(activity) if entry.is_spend else ():
                if entry.balance in came and came[entry.balance].requested < 0:
                    costs.setdefault(in_results(-came[entry.balance].requested), story)
            for cost, story in costs.items():
                for total in (cost + in_results(floor), cost + in_results(floor) - 1):
                    for parts in islice(_ways(ground, ((entry.balance, total),)), 2):
                        climb = _spread(ground, parts, 1)
                        if not climb.events or climb.member == story.member:
                            yield _with_last(climb, story)


def _wanted(ground: Ground) -> list[Minimums]:
    """What levels ask for, by either state: each way to reach or to keep one."""
    own = ground.today.level_balance
    found = {
        way: None
        for version in (ground.version, ground.changed)
        for level in version.levels.values()
        for way in (*level.reached_with(own), *level.kept_with(own))
    }
    return sorted(found, key=lambda way: (len(way), [least for _, least in way], way))


def _ways(ground: Ground, wanted: Minimums, given: tuple[Part, ...] = ()) -> Iterator[list[Part]]:
    """Ways to come to all that is wanted, exactly where that can be, else to more."""
    if not wanted:
        yield [*given]
        return
    (balance, least), *others = wanted
    start = ground.today.balances[balance].start
    total = in_results(least - start) - sum(ground.gives(story, balance) for story, _ in given)
    if total <= 0:
        yield from _ways(ground, tuple(others), given)
        return
    options = _options(ground, balance, total)
    if given:
        options = [option for option in options if option[1].member == given[0][0].member]
    exact = list(totals_of(total, options, MOST_EVENTS - len(given)))
    for parts in exact or _beyond(total, options, MOST_EVENTS - len(given)):
        yield from _ways(ground, tuple(others), (*given, *parts))


def _beyond(total: int, options: list[Option], most: int) -> Iterator[list[Part]]:
    """Ways to come to more than a total."""
    for amount, story, _, _ in options:
        if (times := int(total // amount) + 1) <= most:
            yield [(story, None)] * times


def _options(ground: Ground, balance: str, total: int) -> list[Option]:
    """What gives most in a balance, of each activity, and what gives a total at once."""
    return [
        (amount, story, _assessed(ground, activity, balance, amount), not ground.caps(activity))
        for activity, rule in ground.version.activities.items()
        if balance in rule.balances
        for place, (amount, story) in enumerate(reversed(ground.awarded(activity, balance)))
        if amount > 0 and (place == 0 or amount == total)
    ]


def _assessed(ground: Ground, activity: str, balance: str, amount: int) -> tuple[int, int] | None:
    """The amounts between which any can be had for the event; None where it is always worth the same."""
    ends = ground.version.activities[activity].entry_in(balance).points.assessed_range
    if ends is None or ends[1] != amount or ends[0] <= 0:
        return None
    return in_results(ends[0]), in_results(ends[1])


def _spread(ground: Ground, parts: list[Part], gap: int, begin: date | None = None) -> Story:
    day = begin or ground.day
    if not parts:  # it is there from the sign-up on
        return Story(ground.signed_up_on, (), _later_days(ground.signed_up_on, day))
    first, events = parts[0][0], []
    for index, (story, points) in enumerate(parts):
        day = (begin or ground.day) + timedelta(index * gap)
        cells = dict(story.events[0].cells) | ({} if points is None else {"points": points})
        events.append(Happening(day.isoformat(), story.events[0].activity, tuple(cells.items())))
    return Story(first.signed_up_on, tuple(events), _later_days(ground.signed_up_on, day), first.member)


def _later_days(signed_up_on: date, last: date) -> tuple[date, ...]:
    """The day itself, then the first days of membership and calendar years after it."""
    found = {last}
    for number in range(1, _YEARS + 1):
        found.add(anniversary(signed_up_on, number, lambda _: LeapDay.FEB_28))
        found.add(date(signed_up_on.year + number, 1, 1))
    return tuple(sorted(day for day in found if day >= last))
