"""Whether a cap that is needless in its version can cut something in time, or counts for a later one.

A cap's usage goes with it from version to version: what an earlier one let through fills it, and what
this one lets through fills the same cap of a later one. Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pointbook.reasoning.awards import awards_of
from pointbook.reasoning.caps import after_points_caps, capped_of
from pointbook.reasoning.needless_caps import needless_caps
from pointbook.reasoning.over_versions import Together, most_of, passage, sharing_before

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path
    from pointbook.model.windows import CapKind, Per
    from pointbook.reasoning.caps import Capped
    from pointbook.reasoning.needless_caps import Bound
    from pointbook.reasoning.over_versions import Passage


class _Edition:
    """A cap as one version has it.

    Attributes:
        number: Of the version, from 0.
        owner: Its activity or group there.
        place: Which of the owner's caps.
        needless: Those of the owner's caps that are needless in the version by itself, and why.
    """

    def __init__(self, number: int, owner: Capped, place: int, needless: Mapping[int, Bound]) -> None:
        self.number = number
        self.owner = owner
        self.place = place
        self.needless = needless

    @property
    def cap(self) -> Cap:
        return self.owner.caps[self.place]

    @property
    def is_needless(self) -> bool:
        return self.place in self.needless

    @cached_property
    def form(self) -> list[tuple[str, str, Amount]]:
        """All caps of the owner, without titles."""
        return [(cap.kind, cap.per, cap.limit) for cap in self.owner.caps]

    @cached_property
    def behind_earlier_caps(self) -> Passage:
        """What comes to the cap, by what stands before it in its rule."""
        before = enumerate(self.owner.caps[: self.place])
        return passage(self.owner.incoming, [cap for index, cap in before if index not in self.needless])


class CapUsage:
    """The caps of a program's versions, as they come one after the other.

    Attributes:
        versions: By time.
    """

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions = versions
        self._needless: dict[tuple[int, Path], Mapping[int, Bound]] = {}
        self._series: dict[tuple[Path, CapKind, Per], _Series] = {}
        self._first: dict[tuple[int, Per], int] = {}

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
        found = self._series_of(owner, index).used_up_by.get(number)
        return None if found is None else self.versions[found]

    def binding_later(self, number: int, owner: Capped, index: int) -> Version | None:
        """The first later version that has the cap, shares a window with this one, and can be cut by it."""
        later = self._series_of(owner, index).binding
        place = bisect_right(later, number)
        if place == len(later) or self._first_sharing(later[place], owner.caps[index].per) > number:
            return None
        return self.versions[later[place]]

    def _series_of(self, owner: Capped, index: int) -> _Series:
        cap = owner.caps[index]
        key = (owner.path, cap.kind, cap.per)
        if key not in self._series:
            first = partial(self._first_sharing, per=cap.per)
            self._series[key] = _Series(self._editions(owner.path, cap), first)
        return self._series[key]

    def _first_sharing(self, number: int, per: Per) -> int:
        """The first of the versions that can be in force in one window with that of the number."""
        if (number, per) not in self._first:
            self._first[number, per] = number - len(sharing_before(self.versions, number, per))
        return self._first[number, per]

    def _editions(self, path: Path, cap: Cap) -> list[_Edition]:
        """The cap in each of the versions that has one of its kind and window there."""
        found = []
        for number, owners in enumerate(self._owners):
            owner = owners.get(path)
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
                found.append(_Edition(number, owner, index, self._needless[number, path]))
        return found


class _Series:
    """A cap as versions have it, one after the other.

    Attributes:
        used_up_by: By the number of a version that does not need the cap by itself: the last one before that
            can have used it up so far that it cuts.
        binding: The numbers of the versions in which it can cut.
    """

    def __init__(self, editions: Sequence[_Edition], first_sharing: Callable[[int], int]) -> None:
        self.used_up_by: dict[int, int] = {}
        self.binding: list[int] = []
        first = begun = 0
        coming: Together | None = None
        for place, edition in enumerate(editions):
            while editions[first].number < first_sharing(edition.number):
                first += 1
            if coming is None or first != begun:
                begun, coming = first, Together(edition.cap.kind, edition.cap.per)
                for earlier in editions[first:place]:
                    coming.add(earlier.behind_earlier_caps)
            coming.add(edition.behind_earlier_caps)
            if edition.is_needless and first < place and _can_cut(editions[first : place + 1], coming.most):
                self.used_up_by[edition.number] = editions[place - 1].number
            if not edition.is_needless or edition.number in self.used_up_by:
                self.binding.append(edition.number)


def _can_cut(editions: Sequence[_Edition], behind_earlier_caps: Amount | None) -> bool:
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
    bounds = [behind_earlier_caps]
    if last.owner.is_group:
        bounds.append(_behind_members(editions))
    return not any(most is not None and most <= cap.limit for most in bounds)


def _behind_members(editions: Sequence[_Edition]) -> Amount | None:
    """The most that comes to a group in one window, by its activities' own caps."""
    cap = editions[-1].cap
    most: Amount = 0
    names = dict.fromkeys(member.id for edition in editions for member in edition.owner.members)
    for name in names:
        rules = [member for edition in editions for member in edition.owner.members if member.id == name]
        some = most_of([passage(awards_of(rule), rule.caps) for rule in rules], cap.kind, cap.per)
        if some is None:
            return None
        most += some
    return most
