"""Events as plain bytes, column by column, which need nothing beside Python.

An event takes some 30 bytes beside its id and what its attributes have for themselves. Times are whole
microseconds, and local times how far they are ahead; what many events have in common stands once.
"""

from __future__ import annotations

import marshal
from array import array
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, repeat
from operator import add, floordiv, mul, sub
from typing import TYPE_CHECKING, Any

from pointbook.model.attributes import AttributeType
from pointbook.model.log import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pointbook.model.program import Program

    Way = tuple[Callable[[Any], Any], Callable[[Any], Any]]
    """From a value to what can be written, and back."""

_BEGIN, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)  # noqa: DTZ001 - in whatever zone they are
_BETWEEN = "\0"
"""Stands between ids, none of which contains it."""
DATE_WAY: Way = date.toordinal, date.fromordinal
WAYS: Mapping[AttributeType, Way | None] = {
    AttributeType.INTEGER: None,  # as it is
    AttributeType.DECIMAL: (str, Decimal),
    AttributeType.DATE: DATE_WAY,
    AttributeType.TEXT: None,
    AttributeType.BOOLEAN: None,
}


class PlainEvents:
    """Events of a program's log as bytes, and back."""

    def __init__(self, program: Program) -> None:
        self._ways = {name: WAYS[kind] for name, kind in program.event_columns.items()}

    def bytes_of(self, events: Sequence[Event]) -> bytes:
        """Events as bytes; those of a member stand together."""
        columns = zip(*events, strict=True) if events else repeat((), len(Event._fields))
        member_ids, ats, ids, locals_, activities, points, attributes = columns
        ahead, named, given = _Numbers(), _Numbers(), _Numbers()
        by_identity = dict(zip(map(id, attributes), attributes, strict=True))  # few, which many events share
        return marshal.dumps(
            (
                dict(Counter(member_ids)),
                _numbers("q", _in_microseconds(map(sub, ats, repeat(_BEGIN)))),
                _BETWEEN.join(ids),
                _numbers("I", map(ahead.__getitem__, map(sub, locals_, ats))),
                list(_in_microseconds(ahead)),
                _numbers("I", map(named.__getitem__, activities)),
                list(named),
                points,
                _numbers("I", map(given.__getitem__, map(id, attributes))),
                [self._there(by_identity[identity]) for identity in given],
            )
        )

    def from_bytes(self, written: bytes) -> list[Event]:
        """The events that the bytes are of."""
        members, at, ids, ahead, aheads, named, names, points, given, attributes = marshal.loads(written)  # noqa: S302 - this program's own bytes
        ats = list(map(add, repeat(_BEGIN), map(mul, repeat(_MICROSECOND), array("q", at))))
        by_number = [_MICROSECOND * number for number in aheads]
        mappings = list(map(self._back, attributes))
        columns = (
            chain.from_iterable(map(repeat, members, members.values())),
            ats,
            ids.split(_BETWEEN),
            map(add, ats, map(by_number.__getitem__, array("I", ahead))),
            map(names.__getitem__, array("I", named)),
            points,
            map(mappings.__getitem__, array("I", given)),
        )
        return list(map(partial(tuple.__new__, Event), zip(*columns, strict=False)))  # no ids are one text

    def _there(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        ways = self._ways
        return {
            name: value if (way := ways[name]) is None else way[0](value)
            for name, value in attributes.items()
        }

    def _back(self, attributes: Mapping[str, Any]) -> Mapping[str, Any]:
        ways = self._ways
        return {
            name: value if (way := ways[name]) is None else way[1](value)
            for name, value in attributes.items()
        }


class _Numbers(dict[Any, int]):
    """A number for each different value, from 0."""

    def __missing__(self, value: Any) -> int:
        number = self[value] = len(self)
        return number


def _numbers(form: str, numbers: Iterable[int]) -> bytes:
    return array(form, numbers).tobytes()


def _in_microseconds(spans: Iterable[timedelta]) -> Iterable[int]:
    return map(floordiv, spans, repeat(_MICROSECOND))
