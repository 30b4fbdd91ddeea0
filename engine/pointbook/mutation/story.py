"""A member with what they do, by which two states of the rules may be told apart, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.log import RawRow, accepted_log
from pointbook.model.ledger import Assume
from pointbook.model.tables import LEDGER, ledger_row, names_of, standings_columns, standings_row
from pointbook.model.wording import written
from pointbook.scenarios.running import interpreted
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.model.program import Program

Cells = tuple[tuple[str, Any], ...]
"""Values by name."""
Rows = Mapping[str, dict[str, Any]]
"""Columns of the ledger, by balance."""


class Happening(NamedTuple):
    """One thing that somebody does.

    Attributes:
        occurred_at: When, as a log has it.
        activity: What.
        cells: Its points and attributes; what is not given is left out.
    """

    occurred_at: str
    activity: str
    cells: Cells = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A member with what they do.

    Attributes:
        signed_up_on: When the member signed up.
        events: What they do, by time.
        days: Days on which their standing may differ.
        member: The member's attributes.
    """

    signed_up_on: date
    events: tuple[Happening, ...] = ()
    days: tuple[date, ...] = ()
    member: Cells = ()

    def without(self, index: int) -> Story:
        """The same, less one event."""
        return replace(self, events=self.events[:index] + self.events[index + 1 :])

    def along_with(self, other: Story) -> Story:
        """One member who does what both do."""
        events = sorted({*self.events, *other.events}, key=_order)
        return replace(self, events=tuple(events), days=tuple(sorted({*self.days, *other.days})))


def _order(one: Happening) -> tuple[Any, ...]:
    points = dict(one.cells).get("points", 0)
    return (one.occurred_at, one.activity, points, str(one.cells))


class Differing(NamedTuple):
    """Where two states of the rules differ over one story.

    Attributes:
        events: What is expected today of the event at each place: columns of the ledger with their values,
            or under `entries` those of each balance, of which None stands for no entry.
        standings: Columns of the standing with today's values, by day.
    """

    events: Mapping[int, dict[str, Any]]
    standings: Mapping[date, dict[str, Any]]

    @property
    def is_plain(self) -> bool:
        """Whether points or levels differ, and not only what is written beside them."""
        plain = {"awarded", "outcome", "level", "total", "points", "benefits"}
        rows = (*map(_columns_in, self.events.values()), *map(set, self.standings.values()))
        return any(plain & columns for columns in rows)


_NOWHERE = Differing({}, {})


def _columns_in(expected: Mapping[str, Any]) -> set[str]:
    """The columns of which an expectation about an event tells; whether there is an entry is its outcome."""
    entries = expected.get("entries", {}).values()
    inside = [{"outcome"} if columns is None else {*columns} for columns in entries]
    return ({*expected} - {"entries"}).union(*inside)


