"""Exact arithmetic in expressions: integers and decimals only, a half always going up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue

EXACT_QUOTIENT = "exact_quotient"
"""A function that the plan uses and `emission` writes out: the quotient of integers, cut towards 0."""


@ibis.udf.scalar.builtin(  # type: ignore[untyped-decorator] # ibis comes without types
    name=EXACT_QUOTIENT, signature=(("int64", "int64"), "int64")
)
def exact_quotient(numerator: Any, denominator: Any) -> Any:
    """Written out by `emission`; ibis's own `//` divides floating-point numbers."""


def half_up(numerator: IntegerValue, denominator: IntegerValue) -> IntegerValue:
    """`numerator / denominator` to the nearest integer, a half going up; `denominator` is positive.

    7 / 2 is 4 and -7 / 2 is -3: (-7 * 2 + 2) less its remainder 0 by 4, divided by 4.
    """
    twice, whole = numerator * 2 + denominator, denominator * 2
    remainder = ((twice % whole) + whole) % whole
    return exact_quotient(twice - remainder, whole)


def quotient_of_positives(numerator: IntegerValue, denominator: IntegerValue) -> IntegerValue:
    """`numerator / denominator`, rounded half-up, where neither is negative: 7 / 2 is 16 / 4 = 4."""
    return exact_quotient(numerator * 2 + denominator, denominator * 2)
