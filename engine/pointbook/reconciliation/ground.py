"""What hypotheses are made of: our setting, and what there is in the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pointbook.model.ledger import by_event
from pointbook.reconciliation.hypothesis import Concerned
from pointbook.reconciliation.setting import Evaluator, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pointbook.log import Log
    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program
    from pointbook.reconciliation.rejected import RejectedEvents

DAYS_NEARBY = 31


@dataclass(frozen=True)
class Ground:
    """What hypotheses are made of.

    Attributes:
        setting: Ours.
        log: Members and events.
        rejected: Events of rows that we reject.
    """

    setting: Setting
    log: Log
    rejected: RejectedEvents
    _entries: dict[str, tuple[Sequence[Event], list[Sequence[Entry]]]] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """The rules."""
        return self.setting.program

    @cached_property
    def evaluator(self) -> Evaluator:
        """Ours."""
        return Evaluator(self.setting)

    @cached_property
    def activities_seen(self) -> tuple[str, ...]:
        """What members did, as the log says it; sorted."""
        return tuple(sorted({event.activity for event in self.log.events}))

    @cached_property
    def first_day(self) -> date:
        """The day of the first event; the last day that counts without any."""
        return min((event.local.date() for event in self.log.events), default=self.setting.as_of)

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.setting.as_of

    def months(self) -> Iterator[date]:
        """The first day of each month with events but the first one, up to the last day that counts."""
        day = self.first_day.replace(day=1)
        while (day := (day + timedelta(days=DAYS_NEARBY + 1)).replace(day=1)) <= self.last_day:
            yield day

    def days_around(self, day: date) -> Iterator[date]:
        """The days around a day, the nearest first, as far as the log goes."""
        for distance in range(1, DAYS_NEARBY + 1):
            for near in (day - timedelta(days=distance), day + timedelta(days=distance)):
                if self.first_day < near <= self.last_day:
                    yield near

    def with_activities(self, ids: Iterable[str]) -> Concerned:
        """Those who have events of these activities, by whatever id events may name them."""
        wanted = set(ids)
        names = set(wanted)
        for version in self.program.versions:
            by_id = self.program.activities_by_any_id(version)
            names |= {name for name, activity in by_id.items() if activity.id in wanted}
        return Concerned(frozenset(names))

    def activities(self) -> Mapping[str, list[Activity]]:
        """The activities that the log has, in each version that has it, by id, sorted by it."""
        found: dict[str, list[Activity]] = {}
        for _, activity in self.program.activities:
            found.setdefault(activity.id, []).append(activity)
        return {name: found[name] for name in sorted(found)}

    def entries(self, member: Member, events: Sequence[Event]) -> list[Sequence[Entry]]:
        """What each of a member's events comes to with us; kept for the next who asks."""
        known = self._entries.get(member.id)
        if known is None or known[0] != events:
            interpreter = self.evaluator.interpreter
            _, entries = interpreter.folded(interpreter.opened(member)[0], events)
            known = self._entries[member.id] = (events, by_event(entries, len(events)))
        return known[1]
