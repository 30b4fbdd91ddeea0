"""A comparison as a table: one row per member, from which every headline can be recomputed."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from pointbook_cli.reporters.escaping import spreadsheet

if TYPE_CHECKING:
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.result import ComparisonResult, MemberDifference

COLUMNS = (
    "member",
    "events",
    "points_old",
    "points_new",
    "points_change",
    "band",
    "level_old",
    "level_new",
    "level_move",
    "standing_old",
    "standing_new",
    "promotions_old",
    "promotions_new",
    "demotions_old",
    "demotions_new",
    "first_reached_old",
    "first_reached_new",
    "benefits_old",
    "benefits_new",
    "benefits_lost",
    "benefits_gained",
    "cuts_old",
    "cuts_new",
    "near_old",
    "near_new",
    "open_values",
)


def write_comparison_csv(stream: IO[str], comparison: ComparisonResult) -> None:
    """Write the table. No cell can be taken for a formula by a spreadsheet."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        [spreadsheet(cell) if isinstance(cell, str) else cell for cell in _row(m)] for m in comparison.members
    )


def _row(member: MemberDifference) -> tuple[str | int, ...]:
    old, new = member.old, member.new
    return (
        member.name,
        member.events,
        old.effects.points,
        new.effects.points,
        member.change,
        member.band,
        old.level or "",
        new.level or "",
        member.level_move,
        old.standing,
        new.standing,
        old.effects.promotions,
        new.effects.promotions,
        old.effects.demotions,
        new.effects.demotions,
        _firsts(old),
        _firsts(new),
        ";".join(old.benefits),
        ";".join(new.benefits),
        ";".join(member.benefits_lost),
        ";".join(member.benefits_gained),
        old.cuts,
        new.cuts,
        ";".join(old.near),
        ";".join(new.near),
        max(old.open_values, new.open_values),
    )


def _firsts(outcome: MemberOutcome) -> str:
    return ";".join(f"{level}={day.isoformat()}" for level, day in outcome.firsts)
