"""Amounts of rules, each with where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.windows import CapKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
    from pointbook.model.rules import Cap, Path


def amounts_of(activity: Activity) -> Iterator[tuple[Path, Amount]]:
    """Every amount of an activity that its balance must hold as it is; rates and percentages are rounded."""
    path: Path = ("activities", activity.id)
    yield from (((*path, "points", *steps), amount) for steps, amount in activity.sole.points.written)
    for index, bonus in enumerate(activity.sole.bonuses):
        yield (*path, "bonuses", index, "points"), bonus.points
    yield from of_caps(activity.caps, path)


def of_caps(caps: tuple[Cap, ...], path: Path) -> Iterator[tuple[Path, Amount]]:
    """The limits in points of caps that stand under a path."""
    for index, cap in enumerate(caps):
        if cap.kind is CapKind.POINTS:
            yield (*path, "caps", index, "points"), cap.limit
