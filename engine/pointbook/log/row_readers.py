"""The texts of rows as members or events, or else what is wrong with them.

A column is read as a whole, each of its different texts once. Rows with a text that comes to
nothing are then looked at one by one.
"""

from __future__ import annotations

from functools import partial
from itertools import compress, count, repeat
from operator import is_
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pointbook.log.dated_members import valid_from_day
from pointbook.log.faults import Fault, RejectReason
from pointbook.log.settling import Reading
from pointbook.log.typed.values import amount_reader, date_from, reader_of
from pointbook.model.attributes import AttributeType
from pointbook.model.log import VALID_FROM, Event, Member

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from pointbook.log.blocks import TextColumns
    from pointbook.log.columns import Columns
    from pointbook.log.records import Texts
    from pointbook.log.typed.clock import Clock
    from pointbook.model.amounts import Amount
    from pointbook.model.log import Attributes

K = TypeVar("K")
T = TypeVar("T")

_VERBATIM = ("event_id", "member_id", "activity")
_MOST_KEPT = 100_000
_NOTHING: Any = object()
"""Stands in the place of a value that a text does not have."""


class MemberReader:
    """Reads the texts of rows as members."""

    def __init__(self, columns: Columns) -> None:
        self._days = _Values(date_from)
        self._starts = _Values(_day_or_none)
        self._attributes = _attribute_values(columns)
        self._closer_look = _CloserLook(columns, {"signed_up_on": date_from, VALID_FROM: date_from})

    def members_from(self, columns: TextColumns) -> Reading[Member]:
        """The members that a block's texts come to, or what is wrong with each."""
        ids, signed_up_on, valid_from, *attributes = columns
        doubtful = _empty(ids)
        parts = (
            ids,
            self._days.of(signed_up_on, doubtful),
            self._attributes.of(_combined(attributes, len(ids)), doubtful),
            repeat((), len(ids)),
        )
        members: list[Member | None] = list(map(partial(tuple.__new__, Member), zip(*parts, strict=True)))
        if any(valid_from):
            days = self._starts.of(valid_from, doubtful)
            pairs = zip(members, days, strict=True)
            members = [row if day is None or row is None else valid_from_day(row, day) for row, day in pairs]
        return self._closer_look.at(doubtful, columns, members, self.members_from)


class EventReader:
    """Reads the texts of rows as events of known members."""

    def __init__(self, columns: Columns, clock: Clock, members: Mapping[str, Member]) -> None:
        def known_member(text: str) -> str:
            if text not in members:
                raise ValueError(text)
            return members[text].id

        # Events share the texts that they have in common, for memory's sake.
        self._members = _Values(known_member, len(members))
        self._activities = _Values(_filled)
        self._clock = clock
        points_from = amount_reader(columns.program.places)

        def given(text: str) -> Amount | None:
            return points_from(text) if text else None

        self._points = _Values(given)
        self._attributes = _attribute_values(columns)
        self._closer_look = _CloserLook(columns, {"occurred_at": clock.moment, "points": points_from})

    def events_from(self, columns: TextColumns) -> Reading[Event]:
        """The events that a block's texts come to, or what is wrong with each."""
        ids, member_ids, activities, occurred_at, points, *attributes = columns
        doubtful = _empty(ids)
        at, local, no_moments = self._clock.moments(occurred_at)
        doubtful.update(no_moments)
        parts = (
            self._members.of(member_ids, doubtful),
            at,
            ids,
            local,
            self._activities.of(activities, doubtful),
            self._points.of(points, doubtful),
            self._attributes.of(_combined(attributes, len(ids)), doubtful),
        )
        events: list[Event | None] = list(map(partial(tuple.__new__, Event), zip(*parts, strict=True)))
        return self._closer_look.at(doubtful, columns, events, self.events_from)


