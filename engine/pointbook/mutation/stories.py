"""Stories by which a slip may show, the plainest kind first.

Each kind is a function from the ground to stories; none knows what the slip is, only which rules it
concerns. Source: rules/README.md, "Would the scenarios notice a slip?".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import cycle
from typing import TYPE_CHECKING

from pointbook.model.rules import LeapDay, anniversary
from pointbook.model.windows import CapKind, Per
from pointbook.mutation.ascents import at_levels, exact_spends, exact_totals, kept_exactly
from pointbook.mutation.ground import MOST_EVENTS
from pointbook.mutation.story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.rules import Cap
    from pointbook.mutation.ground import Ground

_DAYS_APART = (0, 1, 7, 32)
_DAYS_SEARCHED = 800


def single_events(ground: Ground) -> Iterator[Story]:
    """One event, at every border that its rules name; about a version's first day, on the days beside it."""
    days: list[date | None] = [None]
    if ground.edit.path == ("effective_from",):
        both = (ground.version.effective_from, ground.changed.effective_from)
        days = [min(both)]
    for activity in ground.activities:
        for day in days:
            stories = ground.singles(activity, day)
            for story in stories:
                yield story if day is None else replace(story, signed_up_on=day - timedelta(30))


def times_elsewhere(ground: Ground) -> Iterator[Story]:
    """One event at a time told with an offset, in winter and in summer, that is another day elsewhere."""
    if ground.edit.path != ("timezone",):
        return
    for activity in ground.activities:
        for _, story in ground.awarded(activity):
            for day in (ground.day, ground.day + timedelta(182)):
                for clock in ("23:30:00Z", "12:00:00Z"):
                    event = story.events[0]._replace(occurred_at=f"{day}T{clock}")
                    yield replace(story, events=(event,), days=())


def full_windows(ground: Ground) -> Iterator[Story]:
    """As many events as fill a limit, and more; inside the window, and on the other side of its border."""
    for activity in () if ground.edit.is_of_levels else ground.activities:
        caps = ground.caps(activity)
        gains = {balance: _gains(ground, activity, balance) for _, balance in caps}
        for place in (0, -1):
            for cap, balance in caps:
                for gain in gains[balance][place:][:1]:
                    yield from _filled(ground, cap, [gain], gain[1])
        for cap, balance in caps:
            for last in gains[balance][-1:]:
                others = [
                    gain
                    for other in _sharing(ground, activity)
                    for gain in _gains(ground, other, balance)[-1:]
                    if gain[1].member == last[1].member
                ]
                for way in [[gain] for gain in others] + ([[*others, last]] if others else []):
                    yield from _filled(ground, cap, way, last[1])


def _gains(ground: Ground, activity: str, balance: str | None) -> list[tuple[int, Story]]:
    """What can be gained by one event of an activity, from the least."""
    return [pair for pair in ground.awarded(activity, balance) if pair[0] > 0]


def _sharing(ground: Ground, activity: str) -> list[str]:
    """The other activities that share a group with one."""
    groups = {group for rule in ground.rules(activity) for group in rule.groups}
    here = ground.version.activities
    return [key for key, one in here.items() if key != activity and groups & {*one.groups}]


def _filled(ground: Ground, cap: Cap, fillings: list[tuple[int, Story]], last: Story) -> Iterator[Story]:
    """The limit filled by events in turn, then two more of the last."""
    turn: list[Story] = []
    left = cap.limit
    for amount, story in cycle(fillings):
        if left <= 0 or len(turn) > MOST_EVENTS:
            break
        turn.append(story)
        left -= 1 if cap.kind is CapKind.TIMES else amount
    needed = len(turn)
    if left > 0:
        return
    for spread in _DAYS_APART:
        for first, final in [(ground.day + timedelta(needed * spread), None), *_borders(ground, cap)]:
            day = final or first
            events = [
                story.events[0]._replace(occurred_at=_moment(then, index))
                for index, story in enumerate(turn)
                if (then := first - timedelta(spread * (needed - 1 - index))) >= ground.signed_up_on
            ]
            events += [last.events[0]._replace(occurred_at=_moment(day, needed + at)) for at in range(2)]
            yield replace(last, events=tuple(events), days=(day,))


def _moment(day: date, index: int) -> str:
    """A time of the day, later for each further event."""
    return f"{day}T{10 + index // 60:02}:{index % 60:02}:00"


def _borders(ground: Ground, cap: Cap) -> tuple[tuple[date, date], ...]:
    """Days beside one another of which the second begins a window of the cap, or of a cap's beside it."""
    return _days_between(
        ground.signed_up_on, frozenset((cap.per, *(other.per for other in _caps_of_edit(ground))))
    )


@lru_cache(maxsize=256)
def _days_between(signed_up_on: date, windows: frozenset[Per]) -> tuple[tuple[date, date], ...]:
    """By window, the first two days that another window has together, if there is one, and it has not."""
    found: dict[Per, tuple[date, date]] = {}
    day = signed_up_on + timedelta(2)
    before = _numbers(signed_up_on, day, windows)
    for _ in range(_DAYS_SEARCHED):
        day += timedelta(1)
        after = _numbers(signed_up_on, day, windows)
        changing = [per for per in windows if before[per] != after[per]]
        if len(changing) < len(windows) or len(windows) == 1:
            for per in changing:
                found.setdefault(per, (day - timedelta(1), day))
        before = after
    return tuple(found[per] for per in Per if per in found)


