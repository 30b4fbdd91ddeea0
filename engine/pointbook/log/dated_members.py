"""Several rows of one member, each with the day from which it is valid, as one member."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.log import Attributes, Member

_NOT_GIVEN: Attributes = MappingProxyType({})


def valid_from_day(row: Member, day: date) -> Member:
    """A row's member, of whom nothing is known before that day."""
    return row._replace(attributes=_NOT_GIVEN, dated=((date.min, _NOT_GIVEN), (day, row.attributes)))


def as_one_each(rows: list[Member]) -> list[Member]:
    """The members whose rows are settled, so that they do not contradict one another; in no order."""
    if not any(row.dated for row in rows):
        return rows
    found: dict[str, Member] = {}
    for row in rows:
        known = found.get(row.id)
        found[row.id] = row if known is None else _with(known, row)
    return list(found.values())


def _with(known: Member, row: Member) -> Member:
    since = {**_since(known), **_since(row)}
    from_ever = since.setdefault(date.min, _NOT_GIVEN)
    return known._replace(attributes=from_ever, dated=tuple(sorted(since.items())))


def _since(member: Member) -> Mapping[date, Attributes]:
    """All that a member's rows state, by their days."""
    if not member.dated:
        return {date.min: member.attributes}
    return {day: attributes for day, attributes in member.dated if attributes or day != date.min}
