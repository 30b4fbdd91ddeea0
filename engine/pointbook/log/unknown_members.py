"""Why an event's member is not known, as far as it can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import KnownWords
from pointbook.likeness import Lookalikes, spreadsheet_damage
from pointbook.log.faults import RejectReason, place, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.model.log import Reject

_MOST_KEPT = 100_000
"""Explanations that are kept; those of further members are found again, and are the same."""
_MOST_MEMBERS = 20_000
_MOST_SEARCHES = 10
"""Looking for the closest of 20,000 ids takes a quarter of a second. Who gets more than this many
ids wrong has not mistyped them."""
_LONGEST_ID = 100
_MOST_SHOWN = 2


class UnknownMembers:
    """Explains unknown members, each the same way wherever a row names it."""

    def __init__(self, known: Mapping[str, object], rejects: Iterable[Reject]) -> None:
        """Explains with what is known.

        Args:
            known: The accepted members, by id.
            rejects: Rows of members that were rejected.
        """
        self._known = known
        self._rejects = rejects
        self._rejected: dict[str, tuple[str, int]] | None = None
        self._alike: Lookalikes | None = None
        self._told: dict[str, str] = {}
        self._words: KnownWords | None = None
        self._searches = 0

    def explained(self, rejects: Iterable[Reject]) -> Iterator[Reject]:
        """Rejects of events in their order; those of unknown members with what can be told of these."""
        for reject in rejects:
            member_id = reject.member_id
            if reject.reason != RejectReason.UNKNOWN_MEMBER:
                yield reject
                continue
            told = self._told.get(member_id)
            if told is None:
                searches = self._searches
                told = f"there is no member {quoted(member_id)}{self._explanation(member_id)}"
                if len(self._told) < _MOST_KEPT or self._searches > searches:
                    self._told[member_id] = told
            yield reject._replace(detail=f"{told}{reject.detail}")  # how its column is read

    def _explanation(self, member_id: str) -> str:
        if self._rejected is None:
            self._rejected = {}
            for reject in self._rejects:
                self._rejected.setdefault(reject.member_id, (reject.file, reject.line))
        rejected = self._rejected.get(member_id)
        if rejected is not None:
            return f": its row in {place(*rejected)} was rejected"
        if not self._known:
            return ": no member was accepted"
        return self._likeness(member_id)

    def _likeness(self, member_id: str) -> str:
        """Which member was meant, as far as the ids tell."""
        self._alike = self._alike or Lookalikes(self._known)
        alike, difference = self._alike.of(member_id)
        if len(alike) == 1:
            return f", but there is {quoted(alike[0])}: the two differ in {difference}"
        if alike:
            shown = " and ".join(quoted(known) for known in alike[:_MOST_SHOWN])
            return f", but there are {shown}, which differ from it in {difference}"
        if damage := spreadsheet_damage(member_id):
            return f": {damage}"
        if len(self._known) <= _MOST_MEMBERS and self._searches < _MOST_SEARCHES:
            self._searches += 1
            self._words = self._words or KnownWords(self._known)
            match = self._words.closest(member_id[:_LONGEST_ID])
            return f"; the closest is {quoted(match)}" if match else ""
        return ""
