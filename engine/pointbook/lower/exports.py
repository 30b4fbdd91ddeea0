"""log.yaml as a frozen value."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.exports import OUR_ROWS, Exports, RowForm, Source, TimeForm

if TYPE_CHECKING:
    from pointbook.source.document import Node


def exports_from(node: Node) -> Exports:
    """What `node`, which fits its schema, says of a program's exports."""
    return Exports(
        _row_form(node, "events") or OUR_ROWS,
        _row_form(node, "members") or OUR_ROWS,
        tuple(
            Source(source.value("files"), _row_form(source, "events"), _row_form(source, "members"))
            for source in node.listed("sources")
        ),
    )


def _row_form(parent: Node, key: str) -> RowForm | None:
    node = parent.get(key)
    if node is None:
        return None
    plain = node.plain()
    times = plain.get("times", {})
    spans = {**node.positions(), (): parent.keys[key]}
    return RowForm(
        columns=MappingProxyType(plain.get("columns", {})),
        activities=MappingProxyType(plain.get("activities", {})),
        ignore=frozenset(plain.get("ignore", ())),
        reference=tuple(plain.get("reference", ())),
        empty=frozenset(plain.get("empty", ())),
        form=TimeForm(times["form"]) if "form" in times else None,
        timezone=times.get("timezone"),
        spans=MappingProxyType(spans),
    )
