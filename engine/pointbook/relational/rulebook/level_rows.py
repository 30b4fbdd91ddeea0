"""Versions and their levels as rows, and what becomes of a level where the levels change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.rules import Demotion
from pointbook.relational.rulebook.codes import FIRST_DAY, LAST_DAY, RuleTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.relational.rulebook.codes import Row
    from pointbook.relational.rulebook.editions import Edition, VersionSet


def edition_table(sets: Sequence[VersionSet], levels: int) -> RuleTable:
    """The table `editions`, with columns for so many levels."""
    return RuleTable(_edition_types(levels), [row for one in sets for row in _edition_rows(one, levels)])


def _edition_types(levels: int) -> dict[str, str]:
    thresholds = {f"threshold_{rank}": "int64" for rank in range(levels)}
    return {
        "edition": "int32",
        "set_no": "int32",
        "era": "int32",
        "version": "string",
        "starts_on": "date",
        "ends_on": "date",
        "one_level": "boolean",
        "level_count": "int32",
        **thresholds,
    }


def _edition_rows(one: VersionSet, levels: int) -> list[Row]:
    starts = [FIRST_DAY if one.fixed else edition.version.effective_from for edition in one.editions]
    rows = []
    for edition, start, end in zip(one.editions, starts, [*starts[1:], LAST_DAY], strict=True):
        version = edition.version
        thresholds = [level.threshold for level in version.levels.values()]
        rows.append(
            {
                "edition": edition.number,
                "set_no": one.number,
                "era": edition.era,
                "version": version.id,
                "starts_on": start,
                "ends_on": end,
                "one_level": version.life_cycle.demotion is Demotion.ONE_LEVEL,
                "level_count": len(thresholds),
                **{
                    f"threshold_{rank}": thresholds[rank] if rank < len(thresholds) else 0
                    for rank in range(levels)
                },
            }
        )
    return rows


_LADDER = {
    "edition": "int32",
    "rank": "int32",
    "level": "string",
    "threshold": "int64",
    "next_level": "string",
    "next_threshold": "int64",
    "benefits": "string",
}


def ladder_table(sets: Sequence[VersionSet]) -> RuleTable:
    """The table `ladder`."""
    return RuleTable(
        _LADDER, [row for one in sets for edition in one.editions for row in _ladder_rows(edition)]
    )


def _ladder_rows(edition: Edition) -> list[Row]:
    """The levels of an edition by rank, with what they bring; rank -1 is no level."""
    version = edition.version
    levels = list(version.levels.values())
    rows = []
    for rank in range(-1, len(levels)):
        above = levels[rank + 1] if rank + 1 < len(levels) else None
        threshold = levels[rank].threshold if rank >= 0 else 0
        benefits = [
            benefit.id
            for benefit in version.benefits.values()
            if rank >= 0
            and benefit.from_level is not None
            and version.levels[benefit.from_level].threshold <= threshold
        ]
        rows.append(
            {
                "edition": edition.number,
                "rank": rank,
                "level": levels[rank].id if rank >= 0 else "",
                "threshold": threshold,
                "next_level": "" if above is None else above.id,
                "next_threshold": 0 if above is None else above.threshold,
                "benefits": ";".join(sorted(benefits)),
            }
        )
    return rows


def eras_of(sets: Sequence[VersionSet]) -> tuple[Mapping[int, int], ...]:
    """What ranks become where the levels change: a level that is gone counts as one not above it."""
    eras: list[Mapping[int, int]] = []
    for one in sets:
        for before, after in zip(one.editions, one.editions[1:], strict=False):
            if before.era == after.era:
                continue
            new = list(after.version.levels.values())
            ranks = {level.id: rank for rank, level in enumerate(new)}
            eras.append(
                {
                    rank: ranks.get(level.id, sum(other.threshold <= level.threshold for other in new) - 1)
                    for rank, level in enumerate(before.version.levels.values())
                }
            )
    return tuple(eras)
