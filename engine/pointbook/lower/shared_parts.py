"""Parts that programs and versions have in common."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.rules import Attribute, AttributeType, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.source.document import Node


def mapping_of(node: Node, key: str) -> dict[str, Node]:
    """The entries of the mapping under `key`; none where it is left out."""
    part = node.get(key)
    entries: dict[str, Node] = {} if part is None else part.content
    return entries


def source_from(node: Node, page: Source | None) -> Source | None:
    """The `source` of a rule; its document is that of `page` unless it names one."""
    part = node.get("source")
    if part is None:
        return None
    plain = part.plain()
    document = plain.get("document") or (page.document if page is not None else "")
    return Source(document, plain.get("section"))


def attributes_from(node: Node, key: str) -> Mapping[str, Attribute]:
    """Declared attributes by name."""
    return MappingProxyType(
        {
            name: Attribute(AttributeType(plain["type"]), plain.get("title"), plain.get("note"))
            for name, plain in ((name, part.plain()) for name, part in mapping_of(node, key).items())
        }
    )
