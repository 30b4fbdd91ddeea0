"""Amounts of rules, each with where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.model.lookup import Table
from pointbook.model.points import Assessed, Fixed
from pointbook.model.rates import AssessedPerUnit, PerUnit
from pointbook.model.windows import CapKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.amounts import Amount
    from pointbook.model.points import Points
    from pointbook.model.rules import Activity, Cap, Path


def amounts_of(activity: Activity) -> Iterator[tuple[Path, Amount]]:
    """Every amount of an activity that its balance must hold as it is; rates and percentages are rounded."""
    path: Path = ("activities", activity.id)
    yield from _of_form(activity.points, (*path, "points"))
    for index, bonus in enumerate(activity.bonuses):
        yield (*path, "bonuses", index, "points"), bonus.points
    yield from of_caps(activity.caps, path)


def of_caps(caps: tuple[Cap, ...], path: Path) -> Iterator[tuple[Path, Amount]]:
    """The limits in points of caps that stand under a path."""
    for index, cap in enumerate(caps):
        if cap.kind is CapKind.POINTS:
            yield (*path, "caps", index, "points"), cap.limit


def _of_form(points: Points, path: Path) -> Iterator[tuple[Path, Amount]]:
    match points:
        case Fixed(amount):
            yield path, amount
        case Assessed(minimum, maximum, open_ended):
            if open_ended:
                yield (*path, "up_to"), maximum
            else:
                yield (*path, "range", 0), minimum
                yield (*path, "range", 1), maximum
        case PerUnit() | AssessedPerUnit():
            pass
        case Table():
            yield from (((*path, "by", "values", *keys), amount) for keys, amount in points.leaves)
            if points.otherwise is not None:
                yield from _of_form(points.otherwise, (*path, "by", "else"))
        case _:
            assert_never(points)


def ranges_of(points: Points, path: Path) -> Iterator[tuple[Path, Amount, Amount]]:
    """Every range of assessed points, lowest and highest, with where it is written."""
    match points:
        case Fixed() | PerUnit():
            pass
        case Assessed(minimum, maximum):
            yield (*path, "range"), minimum, maximum
        case AssessedPerUnit(minimum, maximum):
            yield (*path, "per", "range"), minimum, maximum
        case Table(_, _, otherwise):
            if otherwise is not None:
                yield from ranges_of(otherwise, (*path, "by", "else"))
        case _:
            assert_never(points)
