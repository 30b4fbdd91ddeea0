"""Exact figures as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.amounts import ratio

if TYPE_CHECKING:
    from fractions import Fraction


def percent_text(percent: Fraction, *, signed: bool = False) -> str:
    """A percentage with at most one decimal, rounded half away from zero; never `0 %` for something.

    >>> from fractions import Fraction
    >>> percent_text(Fraction(25, 2)), percent_text(Fraction(-1, 3), signed=True)
    ('12.5 %', '-0.3 %')
    >>> percent_text(Fraction(-1, 300), signed=True), percent_text(Fraction(1, 300))
    ('less than 0.1 % down', 'less than 0.1 %')
    """
    tenths = rounded(abs(percent) * 10)
    if percent and not tenths:
        way = " down" if percent < 0 else " up" if signed else ""
        return f"less than 0.1 %{way}"
    sign = "-" if percent < 0 else "+" if signed and percent else ""
    whole, part = divmod(tenths, 10)
    return f"{sign}{whole:,}{f'.{part}' if part else ''} %"


def share_of(part: int, whole: int) -> Fraction:
    """How many percent `part` is of `whole`, of which there is something."""
    return 100 * ratio(part, whole)


def rounded(value: Fraction) -> int:
    """The nearest whole number, half away from zero."""
    doubled = 2 * abs(value) + 1
    whole = doubled.numerator // (2 * doubled.denominator)
    return -whole if value < 0 else whole


def share_text(value: Fraction) -> str:
    """A signed share with at most two decimals, and `≈` where more would be needed."""
    hundredths = rounded(value * 100)
    sign = "-" if hundredths < 0 else "+" if hundredths else ""
    whole, part = divmod(abs(hundredths), 100)
    decimals = f".{part:02d}".rstrip("0") if part else ""
    return f"{'' if hundredths == value * 100 else '≈ '}{sign}{whole:,}{decimals}"
