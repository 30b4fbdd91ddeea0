"""Versions and their levels as rows, and what becomes of a level where the levels change."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.model.amounts import whole
from pointbook.model.rules import Demotion
from pointbook.relational.rulebook.codes import FIRST_DAY, LAST_DAY
from pointbook.relational.rulebook.rows import EditionRow, LadderRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.model.levels import Level
    from pointbook.relational.rulebook.editions import VersionSet


BELOW_ALL = -(10**17)
"""A total that every member has, with which the base level is reached."""


def least_total(level: Level) -> int:
    """The total of the level balance from which on a level is reached."""
    return BELOW_ALL if level.is_base else whole(level.threshold)


def falls_one_level(demotion: Demotion) -> bool:
    """Whether a period that closes costs one level at most; else all that it has not earned."""
    match demotion:
        case Demotion.ONE_LEVEL:
            return True
        case Demotion.TO_EARNED:
            return False
        case never:
            assert_never(never)


def edition_rows(sets: Sequence[VersionSet], levels: int) -> Iterator[EditionRow]:
    """The editions, with columns for so many levels."""
    for one in sets:
        starts = [FIRST_DAY if one.fixed else edition.version.effective_from for edition in one.editions]
        for edition, start, end in zip(one.editions, starts, [*starts[1:], LAST_DAY], strict=True):
            version = edition.version
            thresholds = [least_total(level) for level in version.levels.values()]
            yield EditionRow(
                edition=edition.number,
                set_no=one.number,
                era=edition.era,
                version=version.id,
                starts_on=start,
                ends_on=end,
                one_level=falls_one_level(version.life_cycle.demotion),
                level_count=len(thresholds),
                thresholds=(*thresholds, *[0] * (levels - len(thresholds))),
            )


def ladder_rows(sets: Sequence[VersionSet]) -> Iterator[LadderRow]:
    """The levels of every edition by rank, with what they bring."""
    for edition in (edition for one in sets for edition in one.editions):
        version, below = edition.version, LadderRow(edition.number, -1, "", 0, "", 0, "")
        for rank, level in enumerate(version.levels.values()):
            yield below._replace(next_level=level.id, next_threshold=least_total(level))
            benefits = [
                benefit.id
                for benefit in version.benefits.values()
                if benefit.from_level is not None
                and version.levels[benefit.from_level].threshold <= level.threshold
            ]
            below = LadderRow(
                edition.number, rank, level.id, least_total(level), "", 0, ";".join(sorted(benefits))
            )
        yield below


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
