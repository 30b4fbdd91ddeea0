"""Amounts, windows and caps in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.rules import CapKind, Per

if TYPE_CHECKING:
    from pointbook.model.rules import Cap


def points_text(points: int) -> str:
    """An amount: "1 point", "1,300 points"."""
    return f"{points:,} {'point' if points == 1 else 'points'}"


def times_text(times: int) -> str:
    """A number of events: "1 time", "3 times"."""
    return f"{times:,} {'time' if times == 1 else 'times'}"


def counted_text(count: int, kind: CapKind) -> str:
    """An amount of what a cap of that kind counts."""
    return points_text(count) if kind is CapKind.POINTS else times_text(count)


def let_through_text(count: int, kind: CapKind) -> str:
    """What caps leave: "2 points", "2 events"."""
    return (
        points_text(count) if kind is CapKind.POINTS else f"{count:,} {'event' if count == 1 else 'events'}"
    )


def window_text(per: Per) -> str:
    """A window: "per calendar month", "in a lifetime"."""
    return "in a lifetime" if per is Per.LIFETIME else f"per {per.value.replace('_', ' ')}"


def cap_text(cap: Cap) -> str:
    """A cap: "100 points per calendar month"."""
    return f"{counted_text(cap.limit, cap.kind)} {window_text(cap.per)}"