def both_expected(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What two expectations about one event say together."""
    entries = {**one.get("entries", {})}
    for balance, columns in other.get("entries", {}).items():
        entries[balance] = columns and {**(entries.get(balance) or {}), **columns}
    together = {**one, **other}
    return {**together, "entries": entries} if entries else together


_EVENT = ("awarded", "outcome", "level", "total", "requested", "balance", "period", "version", "occurred_at")
_STANDING_FIRST = ("level", "points", "benefits")
_IMPLIED = {"awarded": ("total", "requested", "level"), "outcome": ("requested", "level")}


def differences_over(stories: Sequence[Story], today: Program, other: Program) -> list[Differing | None]:
    """Where two states of the rules differ over each story; None where they do not.

    A story with an event that would be rejected differs nowhere.

    Args:
        stories: Any number.
        today: The rules as they are.
        other: The rules with a slip.
    """
    if not stories:
        return []
    last = _last_day(stories)
    ledgers = [_entries(stories, program, last) for program in (today, other)]
    found: list[Differing | None] = []
    for index, story in enumerate(stories):
        pairs = [
            tuple(ledger.get(_event_id(index, place), {}) for ledger in ledgers)
            for place in range(len(story.events))
        ]
        if any({} in pair for pair in pairs):
            found.append(None)
            continue
        events = {
            place: columns for place, (one, two) in enumerate(pairs) if (columns := _unlike_event(one, two))
        }
        found.append(Differing(_telling(events), {}) if events else None)
    _look_at_standings(stories, today, other, found)
    return found


def _telling(events: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The events that show the difference themselves; not those that come after it."""
    for kinds in ({"awarded", "outcome"}, {"level"}):
        if telling := {place: one for place, one in events.items() if kinds & _columns_in(one)}:
            return telling
    place = min(events)
    return {place: events[place]}


def _last_day(stories: Sequence[Story]) -> date:
    """A day on which all is past, also where what is told with an offset is of the next day."""
    days = [date_from(event.occurred_at[:10]) for story in stories for event in story.events]
    days += [day for story in stories for day in (story.signed_up_on, *story.days)]
    return max(days) + timedelta(1)


def _look_at_standings(
    stories: Sequence[Story], today: Program, other: Program, found: list[Differing | None]
) -> None:
    """Fill in where standings differ of those stories that differ nowhere else, plainly if on any day."""
    waiting: dict[date, list[int]] = {day: [] for story in stories for day in story.days}
    for index, story in enumerate(stories):
        if found[index] is None:
            for day in story.days:
                waiting[day].append(index)
    for day in sorted(waiting):
        indexes = [index for index in waiting[day] if not (found[index] or _NOWHERE).is_plain]
        if not indexes:
            continue
        chosen = [stories[index] for index in indexes]
        sides = [_standings(chosen, program, day) for program in (today, other)]
        for place, index in enumerate(indexes):
            one, two = (side.get(_member_id(place)) for side in sides)
            if one is not None and two is not None:
                names = (*_STANDING_FIRST, *(name for name in one if name not in ("member_id", "as_of")))
                if columns := _unlike(one, two, tuple(dict.fromkeys(names))):
                    here = Differing({}, {day: columns})
                    found[index] = here if here.is_plain else found[index] or here


def _unlike_event(one: Rows, two: Rows) -> dict[str, Any]:
    """What is expected by the first state of what one event came to in both, where that differs."""
    if len(one) == len(two) == 1:
        (row,), (other,) = one.values(), two.values()
        return _unlike(row, other, _EVENT)
    entries: dict[str, dict[str, Any] | None] = {}
    for balance in dict.fromkeys((*one, *two)):
        if balance not in one:
            entries[balance] = None
        elif balance not in two:
            entries[balance] = {name: one[balance][name] for name in ("awarded", "outcome")}
        elif columns := _unlike(one[balance], two[balance], _EVENT):
            entries[balance] = columns
    return {"entries": entries} if entries else {}


def _unlike(one: Mapping[str, Any], two: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The columns in which two rows differ, with the values of the first; not what follows from others."""
    unlike = [name for name in names if one[name] != two.get(name)]
    implied = {name for cause, names in _IMPLIED.items() if cause in unlike for name in names}
    if unlike and unlike[0] in _STANDING_FIRST and "as_of" in one:
        return {unlike[0]: one[unlike[0]]}
    return {name: one[name] for name in unlike if name not in implied}


def _entries(stories: Sequence[Story], program: Program, last: date) -> dict[str, Rows]:
    """Ledger rows by event id and balance, as scenarios have them.

    Events that are rejected, or later, are missing.
    """
    evaluated = interpreted(program, _log(stories, program), last, None, Assume.NONE)
    names = names_of(LEDGER)
    return {
        event_id: {entry.balance: dict(zip(names, ledger_row(entry), strict=True)) for entry in entries}
        for event_id, entries in evaluated.entries.items()
    }


def _standings(stories: Sequence[Story], program: Program, day: date) -> dict[str, dict[str, Any]]:
    """Rows of standings by member id, as scenarios have them."""
    evaluated = interpreted(program, _log(stories, program), day, None, Assume.NONE)
    names = names_of(standings_columns(program))
    rows: dict[str, dict[str, Any]] = {}
    for member_id, standing in evaluated.standings.items():
        rows[member_id] = dict(zip(names, standings_row(standing), strict=True))
        rows[member_id]["benefits"] = sorted(standing.benefits)
    return rows


def _log(stories: Sequence[Story], program: Program) -> Any:
    members, events = [], []
    for index, story in enumerate(stories):
        name = _member_id(index)
        row = {"member_id": name, "signed_up_on": story.signed_up_on.isoformat(), **_texts(story.member)}
        members.append(RawRow("", index, name, row))
        for place, one in enumerate(story.events):
            event_id = _event_id(index, place)
            cells = {"occurred_at": one.occurred_at, "activity": one.activity, **_texts(one.cells)}
            events.append(RawRow("", place, event_id, {"event_id": event_id, "member_id": name, **cells}))
    return accepted_log(program, members, events)


def _texts(cells: Cells) -> dict[str, str]:
    return {name: written(value) for name, value in cells}


def _member_id(index: int) -> str:
    return f"m{index:05}"


def _event_id(index: int, place: int) -> str:
    return f"e{index:05}-{place:04}"


class Came(NamedTuple):
    """What an event came to in one balance: what was requested, and awarded of it."""

    requested: int
    awarded: int


def came_of(stories: Sequence[Story], program: Program) -> list[Mapping[str, Came]]:
    """What the first event of each story came to, by balance; nothing where it is not in the ledger."""
    if not stories:
        return []
    entries = _entries(stories, program, _last_day(stories))
    rows = (entries.get(_event_id(index, 0), {}) for index in range(len(stories)))
    return [
        {balance: Came(row["requested"], row["awarded"]) for balance, row in by_balance.items()}
        for by_balance in rows
    ]
