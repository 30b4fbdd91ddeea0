"""Whole numbers that YAML does not read as such: quoted, with a unit, or with their thousands set apart.

In `{threshold: 15,000}` the comma ends the value: YAML reads 15 and then a key `000`. Such a key, or
item of a list, stands right behind the comma, without the space that people type between entries.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.diagnostics import Span
    from pointbook.source.document import Node

# Texts, because most runs need none of these patterns compiled.
_DIGITS = r"[-+]?[0-9]+"
_THOUSANDS = r"[-+]?[0-9]{1,3}([,.'_ \u00a0\u2009\u202f\u2019][0-9]{3})+"
_WITH_UNIT = r"([-+]?[0-9]+) ?[A-Za-z]+\.?"
_GROUP = r"[0-9]{3}"
_PLACES = 3


class SplitNumber(NamedTuple):
    """A number that a comma split.

    Attributes:
        key: Whose value it is.
        read: What YAML reads as its value.
        meant: The whole of it.
        span: Where it is written, up to the last of its digits.
    """

    key: str
    read: int
    meant: int
    span: Span


def advice_for(value: object) -> str:
    """What to type for a whole number that was written as `value`; empty where that is not plain to see."""
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(_DIGITS, text):
            return f"write `{int(text)}`, without quotation marks"
        if re.fullmatch(_THOUSANDS, text):
            return f"write `{int(re.sub('[^-+0-9]', '', text))}`, with nothing between the digits"
        if match := re.fullmatch(_WITH_UNIT, text):
            return f"write `{int(match[1])}`, the number alone"
    if isinstance(value, Decimal):
        thousands = value.scaleb(_PLACES)
        with_thousands = len(str(value).partition(".")[2]) == _PLACES
        if value == int(value):
            both = f"it could be {int(value)} or {int(thousands)}; write the one that is meant"
            return both if with_thousands else f"write `{int(value)}`"
        if with_thousands:
            return f"write `{int(thousands)}` if thousands are meant; rules have no fractions of a point"
    return ""


def split_numbers(mapping: Node | None) -> Mapping[str, SplitNumber]:
    """By each key that is only the rest of a number before it, that number."""
    found: dict[str, SplitNumber] = {}
    number: SplitNumber | None = None
    rests: list[str] = []
    if mapping is None or not mapping.is_mapping:
        return found
    for key, node in mapping.content.items():
        place = mapping.keys[key]
        if (
            number is not None
            and node.content is None
            and re.fullmatch(_GROUP, key)
            and _touch(number.span, place)
        ):
            number = number._replace(meant=int(f"{number.meant}{key}"), span=_until(number.span, place))
            rests.append(key)
            found |= dict.fromkeys(rests, number)
            continue
        rests = []
        is_number = isinstance(node.content, int) and not isinstance(node.content, bool)
        number = SplitNumber(key, node.content, node.content, node.span) if is_number else None
    return found


def joined_numbers(listed: Node | None) -> list[int] | None:
    """The numbers of a list, with those put together that a comma split; None where it split none."""
    items: tuple[Node, ...] = listed.content if listed is not None and listed.is_list else ()
    numbers: list[int] = []
    end: Span | None = None
    for item in items:
        if isinstance(item.content, bool) or not isinstance(item.content, int):
            return None
        if end is not None and item.span.length == _PLACES and item.content >= 0 and _touch(end, item.span):
            numbers[-1] = int(f"{numbers[-1]}{item.content:03}")
        else:
            numbers.append(item.content)
        end = item.span
    return numbers if len(numbers) < len(items) else None


def _touch(before: Span, after: Span) -> bool:
    """Whether only one character stands between the two."""
    return (before.file, before.line, before.column + before.length + 1) == (
        after.file,
        after.line,
        after.column,
    )


def _until(start: Span, end: Span) -> Span:
    return replace(start, length=end.column + end.length - start.column)
