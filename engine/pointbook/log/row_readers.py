"""The texts of a row as a member or an event, or else what is wrong with them.

This runs for every row of a log: a reader takes the row to be good, and looks closer if it is not.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pointbook.log.faults import Fault, RejectReason
from pointbook.log.typed.values import date_from, integer_from, reader_of
from pointbook.model.attributes import AttributeType
from pointbook.model.log import Event, Member

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.log.columns import Columns
    from pointbook.log.records import Texts
    from pointbook.log.typed.clock import Clock
    from pointbook.log.unknown_members import UnknownMembers
    from pointbook.model.log import Attributes

T = TypeVar("T")

_VERBATIM = ("event_id", "member_id", "activity")
_MOST_KEPT = 100_000


class MemberReader:
    """Reads the texts of rows as members."""

    def __init__(self, columns: Columns) -> None:
        self._attributes_from = _attribute_reader(columns)
        self._day_from = lru_cache(_MOST_KEPT)(date_from)
        self._closer_look = _CloserLook(columns, {"signed_up_on": date_from})

    def member_from(self, texts: Texts) -> Member | Fault:
        """The member that `texts` come to, or what is wrong with them."""
        member_id, signed_up_on = texts[:2]
        if not (member_id and signed_up_on):
            return self._closer_look.at(texts, self.member_from)
        try:
            return Member(member_id, self._day_from(signed_up_on), self._attributes_from(texts[2:]))
        except ValueError:
            return self._closer_look.at(texts, self.member_from)


class EventReader:
    """Reads the texts of rows as events of known members."""

    def __init__(
        self, columns: Columns, clock: Clock, members: Mapping[str, Member], unknown_members: UnknownMembers
    ) -> None:
        self._moment = clock.moment
        self._points_from = lru_cache(_MOST_KEPT)(integer_from)
        self._attributes_from = _attribute_reader(columns)
        self._closer_look = _CloserLook(columns, {"occurred_at": clock.moment, "points": integer_from})
        self._members = members
        self._unknown_members = unknown_members
        self._activities: dict[str, str] = {}

    def event_from(self, texts: Texts) -> Event | Fault:
        """The event that `texts` come to, or what is wrong with them."""
        event_id, member_id, activity, occurred_at, points_text = texts[:5]
        if not (event_id and member_id and activity and occurred_at):
            return self._closer_look.at(texts, self.event_from)
        try:
            at, local = self._moment(occurred_at)
            points = self._points_from(points_text) if points_text else None
            attributes = self._attributes_from(texts[5:])
        except ValueError:
            return self._closer_look.at(texts, self.event_from)
        member = self._members.get(member_id)
        if member is None:
            return self._unknown_members.fault(member_id)
        # Events share the texts that they have in common, for memory's sake.
        activity = self._activities.setdefault(activity, activity)
        return Event(member.id, at, event_id, local, activity, points, attributes)


def _attribute_reader(columns: Columns) -> Callable[[Texts], Attributes]:
    """Reads the attributes that are given, by name, from their texts in the order of the columns.

    Rows share the mappings, which cannot be changed: a log has few combinations of texts, and a
    mapping for every row would take more memory than the rest of its event.
    """
    readers = [(name, reader_of(kind)) for name, kind in columns.attributes.items()]

    @lru_cache(_MOST_KEPT)
    def attributes_from(texts: Texts) -> Attributes:
        pairs = zip(readers, texts, strict=True)
        return MappingProxyType({name: value_from(text) for (name, value_from), text in pairs if text})

    return attributes_from


class _CloserLook:
    """A look at rows that cannot be accepted as they are, by the readers of the columns' texts."""

    def __init__(self, columns: Columns, readers: Mapping[str, Callable[[str], Any]]) -> None:
        types = columns.attributes
        self._columns = columns
        self._known = columns.known
        self._readers = {**readers, **{name: reader_of(kind) for name, kind in types.items()}}
        plain = {name for name, kind in types.items() if kind is AttributeType.TEXT}
        self._verbatim = plain.union(_VERBATIM)

    def at(self, texts: Texts, value_from: Callable[[Texts], T | Fault]) -> T | Fault:
        """What `texts` come to less white space that does not count; else what is wrong."""
        pairs = zip(self._known, texts, strict=True)
        filled = tuple([text if name in self._verbatim or text.strip() else "" for name, text in pairs])
        return self._fault(texts) if filled == texts else value_from(filled)

    def _fault(self, texts: Texts) -> Fault:
        """What is wrong with `texts`, of which something is: a missing value, or else a bad one."""
        by_name = dict(zip(self._known, texts, strict=True))
        missing = [name for name in self._columns.required if not by_name[name]]
        if missing:
            detail = f"it has {' and '.join(f'no {name}' for name in missing)}"
            return Fault(missing[0], RejectReason.MISSING_VALUE, detail)
        problems = {}
        for name, reader in self._readers.items():
            if by_name[name]:
                try:
                    reader(by_name[name])
                except ValueError as error:
                    problems[name] = str(error)
        column, *others = problems
        detail = "; ".join((problems[column], *(f"also {name}: {problems[name]}" for name in others)))
        return Fault(column, RejectReason.BAD_VALUE, detail)
