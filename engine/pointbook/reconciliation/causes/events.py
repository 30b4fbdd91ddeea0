"""That system lacks events that we count, has them twice, or counts rows that we reject."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pointbook.log.faults import RejectReason
from pointbook.model.ledger import Outcome
from pointbook.reconciliation.hypothesis import CauseKind, Concerned, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.model.log import Event, Member
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import EventChange
    from pointbook.reconciliation.rejected import RejectedEvent

    Chosen = Callable[[Event], bool]

_A_DAY = timedelta(days=1)
_DAYS_BACK = 7
AGAIN = " (again)"
"""Behind the id of an event that is counted twice."""


def rejected_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each kind of rows that we reject and that can be read as events."""
    kind, twice = CauseKind.REJECTED_COUNTED, RejectReason.CONFLICTING_DUPLICATE
    choices: tuple[tuple[str, str, Callable[[RejectedEvent], bool]], ...] = (
        (
            "duplicate",
            "counts rows again that come twice",
            lambda row: row.reason == RejectReason.DUPLICATE,
        ),
        (
            "conflicting_duplicate/first",
            "counts the first of rows that have one event_id and differ",
            lambda row: row.reason == twice and row.number == 0,
        ),
        (
            "conflicting_duplicate/last",
            "counts the last of rows that have one event_id and differ",
            lambda row: row.reason == twice and row.last,
        ),
        (
            "conflicting_duplicate",
            "counts each of the rows that have one event_id and differ",
            lambda row: row.reason == twice,
        ),
        (
            "bad_value",
            "counts rows with a value that cannot be read, without that value",
            lambda row: row.reason == RejectReason.BAD_VALUE,
        ),
        (
            "repeated",
            "counts every row whose event_id comes again",
            lambda row: row.reason != RejectReason.BAD_VALUE,
        ),
        ("all", "counts the rows that we reject", lambda _: True),
    )
    reasons = {row.reason for rows in ground.rejected.values() for row in rows}
    for subject, words, chosen in choices:
        if any(chosen(row) for rows in ground.rejected.values() for row in rows) and (
            subject not in {"repeated", "all"} or len(reasons) > 1
        ):
            yield Hypothesis(kind, f"rejects/{subject}", words, events=_with_rejected(ground, chosen))


def _with_rejected(ground: Ground, chosen: Callable[[RejectedEvent], bool]) -> EventChange:
    def more(member: Member, events: Sequence[Event]) -> Sequence[Event]:
        added = [row.event for row in ground.rejected.get(member.id, ()) if chosen(row)]
        return sorted((*events, *added), key=_order) if added else events

    return more


def _order(event: Event) -> tuple[object, str]:
    return event.at, event.event_id


