"""Direction rules whose answer is the same whatever the rules are, and the way back of any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject

DirectionRule = Callable[["Subject"], Judgement]
"""How the direction of a kind of change is found."""


@dataclass(frozen=True, slots=True)
class Always:
    """The rule of a kind whose direction is the same whatever the rules are."""

    direction: Direction
    reason: str

    def __call__(self, _: Subject | None) -> Judgement:
        """The direction and the reason."""
        return Judgement(self.direction, self.reason)


favourable, adverse, neutral, mixed = (partial(Always, direction) for direction in Direction)
"""Rules of kinds whose direction is the same whatever the rules are; each takes the reason."""


def opposite(rule: DirectionRule) -> DirectionRule:
    """The rule for a change the other way, with the same reason."""
    return lambda subject: rule(subject).opposite


def with_reason(judge: Callable[[Subject, str], Judgement]) -> Callable[[str], DirectionRule]:
    """A maker of direction rules from the reason that they give."""
    return lambda reason: lambda subject: judge(subject, reason)
