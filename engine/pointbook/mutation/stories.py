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

from pointbook.model.amounts import in_results
from pointbook.model.rules import LeapDay, anniversary
from pointbook.model.windows import CapKind, Per
from pointbook.mutation.ladders import totals_of
from pointbook.mutation.story import Happening, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.rules import Cap
    from pointbook.mutation.ground import Ground

MOST_EVENTS = 60
"""So many events has a story at most."""

_YEARS = 3
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
        gains = [pair for pair in ground.awarded(activity) if pair[0] > 0] if caps else []
        for gain in gains[:1] + gains[-1:]:
            for cap in caps:
                yield from _filled(ground, cap, [gain], gain[1])
        for _, last in gains[-1:]:
            others = [gain for other in _sharing(ground, activity) for gain in _largest(ground, other, last)]
            ways = [[gain] for gain in others] + ([[*others, gains[-1]]] if others else [])
            for way in ways:
                for cap in caps:
                    yield from _filled(ground, cap, way, last)


def _largest(ground: Ground, activity: str, like: Story) -> list[tuple[int, Story]]:
    """The most that a member such as another can have for one event of an activity."""
    gains = [gain for gain in ground.awarded(activity) if gain[0] > 0 and gain[1].member == like.member]
    return gains[-1:]


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
    return [] if ground.edit.activity is None else ground.caps(ground.edit.activity)


def _membership_year(signed_up_on: date, day: date) -> int:
    number = day.year - signed_up_on.year
    return number + 1 if day >= anniversary(signed_up_on, number, lambda _: LeapDay.FEB_28) else number


def exact_totals(ground: Ground) -> Iterator[Story]:
    """As many points as reach a level, exactly; then nothing more for some years."""
    options = [
        (amount, story, _assessed(ground, activity, amount), not ground.caps(activity))
        for activity, rule in ground.version.activities.items()
        if rule.sole.balance == ground.today.level_balance
        for amount, story in ground.awarded(activity)[-1:]
        if amount > 0
    ]
    start = ground.today.balances[ground.today.level_balance].start
    totals = {level.threshold for v in (ground.version, ground.changed) for level in v.levels.values()}
    for total in sorted(totals):
        for parts in totals_of(in_results(total - start), options, MOST_EVENTS):
            for gap in (1, 32):
                yield _spread(ground, parts, gap)


def _assessed(ground: Ground, activity: str, amount: int) -> tuple[int, int] | None:
    """The amounts between which any can be had for the event; None where it is always worth the same."""
    rule = ground.version.activities[activity]
    ends = rule.sole.points.assessed_range
    if ends is None or ends[1] != amount or ends[0] <= 0:
        return None
    return in_results(ends[0]), in_results(ends[1])


def _spread(ground: Ground, parts: list[tuple[Story, int | None]], gap: int) -> Story:
    first = parts[0][0]
    events = []
    for index, (story, points) in enumerate(parts):
        day = ground.day + timedelta(index * gap)
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


def deductions(ground: Ground) -> Iterator[Story]:
    """What takes from a balance, once and often, also after something was given."""
    by_balance: dict[str, list[str]] = {}
    for activity in ground.activities:
        by_balance.setdefault(ground.version.activities[activity].sole.balance, []).append(activity)
    for activities in by_balance.values():
        amounts = [pair for activity in activities for pair in ground.awarded(activity)]
        gives = [story for amount, story in amounts if amount > 0]
        takes = [story for amount, story in amounts if amount < 0] or _refused(ground, activities)
        for take in takes:
            for times in (1, 2, 10, MOST_EVENTS):
                for before in ([], *([give] for give in gives[:1] + gives[-1:])):
                    parts = [*before, *([take] * times)]
                    events = tuple(
                        part.events[0]._replace(occurred_at=_moment(ground.day, index))
                        for index, part in enumerate(parts)
                    )
                    if len({part.member for part in parts}) == 1:
                        yield replace(take, events=events, days=(ground.day,))


def _refused(ground: Ground, activities: list[str]) -> list[Story]:
    """What takes where there is nothing to take: events that are worth nothing alone, of rules below zero."""
    lowest = {
        activity: [low for low, _ in rule.sole.points.amounts(rule.attributes)]
        for activity in activities
        for rule in ground.rules(activity)[:1]
    }
    taking = [activity for activity, lows in lowest.items() if any(low is None or low < 0 for low in lows)]
    return [story for activity in taking for story in ground.singles(activity)[:8]]


KINDS = (single_events, times_elsewhere, full_windows, exact_totals, years_that_end, deductions)
"""The order is that in which they are tried."""
