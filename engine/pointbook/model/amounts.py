"""Amounts of balances: whole numbers, or exact decimals with as many places as their balance has.

Rules and results hold them as people write them. The interpreter counts in the smallest unit of a
balance, which is a whole number. Nothing is ever a floating-point number.
Source: docs/meaning.md, "Places and rounding".
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import assert_never, cast

Amount = int | Decimal
"""Points of a balance; a `Decimal` only where the balance has places, or where a rate has."""

MOST_PLACES = 4
EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
"""Arithmetic of decimals that stays exact: a log and rules together have fewer digits than that."""


class Rounding(StrEnum):
    """Where an amount goes that lies between two that a balance can hold."""

    HALF_UP = "half_up"
    DOWN = "down"

    def of(self, numerator: int, denominator: int) -> int:
        """`numerator / denominator` as a whole number; `denominator` is positive.

        >>> Rounding.HALF_UP.of(5, 2), Rounding.DOWN.of(5, 2), Rounding.DOWN.of(-5, 2)
        (3, 2, -2)
        """
        match self:
            case Rounding.HALF_UP:
                return half_up(numerator, denominator)
            case Rounding.DOWN:
                return numerator // denominator if numerator >= 0 else -(-numerator // denominator)
        assert_never(self)

    @property
    def words(self) -> str:
        """How: "half-up"."""
        return "half-up" if self is Rounding.HALF_UP else "down"


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, a half going up (towards +∞).

    `denominator` is positive.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -2, 2)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def size(amount: Amount) -> Amount:
    """How far it is from 0."""
    return amount if amount >= 0 else -amount


def product(one: Amount, other: Amount) -> Amount:
    """Both multiplied, exactly: 15 times 2.5 is 37.5, and 4 times 2.5 is the whole number 10."""
    if isinstance(one, int) and isinstance(other, int):
        return one * other
    return plainest(EXACT.multiply(one, other))


def plainest(amount: Amount) -> Amount:
    """The same amount: a whole number where it is one, else without zeros at its end."""
    if isinstance(amount, int):
        return amount
    whole = int(amount)
    return whole if whole == amount else EXACT.normalize(amount)


def in_units(amount: Amount, places: int) -> int:
    """An amount in the smallest units of a balance with so many places, which it does not exceed.

    >>> in_units(Decimal("2.5"), 2), in_units(7, 0)
    (250, 7)
    """
    return int(EXACT.scaleb(amount, places)) if places or type(amount) is not int else amount


def from_units(units: int, places: int) -> Amount:
    """The way back: 250 of the smallest units of two places are 2.50."""
    return EXACT.scaleb(Decimal(units), -places) if places else units


def fits_places(amount: Amount, places: int) -> bool:
    """Whether a balance with so many places can hold an amount."""
    return type(amount) is int or bool((scaled := EXACT.scaleb(amount, places)) == int(scaled))


def with_places(amount: Amount, places: int) -> Amount:
    """The amount as a balance with so many places shows it; one that it cannot hold stays as it is."""
    return from_units(in_units(amount, places), places) if fits_places(amount, places) else amount


def rounded_half_up(numerator: int, denominator: int, places: int) -> Amount:
    """`numerator / denominator` to the nearest amount with so many places, a half going up."""
    return from_units(half_up(numerator * 10**places, denominator), places)


def in_results(amount: Amount) -> int:
    """An amount of the rules among those of results, whose type knows whole numbers only.

    Decimals of a balance with places add, compare and print alike.
    """
    return cast("int", amount)


def whole(amount: Amount) -> int:
    """An amount of rules in which none has places."""
    assert isinstance(amount, int)
    return amount


def exact(amount: int) -> int:
    """An amount among results for arithmetic with fractions, in which decimals are fractions too."""
    found: object = amount
    return cast("int", Fraction(found)) if isinstance(found, Decimal) else amount


def ratio(part: int, whole: int) -> Fraction:
    """One amount among results divided by another, exactly."""
    return Fraction(part) / Fraction(whole)
