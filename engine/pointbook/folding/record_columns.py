"""Members and events made of columns of values, and the columns that their attributes have."""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pointbook.model.dated_attributes import dated_from_text, dated_text
from pointbook.model.log import Event, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.model.attributes import Attribute
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


def members_from(columns: Sequence[Values], declared: Mapping[str, Attribute]) -> list[Member]:
    """Members from a column of ids, one of days of sign-up and one for each attribute, by its name.

    Where attributes of some are dated, these are in one more column, as texts.
    """
    if not columns:
        return []
    names, (ids, signed_up_on, *further) = sorted(declared), columns
    attributes, dated = _mappings(names, further[: len(names)]), further[len(names) :]
    since = (dated_from_text(text, declared) for text in dated[0]) if dated else repeat(())
    parts = zip(ids, signed_up_on, attributes, since, strict=False)
    return list(map(partial(tuple.__new__, Member), parts))


def columns_of(records: Sequence[Member], names: Sequence[str]) -> list[Values]:
    """What the function above makes members from."""
    if not records:
        return []
    ids, signed_up_on, attributes, _ = zip(*records, strict=True)
    found = [ids, signed_up_on, *([mapping.get(name) for mapping in attributes] for name in names)]
    is_dated = any(member.dated for member in records)
    return [*found, [dated_text(member.dated) for member in records]] if is_dated else found


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
