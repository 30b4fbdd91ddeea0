"""What is at work in totals, levels and benefits that an expectation tells."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, assert_never

from pointbook.model.ledger import LevelCause
from pointbook.model.levels import is_met, missing_of
from pointbook.scenarios.coverage.looked_at import period_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.interpret.timeline import Timeline
    from pointbook.model.amounts import Amount
    from pointbook.model.ledger import LevelChange
    from pointbook.model.levels import Level
    from pointbook.model.log import Member
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path
    from pointbook.scenarios.coverage.looked_at import Course, Look

    Mark = tuple[Version | None, Path, bool]
    """A side of a value that was at work, and the version by which it was; None for program.yaml."""


def level_marks(look: Look, course: Course, program: Program, timeline: Timeline) -> Iterator[Mark]:
    """The marks of one expectation, apart from those of entries."""
    member = course.member
    for balance, period in look.totals:
        yield None, ("balances", balance, "start"), True
        if period != period_on(member.signed_up_on, member, balance, program, timeline):
            yield None, ("balances", balance, "resets"), True
    yield from _in_leap_days(member, look.day, timeline)
    for change in look.changes:
        yield from _in_change(change, course, program, timeline)
    version = timeline.version_on(look.day)
    if version is not None and look.tells_level:
        above = _above(look.level, version)
        if above is not None:
            yield version, ("levels", above.id, above.reaching_key), False
            totals = course.totals(look.day, look.before, program, timeline)
            yield from _by_one_alone(above, totals, version)
    if version is not None and look.benefits is not None:
        held = (None, *version.levels).index(look.level)
        for benefit in version.benefits.values():
            has, lowest = benefit.id in look.benefits, benefit.from_level
            is_due = lowest in version.levels and (None, *version.levels).index(lowest) <= held
            yield version, ("benefits", benefit.id, "from_level"), is_due
            if is_due:
                yield version, ("benefits", benefit.id, "if"), has


def _above(level: str | None, version: Version) -> Level | None:
    """The level that whoever holds another one has missed."""
    levels = (None, *version.levels)
    above = levels[levels.index(level) + 1 :]
    return version.levels[str(above[0])] if above else None


def _by_one_alone(level: Level, totals: Mapping[str, Amount], version: Version) -> Iterator[Mark]:
    """The minimum that alone keeps totals from a way to a level."""
    path: Path = ("levels", level.id, "requires")
    for index, way in enumerate(level.requires):
        for one in missing_of((way,), totals):
            if len(one) == 1:
                yield version, (*path, index, one[0][0]), False
                yield version, (*path, one[0][0]), False


def _in_leap_days(member: Member, day: date, timeline: Timeline) -> Iterator[Mark]:
    born = member.signed_up_on
    if (born.month, born.day) != (2, 29):
        return
    for year in range(born.year + 1, day.year + 1):
        decided = date(year, 2, 28)
        version = timeline.version_on(decided)
        if not calendar.isleap(year) and decided <= day and version is not None:
            yield version, ("life_cycle", "leap_day"), True


def _in_change(change: LevelChange, course: Course, program: Program, timeline: Timeline) -> Iterator[Mark]:
    version = timeline.version_on(change.date)
    if version is None:
        return
    before, after = change.from_level, change.to_level
    follows = version.life_cycle.follows
    deciding = version if follows is None else program.version(follows)
    match change.cause:
        case LevelCause.REACHED | LevelCause.THRESHOLD_CHANGED:
            ids = (None, *version.levels)
            if before in ids and after in ids and ids.index(before) < ids.index(after):
                level = version.levels[str(after)]
                totals = course.totals(change.date, course.taken_by(change), program, timeline)
                yield version, ("levels", level.id, level.reaching_key), True
                yield from _in_ways(level, totals, version)
        case LevelCause.KEPT:
            level = version.levels[str(after)]
            if not level.is_base:  # which is never lost
                yield deciding, ("life_cycle", "demotion"), False
            yield version, ("levels", level.id, "keep"), True
            if (above := _above(after, version)) is not None:
                yield version, ("levels", above.id, above.reaching_key), False
        case LevelCause.DEMOTED:
            yield deciding, ("life_cycle", "demotion"), True
            if before is not None:
                lost = version.levels.get(before)
                key = "threshold" if lost is None else "keep" if lost.keep else lost.reaching_key
                yield version, ("levels", before, key), False
        case _:
            assert_never(change.cause)


def _in_ways(level: Level, totals: Mapping[str, Amount], version: Version) -> Iterator[Mark]:
    """The ways to a level, of several, in which totals reach it."""
    for index, way in enumerate(level.requires):
        if is_met((way,), totals):
            yield version, ("levels", level.id, "requires", index), True