def missing_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Events of one activity, of one outcome, before or after a day, of one month."""
    for name in ground.activities_seen:
        words = f"has no events of `{name}`"
        yield _missing(f"activity/{name}", words, _of_activity(name), Concerned(frozenset((name,))))
    last = ground.last_day
    days = [last - days * _A_DAY for days in range(1, _DAYS_BACK + 1)]
    months = list(ground.months())
    for day in dict.fromkeys((*days, *(month - _A_DAY for month in reversed(months)))):
        if ground.first_day <= day < last:
            yield _after(ground, day, is_coarse=True)
    starts = [version.effective_from for version in ground.program.versions]
    for day in sorted({*months, *(day for day in starts if ground.first_day < day <= last)}):
        yield _before(ground, day, is_coarse=True)
    for first in months[:-1]:
        end = months[months.index(first) + 1] - _A_DAY
        words = f"has no events of {first:%Y-%m}"
        yield _missing(f"month/{first:%Y-%m}", words, _between(first, end), Concerned(first=first, last=end))
    yield from _of_outcomes(ground)


def missing_between(first: date, last: date) -> Hypothesis:
    """That it has no events of some days."""
    days = _days(first, last)
    return _missing(f"days/{first}..{last}", f"has no events {days}", _between(first, last), _on(first, last))


def doubled_between(first: date, last: date) -> Hypothesis:
    """That it has every event of some days twice."""
    kind, words = CauseKind.EVENTS_TWICE, f"has every event {_days(first, last)} twice"
    events = _doubled(_between(first, last))
    return Hypothesis(kind, f"days/{first}..{last}", words, events=events, concerned=_on(first, last))


def _days(first: date, last: date) -> str:
    return f"of {first}" if first == last else f"from {first} to {last}"


def _on(first: date, last: date) -> Concerned:
    return Concerned(first=first, last=last)


def _missing(
    subject: str,
    words: str,
    lacking: Chosen,
    concerned: Concerned,
) -> Hypothesis:
    def kept(_: Member, events: Sequence[Event]) -> Sequence[Event]:
        return [event for event in events if not lacking(event)]

    return Hypothesis(CauseKind.EVENTS_MISSING, subject, words, events=kept, concerned=concerned)


def _of_activity(name: str) -> Chosen:
    return lambda event: event.activity == name


def _between(first: date, last: date) -> Chosen:
    return lambda event: first <= event.local.date() <= last


def _after(ground: Ground, day: date, *, is_coarse: bool) -> Hypothesis:
    def nearby() -> Iterator[Hypothesis]:
        return (_after(ground, near, is_coarse=False) for near in ground.days_around(day))

    first = day + _A_DAY
    lacking = _between(first, date.max)
    found = _missing(f"after/{day}", f"has no events after {day}", lacking, Concerned(first=first))
    return replace(found, family="events after a day", nearby=nearby if is_coarse else None)


def _before(ground: Ground, day: date, *, is_coarse: bool) -> Hypothesis:
    def nearby() -> Iterator[Hypothesis]:
        return (_before(ground, near, is_coarse=False) for near in ground.days_around(day))

    last = day - _A_DAY
    lacking = _between(date.min, last)
    found = _missing(f"before/{day}", f"has no events before {day}", lacking, Concerned(last=last))
    return replace(found, family="events before a day", nearby=nearby if is_coarse else None)


def _of_outcomes(ground: Ground) -> Iterator[Hypothesis]:
    for outcome, words in (
        (Outcome.REDUCED, "has no events that a limit cuts to a part"),
        (None, "has no events whose value is assumed"),
    ):

        def kept(
            member: Member, events: Sequence[Event], outcome: Outcome | None = outcome
        ) -> Sequence[Event]:
            entries = ground.entries(member, events)
            return [
                event
                for event, own in zip(events, entries, strict=True)
                if not any(entry.assumed if outcome is None else entry.outcome is outcome for entry in own)
            ]

        subject = f"outcome/{outcome or 'assumed'}"
        yield Hypothesis(CauseKind.EVENTS_MISSING, subject, words, events=kept)


def twice_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Every event of one activity twice; every event twice."""
    kind = CauseKind.EVENTS_TWICE
    for name in ground.activities_seen:
        yield Hypothesis(
            kind,
            f"activity/{name}",
            f"has every event of `{name}` twice",
            events=_doubled(_of_activity(name)),
            concerned=Concerned(frozenset((name,))),
        )
    yield Hypothesis(kind, "all", "has every event twice", events=_doubled(lambda _: True))


def _doubled(chosen: Chosen) -> EventChange:
    def more(_: Member, events: Sequence[Event]) -> Sequence[Event]:
        return doubled(events, [event for event in events if chosen(event)])

    return more


def doubled(events: Sequence[Event], again: Iterable[Event]) -> list[Event]:
    """Events with some of them once more, in order."""
    copies = (event._replace(event_id=f"{event.event_id}{AGAIN}") for event in again)
    return sorted((*events, *copies), key=_order)


def before_sign_up_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Events from before the sign-up count on its day."""

    def moved(member: Member, events: Sequence[Event]) -> Sequence[Event]:
        joined = member.signed_up_on
        return [
            event
            if event.local.date() >= joined
            else event._replace(local=event.local.replace(joined.year, joined.month, joined.day))
            for event in events
        ]

    members = ground.log.members
    if any(event.local.date() < members[event.member_id].signed_up_on for event in ground.log.events):
        words = "counts events from before the sign-up, on its day"
        yield Hypothesis(CauseKind.BEFORE_SIGN_UP, "members/signed_up_on", words, events=moved)
