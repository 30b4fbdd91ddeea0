"""What differs between two programs: versions that came, went, were renamed or take effect on other days.

    for version in version_differences(old, new):
        print(version.status, [change.sentence for change in version.changes])

A version in place of another, for a time, does what all differences between the two do as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from pointbook.changes.areas import Touches
from pointbook.changes.change import change_of
from pointbook.changes.differences import changes_between
from pointbook.changes.directions import Direction, Judgement, together
from pointbook.changes.kinds import Kind
from pointbook.changes.laws.passing import meets_times_cap
from pointbook.changes.subject import ABSENT, Pair, Subject
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.changes.change import Change
    from pointbook.model.program import Program, Version

_SAME_EVENTS = {Kind.AMOUNT_RAISED, Kind.AMOUNT_LOWERED, Kind.RANGE_RAISED, Kind.RANGE_LOWERED}
"""Kinds that leave it to the same events to use up what limits count by times, where all are positive."""
_WINDOWS = {Kind.CAP_WINDOW_WIDENED, Kind.CAP_WINDOW_NARROWED}


class Status(StrEnum):
    """What became of a version."""

    CHANGED = "changed"
    RENAMED = "renamed"
    APPEARED = "appeared"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What became of one version, or how two differ.

    Attributes:
        status: What became of it.
        old: As it was, or what a new version follows; None for one that follows none.
        new: As it is; for one that vanished, what is in force in its place, None where nothing is.
        changes: From old to new.
    """

    status: Status
    old: Version | None
    new: Version | None
    changes: tuple[Change, ...]


def version_differences(old: Program | None, new: Program) -> Iterator[VersionDifference]:
    """What became of each version that either program has, if anything did, by date.

    A version that appeared is compared with the one in force before it, and one that vanished with
    what is in force in its place.
    """
    before = {version.id: version for version in old.versions} if old is not None else {}
    after = {version.id: version for version in new.versions}
    names = _renamed(before, after)
    known = {names.get(key, key) for key in before}
    added = [version for key, version in after.items() if key not in known]
    for version in sorted((*before.values(), *added), key=attrgetter("effective_from", "id")):
        if before.get(version.id) is not version or old is None:
            yield _appeared(old, version, new)
        elif (name := names.get(version.id, version.id)) not in after:
            yield _vanished(old, version, new)
        elif changes := same_version_changes(version, after[name], (old, new)):
            status = Status.CHANGED if name == version.id else Status.RENAMED
            yield VersionDifference(status, version, after[name], changes)


def same_version_changes(old: Version, new: Version, programs: tuple[Program, Program]) -> tuple[Change, ...]:
    """The changes of a version that two programs have, with its name and the day on which it takes effect."""
    instead = _moved(old, new, programs) if old.effective_from != new.effective_from else None
    changes = changes_between(old, new, programs, instead)
    if old.id == new.id:
        return changes
    text = f"renamed, was {old.id}"
    renamed = _of_the_version(Pair(old, new, programs), Kind.VERSION_RENAMED, text, (old.id, new.id))
    return (renamed, *changes)


def _renamed(before: dict[str, Version], after: dict[str, Version]) -> dict[str, str]:
    """New ids of versions by their old ones: of the same day, else of the same rules."""
    gone = [version for key, version in before.items() if key not in after]
    came = [version for key, version in after.items() if key not in before]
    names: dict[str, str] = {}
    for is_same in (_same_day, _same_rules):
        for old in gone:
            found = [new for new in came if is_same(old, new) and new.id not in names.values()]
            if old.id not in names and len(found) == 1:
                names[old.id] = found[0].id
    return names


def _same_day(one: Version, other: Version) -> bool:
    return one.effective_from == other.effective_from


def _same_rules(one: Version, other: Version) -> bool:
    """Whether nothing differs but the version's own name, dates and words."""
    return all(change.section is Section.VERSION for change in changes_between(one, other))


def _of_the_version(pair: Pair, kind: Kind, sentence: str, ids: tuple[object, object]) -> Change:
    """A change of a version as a whole, which is written where its id is."""
    name = ids[0] if ids[1] is ABSENT else ids[1]
    path, address = ("id",), f"versions/{name}"
    subject = Subject(pair, Section.VERSIONS, str(name), f"Version {name}", address, path, path, ids)
    return change_of(subject, kind, sentence)


