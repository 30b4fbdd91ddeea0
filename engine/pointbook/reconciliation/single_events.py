"""Rows of which one event makes up the whole difference: possible, and no more than that."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Outcome
from pointbook.reconciliation.causes.events import doubled
from pointbook.reconciliation.published import LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event
    from pointbook.reconciliation.cases import Case
    from pointbook.reconciliation.ground import Ground

_MOST_TRIED = 60


class Difference(StrEnum):
    """What that system has of an event, in words after "that system"."""

    LACKS = "lacks one event of each of these members"
    TWICE = "has one event of each of these members twice"
    VALUED = "has a value for one event of each of these members"


class Single(NamedTuple):
    """One event that makes up a difference.

    Attributes:
        difference: What that system has of it.
        note: Which, in words.
    """

    difference: Difference
    note: str


def single_event(ground: Ground, case: Case) -> Single | None:
    """What one event would have to be there; None where none makes up the difference."""
    due = [event for event in case.events if event.local.date() <= case.day]
    pairs = list(zip(due, ground.entries(case.member, case.events), strict=False))
    numbers = [
        (name, shown, ours)
        for name, shown in case.published.items()
        if name != LEVEL and isinstance(shown, int) and isinstance(ours := case.ours.get(name), int)
    ]
    differences = {name: shown - ours for name, shown, ours in numbers if shown != ours}
    for tried, (single, events) in enumerate(_tries(pairs, list(case.events), differences)):
        if tried == _MOST_TRIED:
            break
        if case.shows(ground.evaluator.figures(case.member, events, case.day)):
            return single
    return None


def _tries(
    pairs: list[tuple[Event, Sequence[Entry]]],
    events: list[Event],
    differences: Mapping[str, int],
) -> Iterator[tuple[Single, list[Event]]]:
    """What could be, the likeliest first, with the events that there would be.

    Args:
        pairs: Each event with what it comes to.
        events: All events.
        differences: Points that are missing on our side, by balance; none where only the level differs.
    """
    for event, own in pairs:
        given = {entry.balance: -entry.awarded for entry in own if entry.awarded}
        # What is not missing in a balance can be of a period that has ended.
        if given and all(given.get(name) == number for name, number in differences.items()):
            note = f"it lacks the event `{event.event_id}`"
            yield Single(Difference.LACKS, note), [one for one in events if one is not event]
    for event, own in pairs:
        asked = {entry.balance: entry.requested for entry in own}
        is_part = all(_is_part(number, asked.get(balance, 0)) for balance, number in differences.items())
        if any(entry.awarded for entry in own) and is_part:
            note = f"it has the event `{event.event_id}` twice"
            yield Single(Difference.TWICE, note), doubled(events, (event,))
    for event, own in pairs:
        for entry in own if len(differences) == 1 else ():
            if entry.outcome is Outcome.UNVALUED and entry.balance in differences:
                difference = differences[entry.balance]
                valued = [one._replace(points=difference) if one is event else one for one in events]
                note = f"it has a value of {difference:,} for the event `{event.event_id}`"
                yield Single(Difference.VALUED, note), valued


def _is_part(difference: int, requested: int) -> bool:
    """Whether limits could leave so much of an amount."""
    return 0 < difference <= requested or requested <= difference < 0
