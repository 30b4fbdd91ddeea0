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


def half_of_share(twice: IntegerValue, denominator: IntegerValue) -> IntegerValue:
    """Half of `twice / denominator` to the nearest integer, a half going up; `denominator` is positive.

    7 / 2 is 4 and -7 / 2 is -3: (-14 + 2) less its remainder 0 by 4, divided by 4. Where the number to share
    is no whole one, twice it can be cut down to one: the remainder takes away no less.
    """
    sum_, whole = twice + denominator, denominator * 2
    remainder = ((sum_ % whole) + whole) % whole
    return exact_quotient(sum_ - remainder, whole)


def quotient_of_positives(numerator: IntegerValue, denominator: IntegerValue) -> IntegerValue:
    """`numerator / denominator`, rounded half-up, where neither is negative: 7 / 2 is 16 / 4 = 4."""
    return exact_quotient(numerator * 2 + denominator, denominator * 2)
