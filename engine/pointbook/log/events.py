"""The cells of a row as an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.attributes import NO_ATTRIBUTES, AttributeReader
from pointbook.log.columns import EVENT_COLUMNS
from pointbook.log.row_faults import bad_value, missing_value, unknown_column, without_blanks
from pointbook.log.values import integer_from
from pointbook.model.log import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.log.clock import Clock
    from pointbook.log.columns import Columns
    from pointbook.log.faults import Fault
    from pointbook.log.unknown_members import UnknownMembers
    from pointbook.model.log import Member

_REQUIRED = len(EVENT_COLUMNS)


class EventReader:
    """Reads the cells of rows as events of known members."""

    def __init__(
        self, columns: Columns, clock: Clock, members: Mapping[str, Member], unknown_members: UnknownMembers
    ) -> None:
        self._columns = columns
        self._known = frozenset(columns.known)
        self._moment = clock.moment
        self._attributes_of = AttributeReader(columns).attributes_of
        self._members = members
        self._unknown_members = unknown_members
        self._activities: dict[str, str] = {}

    def event_from(self, cells: Mapping[str, str]) -> Event | Fault:
        """The event that `cells` come to, or what is wrong with them."""
        # This runs for every row of a log: it takes the row to be good, and looks closer if it is not.
        if not self._known.issuperset(cells):
            return unknown_column(min(cells.keys() - self._known), self._columns)
        try:
            event_id = cells["event_id"]
            member_id = cells["member_id"]
            activity = cells["activity"]
            at, local = self._moment(cells["occurred_at"])
            points = integer_from(cells["points"]) if "points" in cells else None
            has_more = len(cells) > (_REQUIRED if points is None else _REQUIRED + 1)
            attributes = self._attributes_of(cells) if has_more else NO_ATTRIBUTES
        except (KeyError, ValueError):
            return self._looked_at_closely(cells)
        member = self._members.get(member_id)
        if member is None:
            return self._unknown_members.fault(member_id)
        # Events share the texts that they have in common, for memory's sake.
        activity = self._activities.setdefault(activity, activity)
        return Event(member.id, at, event_id, local, activity, points, attributes)

    def _looked_at_closely(self, cells: Mapping[str, str]) -> Event | Fault:
        filled = without_blanks(cells, self._columns)
        if len(filled) < len(cells):
            return self.event_from(filled)
        if not all(name in cells for name in self._columns.required):
            return missing_value(cells, self._columns)
        return bad_value(cells, {"occurred_at": self._moment, "points": integer_from}, self._columns)
