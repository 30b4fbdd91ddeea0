"""What rejected rows of a log could be, had they been right.

Right means: what is at fault is corrected, and all else stays. Then a row of events is one event, of
the member and the activity that it names; where it names none, of any. A row of members is a member
whom the log does not have. A row that is there already counts for nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.log.faults import RejectReason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from pointbook.log import LogFacts

ANY = ""
"""Stands for whatever activity."""

_NONE = "\0"
"""Stands for every activity that no version has: of such there can be millions, and none moves a figure."""


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rejected rows, by whom they could be about.

    Attributes:
        of_members: Of each member named, how many rows there are of which activity.
        of_nobody: Rows of events that name no member of the log, by activity.
        sign_ups: Rows of members.
        repeated: Rows that are there already.
    """

    of_members: Mapping[str, Mapping[str, int]]
    of_nobody: Mapping[str, int]
    sign_ups: int
    repeated: int

    @property
    def nameless(self) -> int:
        """How many rows of events name no member of the log."""
        return sum(self.of_nobody.values())

    @property
    def any(self) -> bool:
        """Whether there is a row that could count for something."""
        return bool(self.of_members or self.of_nobody or self.sign_ups)

    @property
    def activities(self) -> set[str]:
        """Of which activities there are rows of events."""
        return {*self.of_nobody}.union(*self.of_members.values())


def rejected_rows_of(
    facts: LogFacts, member_ids: AbstractSet[str], activities: AbstractSet[str]
) -> RejectedRows:
    """The rejected rows of a log, which has these members, under rules that have these activities.

    Where a row has line breaks, a quotation mark may have swallowed further rows: each line may be one.
    """
    of_members: dict[str, Counter[str]] = {}
    of_nobody: Counter[str] = Counter()
    sign_ups = repeated = 0
    known = activities | {ANY}
    for row in facts.rejects:
        if row.reason == RejectReason.DUPLICATE:
            repeated += 1
            continue
        activity = row.activity if row.activity in known else _NONE
        if row.member_id in member_ids:
            of_members.setdefault(row.member_id, Counter())[activity] += 1
        else:
            of_nobody[activity] += 1
        of_nobody[ANY] += _further_lines(row.raw)
    for row in facts.member_rejects:
        if row.reason == RejectReason.DUPLICATE:
            repeated += 1
        else:
            sign_ups += 1 + _further_lines(row.raw)
    return RejectedRows(of_members, +of_nobody, sign_ups, repeated)


def _further_lines(raw: str) -> int:
    return max(0, len(raw.splitlines()) - 1)
