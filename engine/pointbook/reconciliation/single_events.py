"""Rows of which one event makes up the whole difference: possible, and no more than that."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Outcome
from pointbook.reconciliation.causes.events import doubled
from pointbook.reconciliation.published import LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        (shown, ours)
        for name, shown in case.published.items()
        if name != LEVEL and isinstance(shown, int) and isinstance(ours := case.ours.get(name), int)
    ]
    differences = [shown - ours for shown, ours in numbers if shown != ours]
    if len(differences) > 1:
        return None
    difference = differences[0] if differences else None
    for tried, (single, events) in enumerate(_tries(pairs, list(case.events), difference)):
        if tried == _MOST_TRIED:
            break
        if case.shows(ground.evaluator.figures(case.member, events, case.day)):
            return single
    return None


def _tries(
    pairs: list[tuple[Event, Entry]], events: list[Event], difference: int | None
) -> Iterator[tuple[Single, list[Event]]]:
    """What could be, the likeliest first, with the events that there would be.

    Args:
        pairs: Each event with what it comes to.
        events: All events.
        difference: Points that are missing on our side; None where only the level differs.
    """
    for event, entry in pairs:
        if entry.awarded and difference in (None, -entry.awarded):
            note = f"it lacks the event `{event.event_id}`"
            yield Single(Difference.LACKS, note), [one for one in events if one is not event]
    for event, entry in pairs:
        if entry.awarded and (difference is None or _is_part(difference, entry.requested)):
            note = f"it has the event `{event.event_id}` twice"
            yield Single(Difference.TWICE, note), doubled(events, (event,))
    for event, entry in pairs:
        if entry.outcome is Outcome.UNVALUED and difference is not None:
            valued = [one._replace(points=difference) if one is event else one for one in events]
            note = f"it has a value of {difference:,} for the event `{event.event_id}`"
            yield Single(Difference.VALUED, note), valued


def _is_part(difference: int, requested: int) -> bool:
    """Whether limits could leave so much of an amount."""
    return 0 < difference <= requested or requested <= difference < 0
