"""Whether a cap that is needless in its version can cut something in time, or counts for a later one.

A cap's usage goes with it from version to version: what an earlier one let through fills it, and what
this one lets through fills the same cap of a later one. Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pointbook.reasoning.awards import awards_of
from pointbook.reasoning.caps import after_points_caps, capped_of
from pointbook.reasoning.needless_caps import needless_caps
from pointbook.reasoning.over_versions import most_of, passage, sharing_after, sharing_before

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path
    from pointbook.reasoning.caps import Capped
    from pointbook.reasoning.needless_caps import Bound


class _Edition(NamedTuple):
    """A cap as one version has it.

    Attributes:
        version: The version.
        owner: Its activity or group there.
        place: Which of the owner's caps.
        needless: Those of the owner's caps that are needless in the version by itself, and why.
    """

    version: Version
    owner: Capped
    place: int
    needless: Mapping[int, Bound]

    @property
    def cap(self) -> Cap:
        return self.owner.caps[self.place]

    @property
    def form(self) -> list[tuple[str, str, int]]:
        """All caps of the owner, without titles."""
        return [(cap.kind, cap.per, cap.limit) for cap in self.owner.caps]


class CapUsage:
    """The caps of a program's versions, as they come one after the other.

    Attributes:
        versions: By time.
    """

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions = versions
        self._needless: dict[tuple[int, Path], Mapping[int, Bound]] = {}
        self._used_up: dict[tuple[int, Path, int], Version | None] = {}

    @cached_property
    def _owners(self) -> list[Mapping[Path, Capped]]:
        return [{owner.path: owner for owner in capped_of(version)} for version in self.versions]

    def owners(self, number: int) -> Mapping[Path, Capped]:
        """What has caps in the version of that number, from 0, by path."""
        return self._owners[number]

    def used_up_by(self, number: int, owner: Capped, index: int) -> Version | None:
        """The last version before this one that can have used the cap up so far that it cuts here.

        Of a cap that is needless in its version by itself.
        """
        key = (number, owner.path, index)
        if key not in self._used_up:
            self._used_up[key] = self._last_before(number, owner, index)
        return self._used_up[key]

    def _last_before(self, number: int, owner: Capped, index: int) -> Version | None:
        cap = owner.caps[index]
        start = number - len(sharing_before(self.versions, number, cap.per))
        editions = self._editions(range(start, number + 1), owner.path, cap)
        if len(editions) == 1 or not _can_cut(editions):
            return None
        return editions[-2].version

    def binding_later(self, number: int, owner: Capped, index: int) -> Version | None:
        """The first later version that has the cap, shares a window with this one, and can be cut by it."""
        cap = owner.caps[index]
        for later in range(number + 1, number + 1 + len(sharing_after(self.versions, number, cap.per))):
            if edition := self._editions([later], owner.path, cap):
                found = edition[0]
                if found.place not in found.needless or self.used_up_by(later, found.owner, found.place):
                    return found.version
        return None

    def _editions(self, numbers: Sequence[int], path: Path, cap: Cap) -> list[_Edition]:
        """The cap in each of the versions that has one of its kind and window there."""
        found = []
        for number in numbers:
            owner = self._owners[number].get(path)
            index = next(
                (
                    index
                    for index, other in enumerate(owner.caps if owner is not None else ())
                    if (other.kind, other.per) == (cap.kind, cap.per)
                ),
                None,
            )
            if owner is not None and index is not None and owner.incoming.smallest is not None:
                if (number, path) not in self._needless:
                    self._needless[number, path] = dict(needless_caps(owner))
                found.append(_Edition(self.versions[number], owner, index, self._needless[number, path]))
        return found


def _can_cut(editions: Sequence[_Edition]) -> bool:
    """Whether the cap can cut under the last of these versions, after what the others let through."""
    last = editions[-1]
    cap, reason = last.cap, last.needless[last.place].reason
    if reason is not None and reason > last.place:
        # The next cap is used up whenever this one is, if they went through both together all the time.
        if any(edition.form != last.form for edition in editions):
            return True
        before = last.owner.caps[: last.place]
        coming = [
            passage(after_points_caps(edition.owner.incoming, before), [last.owner.caps[reason]])
            for edition in editions
        ]
        most = most_of(coming, cap.kind, cap.per)
        return most is None or most > cap.limit
    bounds = [_behind_earlier_caps(editions)]
    if last.owner.is_group:
        bounds.append(_behind_members(editions))
    return not any(most is not None and most <= cap.limit for most in bounds)


def _behind_earlier_caps(editions: Sequence[_Edition]) -> int | None:
    """The most that comes to the cap in one window, by what stands before it in its rule."""
    coming = [
        passage(
            edition.owner.incoming,
            [
                cap
                for index, cap in enumerate(edition.owner.caps[: edition.place])
                if index not in edition.needless
            ],
        )
        for edition in editions
    ]
    return most_of(coming, editions[-1].cap.kind, editions[-1].cap.per)


def _behind_members(editions: Sequence[_Edition]) -> int | None:
    """The most that comes to a group in one window, by its activities' own caps."""
    cap, most = editions[-1].cap, 0
    names = dict.fromkeys(member.id for edition in editions for member in edition.owner.members)
    for name in names:
        rules = [member for edition in editions for member in edition.owner.members if member.id == name]
        some = most_of([passage(awards_of(rule), rule.caps) for rule in rules], cap.kind, cap.per)
        if some is None:
            return None
        most += some
    return most
