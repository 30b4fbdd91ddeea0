"""What splitting the difference among the changes cost, without seconds: reports are the same each time."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pointbook.comparison.figures import percent_text
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.comparison.shares.result import Attribution


def cost_text(attribution: Attribution) -> str:
    """How many sets of changes were tried, and for how much of the log each."""
    if not attribution.subsets:
        return "No set of changes had to be tried."
    tried, found = quantity(attribution.subsets, "set"), quantity(attribution.standings, "standing")
    text = f"{tried} of changes tried: {found} of a member found"
    whole = attribution.subsets * attribution.members
    if whole:
        part = percent_text(Fraction(100 * attribution.standings, whole))
        text += f", each set for {part} of all members on average"
    again = attribution.evaluations
    return f"{text}; events of a member evaluated again {quantity(again, 'time')}."
