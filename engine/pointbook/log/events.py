"""The texts of a row as an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.attributes import AttributeReader
from pointbook.log.row_faults import RowFaults
from pointbook.log.typed.values import integer_from
from pointbook.model.log import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.log.columns import Columns
    from pointbook.log.faults import Fault
    from pointbook.log.records import Texts
    from pointbook.log.typed.clock import Clock
    from pointbook.log.unknown_members import UnknownMembers
    from pointbook.model.log import Member

_MOST_KEPT = 100_000


class EventReader:
    """Reads the texts of rows as events of known members."""

    def __init__(
        self, columns: Columns, clock: Clock, members: Mapping[str, Member], unknown_members: UnknownMembers
    ) -> None:
        self._moment = clock.moment
        self._attributes_from = AttributeReader(columns).attributes_from
        self._faults = RowFaults(columns, {"occurred_at": clock.moment, "points": integer_from})
        self._members = members
        self._unknown_members = unknown_members
        self._points: dict[str, int | None] = {"": None}
        self._activities: dict[str, str] = {}

    def event_from(self, texts: Texts) -> Event | Fault:
        """The event that `texts` come to, or what is wrong with them."""
        # This runs for every row of a log: it takes the row to be good, and looks closer if it is not.
        event_id, member_id, activity, occurred_at, points_text = texts[:5]
        if not (event_id and member_id and activity and occurred_at):
            return self._faults.fault(self._faults.without_blanks(texts))
        try:
            at, local = self._moment(occurred_at)
            points = (
                self._points[points_text] if points_text in self._points else self._points_from(points_text)
            )
            attributes = self._attributes_from(texts[5:])
        except ValueError:
            filled = self._faults.without_blanks(texts)
            return self._faults.fault(texts) if filled == texts else self.event_from(filled)
        member = self._members.get(member_id)
        if member is None:
            return self._unknown_members.fault(member_id)
        # Events share the texts that they have in common, for memory's sake.
        activity = self._activities.setdefault(activity, activity)
        return Event(member.id, at, event_id, local, activity, points, attributes)

    def _points_from(self, text: str) -> int:
        points = integer_from(text)
        if len(self._points) < _MOST_KEPT:
            self._points[text] = points
        return points