class _Values(dict[K, T]):
    """The values of texts; a log has few different ones, so each is read once and kept."""

    def __init__(self, value_from: Callable[[K], T], most: int = _MOST_KEPT) -> None:
        """Values by `value_from`, which raises ValueError where a text has none; at most `most` are kept."""
        super().__init__()
        self._value_from = value_from
        self._most = most
        self._some_have_none = False

    def of(self, texts: Iterable[K], doubtful: set[int]) -> list[T]:
        """The value of each text; the positions of texts that have none are added to `doubtful`."""
        self._some_have_none = False
        values = list(map(self.__getitem__, texts))
        if self._some_have_none:
            doubtful.update(compress(count(), map(is_, values, repeat(_NOTHING))))
        return values

    def __missing__(self, text: K) -> T:
        try:
            value = self._value_from(text)
        except ValueError:
            self._some_have_none = True
            nothing: T = _NOTHING
            return nothing
        if len(self) < self._most:
            self[text] = value
        return value


def _attribute_values(columns: Columns) -> _Values[Texts, Attributes]:
    """The attributes that are given, by name, of their texts in the order of the columns.

    Rows share the mappings, which cannot be changed: a log has few combinations of texts, and a
    mapping for every row would take more memory than the rest of its event.
    """
    readers = [(name, reader_of(kind)) for name, kind in columns.attributes.items()]

    def attributes_from(texts: Texts) -> Attributes:
        pairs = zip(readers, texts, strict=True)
        return MappingProxyType({name: value_from(text) for (name, value_from), text in pairs if text})

    return _Values(attributes_from)


def _combined(attributes: TextColumns, rows: int) -> Iterable[Texts]:
    """The texts of each row in the columns of attributes, of which there may be none."""
    return zip(*attributes, strict=True) if attributes else repeat((), rows)


def _empty(texts: Sequence[str]) -> set[int]:
    """The positions of empty texts."""
    return set() if all(texts) else {position for position, text in enumerate(texts) if not text}


def _day_or_none(text: str) -> date | None:
    return date_from(text) if text else None


def _filled(text: str) -> str:
    if not text:
        raise ValueError
    return text


class _CloserLook:
    """A look at rows that cannot be accepted as they are, by the readers of the columns' texts."""

    def __init__(self, columns: Columns, readers: Mapping[str, Callable[[str], Any]]) -> None:
        types = columns.attributes
        self._columns = columns
        self._known = columns.known
        self._readers = {**readers, **{name: reader_of(kind) for name, kind in types.items()}}
        plain = {name for name, kind in types.items() if kind is AttributeType.TEXT}
        self._verbatim = plain.union(_VERBATIM)

    def at(
        self,
        doubtful: Collection[int],
        columns: TextColumns,
        values: list[T | None],
        reading_of: Callable[[TextColumns], Reading[T]],
    ) -> Reading[T]:
        """What a block comes to, after doubtful rows are read again less white space that does not count.

        Args:
            doubtful: Positions of rows of which a text has no value.
            columns: The block's texts.
            values: What they come to, but for the doubtful ones.
            reading_of: Reads the texts of a row again.
        """
        faults: dict[int, Fault] = {}
        for position in doubtful:
            texts = {name: column[position] for name, column in zip(self._known, columns, strict=True)}
            filled = [text if name in self._verbatim or text.strip() else "" for name, text in texts.items()]
            if filled == list(texts.values()):
                values[position], faults[position] = None, self._fault(texts)
            else:
                again = reading_of([(text,) for text in filled])
                values[position] = again.values[0]
                faults.update((position, fault) for fault in again.faults.values())
        return Reading(values, faults)

    def _fault(self, texts: Mapping[str, str]) -> Fault:
        """What is wrong with the texts of a row, of which something is: the first of three kinds."""
        missing = [name for name in self._columns.required if not texts[name]]
        if missing:
            detail = f"it has {' and '.join(f'no {name}' for name in missing)}"
            return Fault(missing[0], RejectReason.MISSING_VALUE, detail)
        problems = {}
        for name, reader in self._readers.items():
            if texts[name]:
                try:
                    reader(texts[name])
                except ValueError as error:
                    problems[name] = str(error)
        if not problems:
            return Fault("member_id", RejectReason.UNKNOWN_MEMBER, "")
        column, *others = problems
        detail = "; ".join((problems[column], *(f"also {name}: {problems[name]}" for name in others)))
        return Fault(column, RejectReason.BAD_VALUE, detail)