def _numbers(signed_up_on: date, day: date, windows: frozenset[Per]) -> dict[Per, int]:
    """Which window of each kind a day is in."""
    year = _membership_year(signed_up_on, day)
    return {per: per.window.number(day, year) for per in windows}


def _caps_of_edit(ground: Ground) -> list[Cap]:
    """The caps of the rule that the slip is in, by either state."""
    if ground.edit.path[0] == "groups":
        owners = [version.groups.get(ground.edit.rule) for version in (ground.version, ground.changed)]
        return [cap for owner in owners if owner is not None for cap in owner.caps]
    return [] if ground.edit.activity is None else [cap for cap, _ in ground.caps(ground.edit.activity)]


def _membership_year(signed_up_on: date, day: date) -> int:
    number = day.year - signed_up_on.year
    return number + 1 if day >= anniversary(signed_up_on, number, lambda _: LeapDay.FEB_28) else number


def years_that_end(ground: Ground) -> Iterator[Story]:
    """Members whose year ends: an event before and one after."""
    signed_up_on = ground.signed_up_on
    borders = (date(signed_up_on.year + 1, 1, 1), anniversary(signed_up_on, 1, lambda _: LeapDay.FEB_28))
    yield Story(signed_up_on, (), (signed_up_on, *borders))
    for activity in ground.activities:
        for _, story in ground.awarded(activity)[-1:]:
            for day in borders:
                moments = (day - timedelta(1), day)
                events = tuple(story.events[0]._replace(occurred_at=one.isoformat()) for one in moments)
                yield replace(story, events=events, days=borders)
        for give, take in _spends(ground, activity):
            for day in borders:
                told = ((give, day - timedelta(2)), (take, day - timedelta(1)), (take, day))
                spent = [part.events[0]._replace(occurred_at=one.isoformat()) for part, one in told]
                yield replace(take, events=tuple(spent), days=borders)


def _spends(ground: Ground, activity: str) -> Iterator[tuple[Story, Story]]:
    """What covers an event that spends, as far as one event can, and that event."""
    for rule in ground.rules(activity)[:1]:
        for entry in rule.entries:
            if entry.is_spend:
                gives, takes = _given_and_taken(ground, [activity], entry.balance)
                yield from (
                    (give, take) for give in gives[-1:] for take in takes[:1] if give.member == take.member
                )


def deductions(ground: Ground) -> Iterator[Story]:
    """What takes from a balance, once and often, also after something was given."""
    by_balance: dict[str, list[str]] = {}
    for activity in ground.activities:
        for rule in ground.rules(activity)[:1]:
            for balance in rule.balances:
                by_balance.setdefault(balance, []).append(activity)
    for balance, activities in by_balance.items():
        gives, takes = _given_and_taken(ground, activities, balance)
        ends = gives[:1] + gives[-1:]
        for take in takes:
            for times in (1, 2, 10, MOST_EVENTS):
                for before in ([], *([give] for give in ends)):
                    yield from _in_turn(ground, [*before, *([take] * times)])
            for give in ends:
                for times in (3, 10, MOST_EVENTS):
                    yield from _in_turn(ground, [*([give] * times), take])


def _given_and_taken(ground: Ground, activities: list[str], balance: str) -> tuple[list[Story], list[Story]]:
    """What gives in a balance, if none of these activities do, any other, and what takes from it."""
    amounts = [pair for activity in activities for pair in ground.awarded(activity, balance)]
    gives = [story for amount, story in amounts if amount > 0]
    if not gives:
        gains = (_gains(ground, other, balance)[-1:] for other in ground.version.activities)
        gives = [story for found in gains for _, story in found]
    return gives, [story for amount, story in amounts if amount < 0] or _refused(ground, activities, balance)


def _in_turn(ground: Ground, parts: list[Story]) -> Iterator[Story]:
    """One member who does all of it on one day; none where they are not alike."""
    if len({part.member for part in parts}) == 1:
        events = tuple(
            part.events[0]._replace(occurred_at=_moment(ground.day, index))
            for index, part in enumerate(parts)
        )
        yield replace(parts[-1], events=events, days=(ground.day,))


def _refused(ground: Ground, activities: list[str], balance: str) -> list[Story]:
    """What takes where there is nothing to take: events that are worth nothing alone, of rules below zero."""
    return [
        story
        for activity in activities
        for rule in ground.rules(activity)[:1]
        if _can_take(rule, rule.entry_in(balance))
        for story in ground.singles(activity)[:8]
    ]


def _can_take(rule: Activity, entry: EntryRule) -> bool:
    lowest = (low for low, _ in entry.points.amounts(rule.attributes))
    return entry.is_spend or any(low is None or low < 0 for low in lowest)


KINDS = (
    single_events,
    times_elsewhere,
    full_windows,
    exact_totals,
    kept_exactly,
    at_levels,
    years_that_end,
    deductions,
    exact_spends,
)
"""The order is that in which they are tried."""
