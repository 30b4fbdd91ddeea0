"""Whole numbers that YAML does not read as such: quoted, with a unit, or with their thousands set apart.

In `[500, 1,000]` a comma ends the value: YAML reads 1 and then 0. Such an item stands right behind the
comma, without the space that people type between items. In `{threshold: 1,000}` it can only be the
rest of a number, so `yaml_reader` says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.diagnostics import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.diagnostics import Span
    from pointbook.source.document import Node

# Texts, because most runs need none of these patterns compiled.
_DIGITS = r"[-+]?[0-9]+"
_THOUSANDS = r"[-+]?[1-9][0-9]{0,2}([,.'_ \u00a0\u2009\u202f\u2019])[0-9]{3}(\1[0-9]{3})*"
_COULD_BE_PARTS = r"[^.]*\.[0-9]{3}"
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


def number_meant(value: object) -> int | None:
    """The only whole number that `value` can be; None where it can be several, or none.

    >>> number_meant("15 000"), number_meant("15,000"), number_meant("500 points"), number_meant("15.000")
    (15000, 15000, None, None)
    """
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(_DIGITS, text):
            return int(text)
        if re.fullmatch(_THOUSANDS, text) and not re.fullmatch(_COULD_BE_PARTS, text):
            return int(re.sub("[^-+0-9]", "", text))
    if isinstance(value, Decimal) and value == int(value):
        could_be_thousands = len(str(value).partition(".")[2]) == _PLACES
        return None if could_be_thousands else int(value)
    return None


def joined_numbers(listed: Node | None) -> list[int] | None:
    """The numbers of a list, with those put together that a comma split; None where it split none."""
    parts = _parts(listed)
    return None if parts is None else [_number(items) for items in parts]


def joined_fix(listed: Node | None) -> tuple[Edit, ...]:
    """The edits that take the commas out of the numbers that they split."""
    return tuple(
        Edit(
            replace(
                items[0].span, length=items[-1].span.column + items[-1].span.length - items[0].span.column
            ),
            ",".join((str(items[0].content), *(f"{item.content:03}" for item in items[1:]))),
            _number(items),
        )
        for items in _parts(listed) or ()
        if len(items) > 1
    )


def _number(items: Sequence[Node]) -> int:
    return int("".join((str(items[0].content), *(f"{item.content:03}" for item in items[1:]))))


def _parts(listed: Node | None) -> list[list[Node]] | None:
    """The items of a list by the number that they are of; None where each is of its own, or is none."""
    items: tuple[Node, ...] = listed.content if listed is not None and listed.is_list else ()
    parts: list[list[Node]] = []
    end: Span | None = None
    for item in items:
        if isinstance(item.content, bool) or not isinstance(item.content, int):
            return None
        is_group = item.span.length == _PLACES and item.content >= 0
        if end is not None and is_group and end.is_just_before(item.span):
            parts[-1].append(item)
        else:
            parts.append([item])
        end = item.span
    return parts if len(parts) < len(items) else None
