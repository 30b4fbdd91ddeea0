"""What caps count, their windows, and caps in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.quantities import quantity
from pointbook.model.rules import CapKind, Per

if TYPE_CHECKING:
    from pointbook.model.rules import Cap


def counted_text(count: int, kind: CapKind) -> str:
    """An amount of what a cap of that kind counts: "1 point", "3 times"."""
    return quantity(count, "point" if kind is CapKind.POINTS else "time")


def let_through_text(count: int, kind: CapKind) -> str:
    """What caps leave: "2 points", "2 events"."""
    return quantity(count, "point" if kind is CapKind.POINTS else "event")


def window_text(per: Per) -> str:
    """A window: "per calendar month", "in a lifetime"."""
    return "in a lifetime" if per is Per.LIFETIME else f"per {per.value.replace('_', ' ')}"


def cap_text(cap: Cap) -> str:
    """A cap: "100 points per calendar month"."""
    return f"{counted_text(cap.limit, cap.kind)} {window_text(cap.per)}"
