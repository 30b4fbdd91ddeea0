"""One semantic change between two versions: what it is, where it is, and what it means for members."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pointbook.diagnostics import Span
    from pointbook.model.rules import Path


class Direction(StrEnum):
    """What a change does to members, all else being equal.

    Favourable means: whatever members do, nobody's points, level or benefits can be lower for it.
    That takes for granted that the log carries the attributes which the rules declare, and it
    looks at a member's points over all time: a cap that is used up by an earlier event may move
    points from one window to another.
    """

    FAVOURABLE = "favourable"
    ADVERSE = "adverse"
    NEUTRAL = "neutral"
    MIXED = "mixed"

    @property
    def opposite(self) -> Direction:
        """What undoing such a change does."""
        if self is Direction.FAVOURABLE:
            return Direction.ADVERSE
        return Direction.FAVOURABLE if self is Direction.ADVERSE else self


class _Absent:
    """The value of what a version does not have."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT = _Absent()
"""Stands for a value that one of the versions does not have."""


@dataclass(frozen=True, slots=True)
class Side:
    """A change as one of the versions has it.

    Attributes:
        path: Where the value is in the version, as keys and list indexes.
        value: The value, a record of the model or a scalar; `ABSENT` where there is none.
        span: Where it was written; for an absent value, what would enclose it.
    """

    path: Path
    value: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in meaning.

    Attributes:
        address: Its stable name, path-like; the same whichever version comes first.
        code: What kind of change it is; `CODES` has all of them.
        subject: What it is about, as people call it.
        sentence: What changes, with the subject, in one line without a full stop.
        direction: What it does to members.
        reason: Why the direction is that.
        old: The value as it was.
        new: The value as it becomes.
    """

    address: str
    code: str
    subject: str
    sentence: str
    direction: Direction
    reason: str
    old: Side
    new: Side

    @property
    def place(self) -> Span:
        """Where to look: at the new value, or at the old one where it is gone."""
        return (self.old if self.new.value is ABSENT else self.new).span
