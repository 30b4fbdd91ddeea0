"""What is expected, column by column, held against what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import Finding
from pointbook.model.attributes import NO_LEVEL
from pointbook.model.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.source.document import Node

CODE = "expectation-failed"


def compared(node: Node, actual: dict[str, Any], subject: str, became: str) -> Iterator[Finding]:
    """Where columns are others than those expected.

    Args:
        node: What is expected, column by column.
        actual: What came of it.
        subject: What both are about.
        became: What came of it, in words.
    """
    for key, value in node.content.items():
        wanted = value.plain()
        if wanted == NO_LEVEL and key in _LEVELS:
            wanted = None
        if key == "benefits":
            wanted = sorted(wanted)
        found = actual.get(key, _ABSENT)
        if found != wanted or isinstance(found, bool) is not isinstance(wanted, bool):
            message, hint = f"{subject}: `{key}` is {shown(found)}, not {shown(wanted)}", became
            if found is None and str(wanted).casefold() in _WORDS_FOR_NONE:
                message, hint = (
                    f'{subject}: "{wanted}" is taken for a word here',
                    f"write `{key}: null` for none",
                )
            yield Finding(value.span, CODE, message, hint)


_LEVELS = frozenset(("level", "earned_level", "next_level", "from_level", "to_level"))
_ABSENT = object()
_WORDS_FOR_NONE = frozenset(("none", "no", "nothing", "nil", "null", "n/a", "na", "-", ""))


def shown(value: Any) -> str:
    """A value in a message."""
    if value is _ABSENT:
        return "not there"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return f"{value}"


def plain(value: Any) -> str:
    """A value as a scenario has it."""
    return "null" if value is None else written(value)
