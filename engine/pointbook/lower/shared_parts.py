"""Parts that programs and versions have in common."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.rules import Source
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.source.document import Node

Rule = TypeVar("Rule")


def rules_from(
    node: Node, key: str, page: Source | None, rule_from: Callable[[Node, dict[str, Any]], Rule]
) -> Mapping[str, Rule]:
    """The rules in the mapping under `key`, by id; none where it is left out.

    Args:
        node: The document.
        key: Where the rules stand in it.
        page: The document's own source.
        rule_from: Makes a rule of its part of the document and of its id, title, note and source.
    """
    return MappingProxyType(
        {
            name: rule_from(part, {"id": name, **described(part, page)})
            for name, part in node.entries(key).items()
        }
    )


def described(node: Node, page: Source | None) -> dict[str, Any]:
    """Title, note and source of a rule."""
    return {"title": node.value("title"), "note": node.value("note"), "source": source_from(node, page)}


def source_from(node: Node, page: Source | None) -> Source | None:
    """The `source` of a rule; its document is that of `page` unless it names one."""
    part = node.get("source")
    if part is None:
        return None
    document = part.value("document") or (page.document if page is not None else "")
    return Source(document, part.value("section"))


def attributes_from(node: Node, key: str) -> Mapping[str, Attribute]:
    """Declared attributes by name."""
    return MappingProxyType({name: _attribute(part) for name, part in node.entries(key).items()})


def _attribute(part: Node) -> Attribute:
    kind = AttributeType(part.value("type"))
    default = typed(part.value("default"), is_date=kind is AttributeType.DATE)
    return Attribute(kind, part.value("title"), part.value("note"), default)


def typed(value: Any, *, is_date: bool) -> Any:
    """A value as rules compare it; one that is no day stays as written, for the checks to find."""
    if is_date and isinstance(value, str):
        try:
            return date_from(value)
        except ValueError:
            return value
    return value
