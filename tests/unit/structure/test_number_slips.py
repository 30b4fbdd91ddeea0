"""Numbers that YAML does not read as numbers, and what to type instead."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pointbook.source.yaml_reader import read_yaml
from pointbook.structure.number_slips import advice_for, joined_numbers

if TYPE_CHECKING:
    from pointbook.source.document import Node


def node(text: str) -> Node:
    read, findings = read_yaml("f.yaml", text.encode())
    assert not findings
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("50", "write `50`, without quotation marks"),
        (" -50 ", "write `-50`, without quotation marks"),
        ("15,000", "write `15000`, with nothing between the digits"),
        ("1.250.000", "write `1250000`, with nothing between the digits"),
        ("15\u202f000", "write `15000`, with nothing between the digits"),
        ("1'000", "write `1000`, with nothing between the digits"),
        ("50 pts.", "write `50`, the number alone"),
        (Decimal("15.000"), "it could be 15 or 15000; write the one that is meant"),
        (Decimal("1.500"), "write `1500` if thousands are meant; rules have no fractions of a point"),
        (Decimal("50.0"), "write `50`"),
        (Decimal("12.5"), ""),
        ("1,50", ""),
        ("1,0000", ""),
        ("fifty", ""),
        ("10-75", ""),
        ("", ""),
        (True, ""),
        (None, ""),
        ([50], ""),
    ],
)
def test_what_to_write_instead_of_a_number_in_another_form(value: object, advice: str) -> None:
    assert advice_for(value) == advice


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("[500, 1,000]", [500, 1000]),
        ("[1,050,000, 2]", [1050000, 2]),
        ("[10, 750]", None),
        ("[10, -500]", None),
        ("[a,000]", None),
        ("5", None),
        ("{a: 1}", None),
    ],
)
def test_numbers_of_a_list_that_commas_split_are_put_together(text: str, numbers: list[int] | None) -> None:
    assert joined_numbers(node(text)) == numbers
