"""Which of a member's events are asked for, and what became of those that are not in the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.model.ledger import Outcome
from pointbook.views.explanation.explained import ExplainedChange
from pointbook.views.explanation.unknown import which_it_means

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pointbook.log import Log
    from pointbook.views.explanation.explained import ExplainedEvent, Explanation

    Item = ExplainedEvent | ExplainedChange

COUNTED, UNCOUNTED, LEVELS = "counted", "uncounted", "levels"
ONLY = (*(outcome.value for outcome in Outcome), COUNTED, UNCOUNTED, LEVELS)
"""What can be asked for alone."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events and changes of level are asked for; what is left out asks for all.

    Attributes:
        event_ids: These events, with what they changed.
        since: From this local date on.
        until: Up to and including this local date.
        only: Entries of these outcomes; `counted` are those that the rules could value, `uncounted` the
            others, `levels` the changes of level.
    """

    event_ids: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    only: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self == Selection()

    def narrowed(self, item: Item) -> Item | None:
        """What is asked for of a change of level, or of an event with its entries; None where nothing is."""
        if isinstance(item, ExplainedChange):
            is_told = self._has(item.change.date, item.event_id) and (not self.only or LEVELS in self.only)
            return item if is_told else None
        entries = tuple(one for one in item.entries if self._fits(one.entry.outcome))
        if not entries or not self._has(item.entry.occurred_at.date(), item.entry.event_id):
            return None
        further = item.further_entries + len(item.entries) - len(entries)
        return replace(item, entries=entries, further_entries=further)

    def _has(self, day: date, event_id: str | None) -> bool:
        return (
            (not self.event_ids or event_id in self.event_ids)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )

    def _fits(self, outcome: Outcome) -> bool:
        kind = COUNTED if outcome.is_valued else UNCOUNTED
        return not self.only or not {outcome.value, kind}.isdisjoint(self.only)


def narrowed(explanation: Explanation, selection: Selection, log: Log) -> Explanation:
    """The explanation with what is asked for as its timeline.

    Where events are asked for by their ids, its rejects are the rows of these ids, and its notes say
    which of them come after the as-of date. Where nothing fits, they say what there is.

    Raises:
        LookupError: The log has no such event, or it is another member's; the message says which.
    """
    if selection.is_all:
        return explanation
    found = map(selection.narrowed, explanation.timeline)
    timeline = tuple(item for item in found if item is not None)
    if not selection.event_ids:
        nothing = () if timeline else (_what_there_is(explanation),)
        return replace(explanation, timeline=timeline, notes=nothing)
    told = {event.entry.event_id for event in explanation.events}
    rejects = tuple(reject for reject in log.rejects if reject.event_id in selection.event_ids)
    told |= {reject.event_id for reject in rejects}
    notes = _notes(explanation, log, [name for name in selection.event_ids if name not in told])
    return replace(explanation, timeline=timeline, rejects=rejects, further_rejects=0, notes=tuple(notes))


def _what_there_is(explanation: Explanation) -> str:
    """What could have been asked for."""
    entries = [one.entry for event in explanation.events for one in event.entries]
    if not entries:
        return "No events."
    outcomes = Counter(entry.outcome for entry in entries)
    told = ", ".join(f"{outcomes[outcome]:,} {outcome}" for outcome in Outcome if outcomes[outcome])
    first, last = entries[0].occurred_at.date(), entries[-1].occurred_at.date()
    return f"Nothing fits what was asked for. There are, from {first} to {last}: {told}"


def _notes(explanation: Explanation, log: Log, names: list[str]) -> Iterator[str]:
    """What became of events that are neither in the member's ledger nor among the rejects."""
    if not names:
        return
    found = {event.event_id: event for event in log.events if event.event_id in names}
    member_id = explanation.member.id
    for name in names:
        event = found.get(name)
        if event is None:
            known = [event.event_id for event in log.events if event.member_id == member_id]
            raise LookupError(f"there is no event `{name}`; {which_it_means(name, known)}")
        if event.member_id != member_id:
            raise LookupError(f"event `{name}` is of another member, `{event.member_id}`")
        day = event.local.date()
        yield f"[{name}] is of {day}, after the as-of date {explanation.as_of}: it does not count yet"
