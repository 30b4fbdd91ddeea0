"""How a place in a document, and a kind of value, are called in messages."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pointbook.model.sections import WITH_IDS, Section

if TYPE_CHECKING:
    from pointbook.model.rules import Path

_ENTRY: dict[str, str] = {
    **{section: section.noun for section in WITH_IDS},
    "earns": "entry",
    "spends": "spend",
    "attributes": "attribute",
    "member_attributes": "member attribute",
    "balances": "balance",
    "members": "member",
    "guardrails": "guardrail",
    "approvals": "approval",
    "columns": "column",
}
_ITEM: dict[str, str] = {
    "caps": "cap",
    "bonuses": "bonus",
    "survivors": "survivor",
    "sources": "source",
    "ignore": "column",
    "reference": "column",
    "empty": "word",
    "events": "event",
    "standings": "standing",
    "versions": "inline version",
    "published": "published version",
    "amended": "amendment",
    "all": "condition",
    "any": "condition",
    "range": "amount",
    "in": "value",
    Section.GROUPS: Section.GROUPS.noun,
}
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "object": "a mapping (keys and values)",
    "array": "a list",
    "null": "`null`",
}


def described(path: Path, whole: str) -> str:
    """What stands at `path`, innermost first: "cap 1 of activity `feedback`".

    Args:
        path: Keys and indexes from the top of the document.
        whole: What the document itself is called, used for an empty path.
    """
    parts: list[str] = []
    index = 0
    while index < len(path):
        step = path[index]
        following = path[index + 1] if index + 1 < len(path) else None
        if isinstance(following, str) and step in _ENTRY:
            parts.append(f"{_ENTRY[str(step)]} `{on_one_line(following)}`")
            index += 2
        elif isinstance(following, int):
            parts.append(f"{_ITEM.get(str(step), f'`{step}` entry')} {following + 1}")
            index += 2
        else:
            parts.append(f"entry {step + 1}" if isinstance(step, int) else f"`{on_one_line(step)}`")
            index += 1
    return " of ".join(reversed(parts)) or whole


def on_one_line(text: str) -> str:
    """The text with line breaks, and whatever else is not seen, as one types them in quotation marks."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text
    )


def kind_of(value: Any) -> str:
    """What kind of value this is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int):
        return f"the number {value}"
    if isinstance(value, Decimal):
        return f"the number {value} with decimals"
    if isinstance(value, str):
        value = on_one_line(value[:41])
        return f'the text "{value if len(value) <= 40 else value[:37] + "..."}"'  # noqa: PLR2004 - one line
    return "a mapping" if isinstance(value, dict) else "a list"


def expected_types(types: str | list[str]) -> str:
    """The JSON types of a schema in words: "text or `null`"."""
    names = [types] if isinstance(types, str) else types
    return " or ".join(_TYPES.get(name, name) for name in names)
