"""What a program that is there already knows of an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.likeness import Lookalikes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.program import Program


@dataclass(frozen=True, slots=True)
class KnownRules:
    """Names that rules have.

    Attributes:
        activities: Ids of activities by all that they are called: ids and titles.
        event_attributes: Attributes of events.
        member_attributes: Attributes of members.
    """

    activities: Mapping[str, str]
    event_attributes: frozenset[str]
    member_attributes: frozenset[str]

    def activity_of(self, word: str) -> tuple[str, str] | None:
        """The id of the activity that a word of an export means, and why; None where there is none."""
        if word in self.activities:
            found = self.activities[word]
            return found, "" if found == word else f"the title of `{found}`"
        alike, difference = Lookalikes(self.activities).of(word)
        if not alike:
            return None
        return self.activities[alike[0]], f"decide: it differs from {alike[0]!r} in {difference}"

    def attributes(self, kind: str) -> frozenset[str]:
        """The attributes of `events` or of `members`."""
        return self.event_attributes if kind == "events" else self.member_attributes


NO_RULES = KnownRules({}, frozenset(), frozenset())
"""Those of no program."""


def rules_of(program: Program) -> KnownRules:
    """What a program has."""
    titles = {activity.title: activity.id for _, activity in program.activities if activity.title}
    ids = {activity.id: activity.id for _, activity in program.activities}
    return KnownRules(titles | ids, frozenset(program.event_attributes), frozenset(program.member_attributes))
