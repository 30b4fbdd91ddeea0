"""What a measure comes to: the figure, whether it breaks the limit, by which members and changes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pointbook.comparison.figures import percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import MemberDifference
    from pointbook.guardrails.approval import GuardrailApproval
    from pointbook.guardrails.guardrail import Guardrail

Indexes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """How much is measured, in each way in which it can be limited; None where it cannot.

    Attributes:
        count: Of members, demotions, rows, events or points.
        percent: Of the whole; None, too, where the whole is nothing.
        days: Of notice.
    """

    count: int | None = None
    percent: Fraction | None = None
    days: int | None = None

    def exceeds(self, limit: Guardrail | GuardrailApproval) -> bool:
        """Whether it is more, or of days fewer, than allowed; what has no percentage is more than any."""
        if limit.at_least is not None:
            return self.days is None or self.days < limit.at_least
        if limit.at_most_percent is not None:
            return self.count != 0 and (self.percent is None or self.percent > limit.at_most_percent)
        return self.count is None or self.count > (limit.at_most or 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure came to.

    Attributes:
        figure: In numbers; of several balances, the worst.
        broken: Whether the limit is exceeded.
        text: The figure in words.
        members: In breach.
        changes: Indexes of the changes that cause it.
    """

    figure: Figure
    broken: bool
    text: str
    members: Sequence[MemberDifference] = ()
    changes: Indexes = ()


def part_of(count: int, whole: int) -> Figure:
    """A part of something that can be counted."""
    return Figure(count, Fraction(100 * count, whole) if whole else None)


def part_text(part: str, figure: Figure, limit: Guardrail) -> str:
    """The part in words, with its percentage where that is limited."""
    if limit.at_most_percent is None or figure.percent is None:
        return part
    return f"{part}, {percent_text(figure.percent)}"
