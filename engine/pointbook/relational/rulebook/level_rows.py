"""Versions and their levels as rows, and what becomes of a level where the levels change."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.model.rules import Demotion
from pointbook.relational.rulebook.codes import FIRST_DAY, LAST_DAY
from pointbook.relational.rulebook.rows import EditionRow, LadderRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.relational.rulebook.editions import Edition, VersionSet


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
            thresholds = [level.threshold for level in version.levels.values()]
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
    for one in sets:
        for edition in one.editions:
            yield from _rungs(edition)


def _rungs(edition: Edition) -> Iterator[LadderRow]:
    version = edition.version
    levels = list(version.levels.values())
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
        yield LadderRow(
            edition=edition.number,
            rank=rank,
            level=levels[rank].id if rank >= 0 else "",
            threshold=threshold,
            next_level="" if above is None else above.id,
            next_threshold=0 if above is None else above.threshold,
            benefits=";".join(sorted(benefits)),
        )


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