def _appeared(old: Program | None, version: Version, new: Program) -> VersionDifference:
    follows = _before(version, new.versions)
    if follows is None:
        # With nothing before it, there is nothing to say but that it is there.
        text = f"added, in force from {version.effective_from}; it follows no other"
        instead = Judgement(Direction.MIXED, "events count for which no version was in force")
        pair = Pair(version, version, (new,), instead)
        change = _of_the_version(pair, Kind.VERSION_ADDED, text, (ABSENT, version.id))
        return VersionDifference(Status.APPEARED, None, version, (change,))
    programs = (old, new) if old is not None else (new,)
    changes = changes_between(follows, version, programs)
    later = any(one.effective_from > version.effective_from for one in new.versions)
    reason = f"from then on it is in force instead of {follows.id}"
    instead = (
        _in_place(changes, Pair(follows, version, programs), reason)
        if later
        else Judgement(together(change.direction for change in changes), reason)
    )
    text = f"added, in force from {version.effective_from}, after {follows.id}"
    pair = Pair(follows, version, programs, instead)
    change = _of_the_version(pair, Kind.VERSION_ADDED, text, (ABSENT, version.id))
    return VersionDifference(Status.APPEARED, follows, version, (change, *changes))


def _vanished(old: Program, version: Version, new: Program) -> VersionDifference:
    instead_of = _before(version, new.versions)
    text = f"removed, was in force from {version.effective_from}"
    programs = (old, new)
    if instead_of is None:
        place = new.versions[0]
        instead = Judgement(Direction.MIXED, "no version is in force instead")
        pair = Pair(version, place, programs, instead)
        change = _of_the_version(pair, Kind.VERSION_REMOVED, text, (version.id, ABSENT))
        return VersionDifference(Status.VANISHED, version, None, (change,))
    changes = changes_between(version, instead_of, programs)
    reason = f"{instead_of.id} is in force instead"
    pair = Pair(version, instead_of, programs)
    pair = Pair(version, instead_of, programs, _in_place(changes, pair, reason))
    change = _of_the_version(pair, Kind.VERSION_REMOVED, f"{text}; {reason}", (version.id, ABSENT))
    rules = (one for one in changes if one.section is not Section.VERSION)
    return VersionDifference(Status.VANISHED, version, instead_of, (change, *rules))


def _before(version: Version, versions: Iterable[Version]) -> Version | None:
    """The version in force before another takes effect."""
    earlier = (one for one in versions if one.effective_from < version.effective_from)
    return max(earlier, key=attrgetter("effective_from"), default=None)


def _moved(old: Version, new: Version, programs: tuple[Program, Program]) -> Judgement:
    """What it does that a version takes effect on another day."""
    sides = tuple(
        ([one.id for one in program.versions if one.id != version.id], version, program)
        for version, program in zip((old, new), programs, strict=True)
    )
    passed = [
        [one.id for one in program.versions if one.effective_from < version.effective_from]
        for _, version, program in sides
    ]
    common = set(sides[0][0]) & set(sides[1][0])
    if {*passed[0]} & common != {*passed[1]} & common:
        return Judgement(Direction.MIXED, "it changes places with another version")
    befores = tuple(_before(version, program.versions) for _, version, program in sides)
    found = []
    for before, version in zip(befores, (old, new), strict=True):
        if before is None:
            return Judgement(Direction.MIXED, "there is no version before it, so other events count at all")
        changes = changes_between(before, version, programs)
        earlier = new.effective_from < old.effective_from
        which = f"{version.id} is in force instead of {before.id}"
        if not earlier:
            which = f"{before.id} is in force instead of {version.id}"
        judgement = _in_place(changes, Pair(before, version, programs), f"between the two days {which}")
        found.append(judgement if earlier else judgement.opposite)
    if found[0].direction is not found[1].direction:
        return Judgement(Direction.MIXED, found[1].reason)
    return found[1]


def _in_place(changes: tuple[Change, ...], pair: Pair, reason: str) -> Judgement:
    """What it does that a version is in force in place of another while members were going by that one."""
    for change in changes:
        if any(getattr(points, "can_be_assessed", False) for points in _points_of(change)):
            text = f"{reason}, and values were assessed by the other rule"
            return Judgement(Direction.MIXED, text)
        uses_up = change.kind.touches is Touches.EVENTS and change.kind not in _SAME_EVENTS
        if change.kind in _WINDOWS or (uses_up and meets_times_cap(pair, change.section, change.rule_id)):
            text = f"{reason}, and what is used up of limits goes on from the one to the other"
            return Judgement(Direction.MIXED, text)
    return Judgement(together(change.direction for change in changes), reason)


def _points_of(change: Change) -> Iterator[object]:
    """The rules, of which at least one is another one, by which points are found."""
    for value in (change.old.value, change.new.value):
        entries = getattr(value, "entries", (value,))
        yield from (getattr(entry, "points", entry) for entry in entries)
