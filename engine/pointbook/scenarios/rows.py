"""What a scenario says of members and events, as rows that a log would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.wording import written

if TYPE_CHECKING:
    from pointbook.log import RawRow
    from pointbook.source.document import Node


def rows_of_member(node: Node) -> tuple[Node, ...]:
    """The rows of a member: of one whose attributes change several."""
    return node.content if isinstance(node.content, tuple) else (node,)


def row_of(node: Node, implied: dict[str, str]) -> RawRow:
    """A row as a log would have it; its raw text is its place, which no two rows share."""
    from pointbook.log import RawRow  # noqa: PLC0415 - validating needs no rows, and starts faster so

    given = {
        key: written(value.plain())
        for key, value in node.content.items()
        if key != "expect" and value.content is not None
    }
    cells = {key: text for key, text in {**implied, **given}.items() if text}
    return RawRow(node.span.file, node.span.line, str(node.span), cells)
