"""What the results of a whole evaluation come to in counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.model.ledger import Entry, Standing

_OUTCOMES = tuple(Outcome)


@dataclass(slots=True)
class Tally:
    """Counts results as they go by; the only thing that grows is the set of counters.

    Attributes:
        outcomes: Ledger entries by outcome.
        levels: Standings by held level, None for no level.
        unknown_activities: Ledger entries with `no_such_activity` by activity.
        assumed: Ledger entries whose assessed value was assumed.
        ignored: Ledger entries whose log carries other points than the rule gives.
        after_as_of: Events after the as-of date, which are not in the ledger.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    levels: Counter[str | None] = field(default_factory=Counter)
    unknown_activities: Counter[str] = field(default_factory=Counter)
    assumed: int = 0
    ignored: int = 0
    after_as_of: int = 0

    def add(self, entries: Sequence[Entry], standing: Standing | None, after_as_of: int) -> None:
        """Count what came of one member, or of a part of the member's events."""
        self.after_as_of += after_as_of
        if standing is not None:
            self.levels[standing.level] += 1
        # One pass for each outcome, by identity, takes half as long as a hash of each entry's.
        outcomes = [entry.outcome for entry in entries]
        for outcome in _OUTCOMES:
            if number := outcomes.count(outcome):
                self.outcomes[outcome] += number
        self.assumed += sum([entry.assumed for entry in entries])
        self.ignored += sum([entry.ignored for entry in entries])
        if Outcome.NO_SUCH_ACTIVITY in self.outcomes:
            unknown = (entry.activity for entry in entries if entry.outcome is Outcome.NO_SUCH_ACTIVITY)
            self.unknown_activities.update(unknown)

    def __add__(self, other: Tally) -> Tally:
        """The counts of both together."""
        return Tally(
            self.outcomes + other.outcomes,
            self.levels + other.levels,
            self.unknown_activities + other.unknown_activities,
            self.assumed + other.assumed,
            self.ignored + other.ignored,
            self.after_as_of + other.after_as_of,
        )
