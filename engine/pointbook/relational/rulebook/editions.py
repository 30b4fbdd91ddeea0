"""Which versions a plan evaluates: sets of versions, and their editions.

A *version set* is one way to choose versions: the timeline (each event by the version in force on
its date), or one version taken to have always been in force. An *edition* is a version within a
set. A *dated edition* is one for the events of the dates on which a certain version is in force, the
reference; in the timeline the two versions are the same. Sets and editions are numbered from 0,
editions through all sets, so that a number says which set it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import LeapDay


@dataclass(frozen=True, slots=True)
class Edition:
    """A version within a set.

    Attributes:
        number: From 0 through all sets.
        version: The rules.
        era: From 0 within the set; editions of one era have the same levels in the same order.
    """

    number: int
    version: Version
    era: int


@dataclass(frozen=True, slots=True)
class DatedEdition:
    """An edition, and the version that is in force on the date of the events it values.

    Attributes:
        version_index: Index of the version in force on that date, -1 before the first.
        edition: What values them.
        rules: The edition's activities by the ids that events may name them by.
        references: Those of the version in force on that date, before the first of the first.
    """

    version_index: int
    edition: Edition
    rules: Mapping[str, Activity]
    references: Mapping[str, Activity]


@dataclass(frozen=True, slots=True)
class VersionSet:
    """One way to choose versions.

    Attributes:
        number: From 0.
        fixed: Id of the version taken to have always been in force, None for the timeline.
        editions: By their dates.
        dated: The timeline has one for each edition; a fixed version one for each reference, and one
            for the time before all of them.
        suffix: What the set's own columns and steps end in; nothing where it is the only set.
        calendar: Number of the first set in which 29 February falls on the same days as in this one.
    """

    number: int
    fixed: str | None
    editions: tuple[Edition, ...]
    dated: tuple[DatedEdition, ...]
    suffix: str
    calendar: int

    def named(self, name: str) -> str:
        """What a column or step is called that each set has its own of."""
        return name + self.suffix

    @property
    def membership_year(self) -> str:
        """The column with the number of the membership year; sets with one calendar share it."""
        return f"membership_year_{self.calendar}" if self.calendar else "membership_year"


def version_sets(program: Program, versions: Sequence[str | None]) -> tuple[VersionSet, ...]:
    """The sets that `versions` name: an id for a fixed version, None for the timeline.

    Raises:
        LookupError: The program has no such version.
    """
    sets: list[VersionSet] = []
    edition_count = 0
    for number, version_id in enumerate(versions):
        editions = _editions(_in_force(program, version_id), edition_count)
        edition_count += len(editions)
        leap_days = leap_days_of(editions)
        calendar = next((one.number for one in sets if leap_days_of(one.editions) == leap_days), number)
        suffix = f"_{number}" if len(versions) > 1 else ""
        dated = _dated(program, editions, is_fixed=version_id is not None)
        sets.append(VersionSet(number, version_id, editions, dated, suffix, calendar))
    return tuple(sets)


def _dated(program: Program, editions: Sequence[Edition], *, is_fixed: bool) -> tuple[DatedEdition, ...]:
    if not is_fixed:
        return tuple(
            DatedEdition(index, edition, edition.version.activities, edition.version.activities)
            for index, edition in enumerate(editions)
        )
    own, rules = editions[0], program.activities_by_any_id(editions[0].version)
    references = [program.activities_by_any_id(version) for version in program.versions]
    return tuple(
        DatedEdition(index, own, rules, reference)
        for index, reference in enumerate((references[0], *references), start=-1)
    )


def leap_days_of(editions: Sequence[Edition]) -> list[tuple[int, LeapDay]]:
    """Where 29 February falls in common years, each with the first year in which it does."""
    found: list[tuple[int, LeapDay]] = []
    for edition in editions:
        day = edition.version.life_cycle.leap_day
        if not found:
            found.append((date.min.year, day))
        elif day is not found[-1][1]:  # from the first year on whose 28 February the version is in force
            begins = edition.version.effective_from
            found.append((begins.year + (begins > date(begins.year, 2, 28)), day))
    return found


def _in_force(program: Program, version_id: str | None) -> tuple[Version, ...]:
    if version_id is None:
        return program.versions
    version = program.version(version_id)
    if version is None:
        raise LookupError(version_id)
    return (version,)


def _editions(versions: Sequence[Version], first: int) -> tuple[Edition, ...]:
    editions: list[Edition] = []
    era = 0
    for index, version in enumerate(versions):
        if index and list(version.levels) != list(versions[index - 1].levels):
            era += 1
        editions.append(Edition(first + index, version, era))
    return tuple(editions)
