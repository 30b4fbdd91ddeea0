"""What the results of a whole evaluation come to in counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.ledger import Entry, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.ledger import Standing
    from pointbook.model.rules import Path

_OUTCOMES = tuple(Outcome)


class NearText(NamedTuple):
    """A text of the log that nearly is one that a rule names.

    Attributes:
        attribute: As conditions name it, a member's with its prefix.
        value: The text.
        named: The one that the rule names.
        differs_in: In what the two differ, in words.
        version: Id of the version whose rule it is.
        path: Where in that version the rule names it.
    """

    attribute: str
    value: str
    named: str
    differs_in: str
    version: str
    path: Path


@dataclass(slots=True)
class Tally:
    """Counts results as they go by; the only thing that grows is the set of counters.

    Attributes:
        outcomes: Ledger entries by outcome.
        events: Events in the ledger, each with one entry or more.
        levels: Standings by held level, None for no level.
        unknown_activities: Ledger entries with `no_such_activity` by activity.
        assumed: Ledger entries whose assessed value was assumed.
        ignored: Events whose log carries points that no entry uses or comes to, by member.
        after_as_of: Events after the as-of date, which are not in the ledger.
        near_texts: Events up to the as-of date, and members, by each text that nearly is what a rule names.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    events: int = 0
    levels: Counter[str | None] = field(default_factory=Counter)
    unknown_activities: Counter[str] = field(default_factory=Counter)
    assumed: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    after_as_of: int = 0
    near_texts: Counter[NearText] = field(default_factory=Counter)

    def add(self, entries: Sequence[Entry], standing: Standing | None, after_as_of: int) -> None:
        """Count what came of one member."""
        self.after_as_of += after_as_of
        if standing is not None:
            self.levels[standing.level] += 1
        if entries:
            self.add_columns(dict(zip(Entry._fields, zip(*entries, strict=True), strict=True)))

    def add_columns(self, entries: Mapping[str, Sequence[Any]]) -> None:
        """Count entries, of which each field is given with its values."""
        outcomes = entries["outcome"]
        self.events += len(set(entries["event_id"]))
        for outcome in _OUTCOMES:  # a pass for each takes half as long as a hash of each entry's
            if number := outcomes.count(outcome):
                self.outcomes[outcome] += number
        self.assumed += sum(entries["assumed"])
        if any(entries["ignored"]):
            self.ignored.update(compress(entries["member_id"], entries["ignored"]))
        if Outcome.NO_SUCH_ACTIVITY in self.outcomes:
            named = zip(outcomes, entries["activity"], strict=True)
            self.unknown_activities.update(
                activity for outcome, activity in named if outcome is Outcome.NO_SUCH_ACTIVITY
            )

    def __add__(self, other: Tally) -> Tally:
        """The counts of both together."""
        return Tally(
            self.outcomes + other.outcomes,
            self.events + other.events,
            self.levels + other.levels,
            self.unknown_activities + other.unknown_activities,
            self.assumed + other.assumed,
            self.ignored + other.ignored,
            self.after_as_of + other.after_as_of,
            self.near_texts + other.near_texts,
        )
