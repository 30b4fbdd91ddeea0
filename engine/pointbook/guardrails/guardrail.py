"""What a guardrail is: a limit on one measure, as written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pointbook.comparison.figures import percent_text
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from fractions import Fraction

    from pointbook.diagnostics import Span
    from pointbook.guardrails.approval import GuardrailApproval


class Measure(StrEnum):
    """What a guardrail limits."""

    MEMBERS_LOSING_LEVEL = "members_losing_level"
    MEMBERS_LOSING_POINTS = "members_losing_points"
    MEMBERS_LOSING_BENEFITS = "members_losing_benefits"
    MORE_DEMOTIONS = "more_demotions"
    TOTAL_POINTS_CHANGE = "total_points_change"
    LEVEL_SHARE = "level_share"
    NOTICE_DAYS = "notice_days"
    REJECTED_ROWS = "rejected_rows"
    UNCOUNTED_EVENTS = "uncounted_events"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One limit, as written.

    Attributes:
        at_most: Highest count allowed.
        at_most_percent: Highest percentage allowed.
        at_least: Fewest days allowed.
        level: The level that `level_share` is about; None for each of them.
        balance: The balance that a measure of points is about; None for each of them.
    """

    id: str
    title: str
    measure: Measure
    at_most: int | None
    at_most_percent: Fraction | None
    at_least: int | None
    level: str | None
    balance: str | None
    span: Span


def limit_text(limit: Guardrail | GuardrailApproval) -> str:
    """What is allowed, in words."""
    if limit.at_least is not None:
        return f"at least {quantity(limit.at_least, 'day')}"
    if limit.at_most_percent is not None:
        two_ways = isinstance(limit, Guardrail) and limit.measure is Measure.TOTAL_POINTS_CHANGE
        return f"{'within' if two_ways else 'at most'} {percent_text(limit.at_most_percent)}"
    return f"at most {limit.at_most:,}"
