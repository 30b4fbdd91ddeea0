"""Whole numbers that YAML does not read as such: quoted, with a unit, or with their thousands set apart.

In `[500, 1,000]` a comma ends the value: YAML reads 1 and then 0. Such an item stands right behind the
comma, without the space that people type between items. In `{threshold: 1,000}` it can only be the
rest of a number, so `yaml_reader` says so.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pointbook.diagnostics import Span
    from pointbook.source.document import Node

# Texts, because most runs need none of these patterns compiled.
_DIGITS = r"[-+]?[0-9]+"
_THOUSANDS = r"[-+]?[0-9]{1,3}([,.'_ \u00a0\u2009\u202f\u2019][0-9]{3})+"
_WITH_UNIT = r"([-+]?[0-9]+) ?[A-Za-z]+\.?"
_PLACES = 3


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


def joined_numbers(listed: Node | None) -> list[int] | None:
    """The numbers of a list, with those put together that a comma split; None where it split none."""
    items: tuple[Node, ...] = listed.content if listed is not None and listed.is_list else ()
    numbers: list[int] = []
    end: Span | None = None
    for item in items:
        if isinstance(item.content, bool) or not isinstance(item.content, int):
            return None
        if (
            end is not None
            and item.span.length == _PLACES
            and item.content >= 0
            and end.is_just_before(item.span)
        ):
            numbers[-1] = int(f"{numbers[-1]}{item.content:03}")
        else:
            numbers.append(item.content)
        end = item.span
    return numbers if len(numbers) < len(items) else None
