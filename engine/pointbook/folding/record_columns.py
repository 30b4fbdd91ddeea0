"""Members and events made of columns of values, and the columns that their attributes have."""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pointbook.model.log import Event, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.model.log import Attributes

    Values = Sequence[Any]

_NONE: Attributes = {}


def events_from(columns: Sequence[Values], names: Sequence[str]) -> list[Event]:
    """Events from a column for each field but the attributes, then one for each attribute by its name.

    Without any columns there are no events.
    """
    if not columns:
        return []
    own = len(Event._fields) - 1
    attributes = _mappings(names, columns[own:])
    return list(map(partial(tuple.__new__, Event), zip(*columns[:own], attributes, strict=False)))


def members_from(columns: Sequence[Values], names: Sequence[str]) -> list[Member]:
    """Members, likewise."""
    if not columns:
        return []
    own = len(Member._fields) - 1
    attributes = _mappings(names, columns[own:])
    return list(map(partial(tuple.__new__, Member), zip(*columns[:own], attributes, strict=False)))


def columns_of(records: Sequence[Member], names: Sequence[str]) -> list[Values]:
    """What the function above makes members from."""
    if not records:
        return []
    *own, attributes = zip(*records, strict=True)
    return [*own, *([mapping.get(name) for mapping in attributes] for name in names)]


class _Mappings(dict[tuple[Any, ...], "Attributes"]):
    """A mapping for each combination of values, made when the first record has it."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, values: tuple[Any, ...]) -> Attributes:
        named = zip(self._names, values, strict=True)
        found = self[values] = {name: value for name, value in named if value is not None}
        return found


def _mappings(names: Sequence[str], columns: Sequence[Values]) -> Iterable[Attributes]:
    """The attributes of each record; without end where there are none."""
    return map(_Mappings(names).__getitem__, zip(*columns, strict=True)) if names else repeat(_NONE)
