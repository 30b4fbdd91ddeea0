from __future__ import annotations

import pytest

from pointbook.model.attributes import AttributeType
from pointbook.reasoning.attribute_values import key_fits


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("9" * 5000, True),  # more digits than Python turns into a number
        ("-" + "9" * 5000, True),
        ("0" + "9" * 5000, False),
        ("9" * 5000 + "x", False),
        ("0", True),
        ("-0", False),
        ("٣", False),
    ],
    ids=lambda value: str(value)[-12:],
)
def test_a_tables_key_of_any_length_is_an_integer_as_the_log_gives_it(key: str, fits: bool):
    assert key_fits(key, AttributeType.INTEGER) is fits
