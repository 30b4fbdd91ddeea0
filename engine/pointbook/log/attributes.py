"""The declared attributes of a row as typed values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.log.typed.values import reader_of

if TYPE_CHECKING:
    from pointbook.log.columns import Columns
    from pointbook.log.records import Texts
    from pointbook.model.log import Attributes

_MOST_KEPT = 100_000


class AttributeReader:
    """Reads attributes, each combination of texts once.

    Rows share the mappings, which cannot be changed: a log has few combinations, and a mapping for
    every row would take more memory than the rest of its event.
    """

    def __init__(self, columns: Columns) -> None:
        self._readers = [(name, reader_of(kind)) for name, kind in columns.attributes.items()]
        self._kept: dict[Texts, Attributes] = {}

    def attributes_from(self, texts: Texts) -> Attributes:
        """The attributes that are given, by name.

        Args:
            texts: Those of the attributes, in the order of the columns.

        Raises:
            ValueError: A value is not of its declared type.
        """
        attributes = self._kept.get(texts)
        if attributes is None:
            pairs = zip(self._readers, texts, strict=True)
            attributes = MappingProxyType(
                {name: value_from(text) for (name, value_from), text in pairs if text}
            )
            if len(self._kept) < _MOST_KEPT:
                self._kept[texts] = attributes
        return attributes
