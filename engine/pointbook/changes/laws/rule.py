"""Direction rules whose answer is the same whatever the rules are, and the way back of any."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject

DirectionRule = Callable[["Subject"], Judgement]
"""How the direction of a kind of change is found."""


def _always(direction: Direction, reason: str) -> DirectionRule:
    return lambda _: Judgement(direction, reason)


favourable, adverse, neutral, mixed = (partial(_always, direction) for direction in Direction)
"""Rules of kinds whose direction is the same whatever the rules are; each takes the reason."""


def opposite(rule: DirectionRule) -> DirectionRule:
    """The rule for a change the other way, with the same reason."""
    return lambda subject: rule(subject).opposite


def with_reason(judge: Callable[[Subject, str], Judgement]) -> Callable[[str], DirectionRule]:
    """A maker of direction rules from the reason that they give."""
    return lambda reason: lambda subject: judge(subject, reason)
