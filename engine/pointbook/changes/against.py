"""A program as it stands against the same program in a git commit, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from pointbook.changes.differences import changes_between
from pointbook.changes.directions import Direction

if TYPE_CHECKING:
    from pointbook.changes.change import Change
    from pointbook.model.program import Program, Version


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What became of one version, or how two differ.

    Attributes:
        status: `changed`, `appeared` or `vanished`.
        old: As it was, or what a new version follows; None for one that follows none.
        new: As it is; None for one that vanished.
        changes: From old to new; none where one of them is missing.
    """

    status: str
    old: Version | None
    new: Version | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A finished semantic diff.

    Attributes:
        old_name: What is compared, as the user typed it.
        new_name: With what.
        versions: Differences, by version date.
        program_changed: Whether program.yaml itself says something else.
    """

    old_name: str
    new_name: str
    versions: tuple[VersionDifference, ...]
    program_changed: bool = False

    @property
    def directions(self) -> frozenset[Direction]:
        """Every direction among the changes. What cannot be told is mixed."""
        found = {change.direction for version in self.versions for change in version.changes}
        if self.program_changed or any(version.status == "vanished" for version in self.versions):
            found.add(Direction.MIXED)
        if any(version.status == "appeared" and version.old is None for version in self.versions):
            found.add(Direction.MIXED)
        return frozenset(found)


def differences_against(old: Program | None, new: Program, ref: str) -> Difference:
    """Which versions changed, appeared and vanished between a commit and the working tree.

    A version that appeared is compared with the one in force before it.

    Args:
        old: The program as the commit has it, or None where it has none.
        new: The program as it stands.
        ref: The commit, as the user typed it.
    """
    before = {version.id: version for version in old.versions} if old is not None else {}
    after = {version.id: version for version in new.versions}
    either = sorted({**before, **after}.values(), key=attrgetter("effective_from", "id"))
    found: list[VersionDifference] = []
    for version in either:
        known = before.get(version.id)
        if version.id not in after:
            found.append(VersionDifference("vanished", version, None, ()))
        elif known is None:
            earlier = (one for one in new.versions if one.effective_from < version.effective_from)
            follows = max(earlier, key=attrgetter("effective_from"), default=None)
            changes = () if follows is None else changes_between(follows, version, new.level_balance)
            found.append(VersionDifference("appeared", follows, version, changes))
        elif changes := changes_between(known, version, new.level_balance):
            found.append(VersionDifference("changed", known, version, changes))
    changed = old is not None and old.sha256 != new.sha256
    return Difference(ref, "working tree", tuple(found), changed)
