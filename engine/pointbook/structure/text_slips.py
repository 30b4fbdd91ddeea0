"""Texts that a comma has split: in `{note: Paid by card, not cash}` YAML reads `not cash` as a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointbook.source.document import Node


def rest_of_text(mapping: Node | None, key: str) -> str:
    """What to write where a key without a value is the rest of the text before it; else empty."""
    if mapping is None or not mapping.is_mapping or mapping.content[key].content is not None:
        return ""
    keys = list(mapping.content)
    place = keys.index(key)
    while place > 0 and mapping.content[keys[place]].content is None:
        place -= 1
    before = mapping.content[keys[place]]
    if not isinstance(before.content, str) or before.span.line != mapping.keys[key].line:
        return ""
    end = keys.index(key) + 1
    whole = ", ".join((before.content, *keys[place + 1 : end]))
    return f'a comma ends a text in braces; write `{keys[place]}: "{whole}"`, with quotation marks'
