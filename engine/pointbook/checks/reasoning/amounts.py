"""Amounts of rules, each with where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.windows import CapKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
    from pointbook.model.rules import Cap, Path


def amounts_of(activity: Activity) -> Iterator[tuple[str, Path, Amount]]:
    """Every amount that the balance of an entry must hold as it is, with that; rates are rounded."""
    path: Path = ("activities", activity.id)
    for entry in activity.entries:
        written = [(entry.at("points", *steps), amount) for steps, amount in entry.points.written]
        written += [
            (entry.at("bonuses", index, "points"), bonus.points) for index, bonus in enumerate(entry.bonuses)
        ]
        written += of_caps(entry.caps, entry.path)
        yield from ((entry.balance, (*path, *place), amount) for place, amount in written)
    first = (*activity.fed, *activity.balances)[0]
    for index, cap in enumerate(activity.caps):
        if cap.kind is CapKind.POINTS:
            yield cap.balance or first, (*path, "caps", index, "points"), cap.limit


def of_caps(caps: tuple[Cap, ...], path: Path) -> Iterator[tuple[Path, Amount]]:
    """The limits in points of caps that stand under a path."""
    for index, cap in enumerate(caps):
        if cap.kind is CapKind.POINTS:
            yield (*path, "caps", index, "points"), cap.limit
