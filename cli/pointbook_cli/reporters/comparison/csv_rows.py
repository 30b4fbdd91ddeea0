"""A comparison as a table: one row per member, from which every headline can be recomputed."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from pointbook_cli.reporters.escaping import spreadsheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.result import ComparisonResult, MemberDifference

COLUMNS: dict[str, Callable[[MemberDifference], str | int]] = {
    "member": lambda m: m.name,
    "events": lambda m: m.events,
    "points_old": lambda m: m.old.effects.points,
    "points_new": lambda m: m.new.effects.points,
    "points_change": lambda m: m.change,
    "band": lambda m: m.band,
    "level_old": lambda m: m.old.level or "",
    "level_new": lambda m: m.new.level or "",
    "level_move": lambda m: m.level_move,
    "standing_old": lambda m: m.old.standing,
    "standing_new": lambda m: m.new.standing,
    "promotions_old": lambda m: m.old.effects.promotions,
    "promotions_new": lambda m: m.new.effects.promotions,
    "demotions_old": lambda m: m.old.effects.demotions,
    "demotions_new": lambda m: m.new.effects.demotions,
    "first_reached_old": lambda m: _firsts(m.old),
    "first_reached_new": lambda m: _firsts(m.new),
    "benefits_old": lambda m: ";".join(m.old.benefits),
    "benefits_new": lambda m: ";".join(m.new.benefits),
    "benefits_lost": lambda m: ";".join(m.benefits_lost),
    "benefits_gained": lambda m: ";".join(m.benefits_gained),
    "cuts_old": lambda m: m.old.cuts,
    "cuts_new": lambda m: m.new.cuts,
    "near_old": lambda m: ";".join(m.old.near),
    "near_new": lambda m: ";".join(m.new.near),
    "open_values": lambda m: max(m.old.open_values, m.new.open_values),
    "decides": lambda m: m.sentence,
}
"""The columns, in order, each with what a member has there; then two for each further balance."""


def write_comparison_csv(stream: IO[str], comparison: ComparisonResult) -> None:
    """Write the table. No cell can be taken for a formula by a spreadsheet."""
    writer = csv.writer(stream, lineterminator="\n")
    further = [place for place, balance in enumerate(comparison.balances) if not balance.decides_levels]
    named = (comparison.balances[place].balance for place in further)
    writer.writerow([*COLUMNS, *(f"{balance}_{side}" for balance in named for side in ("old", "new"))])
    for member in comparison.members:
        cells = [cell(member) for cell in COLUMNS.values()]
        cells += [side.balances[place] for place in further for side in (member.old, member.new)]
        writer.writerow([spreadsheet(cell) if isinstance(cell, str) else cell for cell in cells])


def _firsts(outcome: MemberOutcome) -> str:
    return ";".join(f"{level}={day.isoformat()}" for level, day in outcome.firsts)
