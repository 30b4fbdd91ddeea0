"""That system counts in another time zone, or shows an earlier day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from pointbook.log.typed.clock import zone_of
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from pointbook.model.log import Event, Member
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import EventChange, SettingChange

    ToLocal = Callable[[datetime], datetime]

_UTC = "UTC"
_ZONES = (
    "Europe/London",
    "Europe/Brussels",
    "Europe/Helsinki",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)
"""Where servers and offices stand; after them, offsets that never change."""
_OFFSETS = (*(hours for hour in range(1, 13) for hours in (hour, -hour)), 13, 14)
_MIDNIGHT = time()
_A_DAY = timedelta(days=1)
_DAYS_BACK = 7


def zone_causes(ground: Ground) -> Iterator[Hypothesis]:
    """UTC, zones with clock changes, and fixed offsets; with days without a time as they are, and moved."""
    has_days = any(event.local.time() == _MIDNIGHT for event in ground.log.events)
    for name, to_local in _zones(ground.program.timezone):
        for keeps_days in (True, False) if has_days else (True,):
            moved = "" if keeps_days else ", midnights of days without a time too"
            yield Hypothesis(
                CauseKind.TIME_ZONE,
                f"timezone/{name}",
                f"counts days in {name}{moved}, not in {ground.program.timezone}",
                events=_in_zone(to_local, keeps_days=keeps_days),
                family=f"timezone/{name}",
            )


def _zones(own: str) -> Iterator[tuple[str, ToLocal]]:
    for name in (_UTC, *_ZONES):
        if name != own:
            yield name, _to_zone(name)
    for hours in _OFFSETS:
        yield f"UTC{hours:+03d}:00", _ahead(timedelta(hours=hours))


def _to_zone(name: str) -> ToLocal:
    zone = zone_of(name)
    return lambda at: at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _ahead(offset: timedelta) -> ToLocal:
    return lambda at: at + offset


def _in_zone(to_local: ToLocal, *, keeps_days: bool) -> EventChange:
    """Only days count, so that an event stays as it is where its day does."""

    def moved(_: Member, events: Sequence[Event]) -> Sequence[Event]:
        found = []
        for event in events:
            if keeps_days and event.local.time() == _MIDNIGHT:
                found.append(event)
                continue
            local = to_local(event.at)
            found.append(event if local.date() == event.local.date() else event._replace(local=local))
        return found

    return moved


def earlier_day_causes(ground: Ground) -> Iterator[Hypothesis]:
    """The figures are of an earlier day."""
    last = ground.last_day
    days = [last - days * _A_DAY for days in range(1, _DAYS_BACK + 1)]
    days += [month - _A_DAY for month in ground.months()]
    for day in dict.fromkeys(sorted(days, reverse=True)):
        if ground.first_day <= day < last:
            yield _on(ground, day, is_coarse=True)


def _on(ground: Ground, day: date, *, is_coarse: bool) -> Hypothesis:
    def nearby() -> Iterator[Hypothesis]:
        return (_on(ground, near, is_coarse=False) for near in ground.days_around(day))

    return Hypothesis(
        CauseKind.EARLIER_DAY,
        f"as_of/{day}",
        f"shows how members stood on {day}, not on {ground.last_day}",
        _as_of(day),
        family="earlier day",
        nearby=nearby if is_coarse else None,
    )


def _as_of(day: date) -> SettingChange:
    return lambda ours: replace(ours, as_of=day)
