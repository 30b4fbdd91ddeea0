"""The declared attributes of a row as typed values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.log.values import VALUE_FROM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.log.columns import Columns
    from pointbook.model.log import Attributes

NO_ATTRIBUTES: Attributes = MappingProxyType({})
_MOST_KEPT = 50_000


class AttributeReader:
    """Reads attributes, each combination of texts once.

    Rows share the mappings, which cannot be changed: a log has few combinations, and a mapping for
    every row would take more memory than the rest of the event.
    """

    def __init__(self, columns: Columns) -> None:
        self._types = columns.attributes
        self._kept: dict[tuple[tuple[str, str], ...], Attributes] = {}

    def attributes_of(self, cells: Mapping[str, str]) -> Attributes:
        """The attributes among `cells`, by name, sorted by it.

        Raises:
            ValueError: A value is not of its declared type.
        """
        texts = tuple([item for item in cells.items() if item[0] in self._types])
        if not texts:
            return NO_ATTRIBUTES
        attributes = self._kept.get(texts)
        if attributes is None:
            values = {name: VALUE_FROM[self._types[name]](text) for name, text in sorted(texts)}
            attributes = MappingProxyType(values)
            if len(self._kept) < _MOST_KEPT:
                self._kept[texts] = attributes
        return attributes
