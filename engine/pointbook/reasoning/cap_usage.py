"""Whether a cap that is needless in its version can cut something in time, or counts for a later one.

A cap's usage goes with it from version to version: what was awarded under an earlier one fills it, and what
is awarded under this one fills the same cap of a later one. Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING

from pointbook.reasoning.caps import capped_of
from pointbook.reasoning.needless_caps import needless_caps
from pointbook.reasoning.over_versions import Together, most_of, passage, sharing_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path
    from pointbook.model.windows import CapKind, Per
    from pointbook.reasoning.caps import Capped
    from pointbook.reasoning.needless_caps import Bound
    from pointbook.reasoning.over_versions import Passage

    _Look = tuple[Path, str | None]
    """Where caps are written, and the one of several balances that is looked at."""


class _Edition:
    """A cap as one version has it.

    Attributes:
        number: Of the version, from 0.
        owner: Its activity or group there.
        place: Which of the owner's caps.
        needless: Those of the owner's caps that are needless in the version by itself, and why.
        groups: Those that the owner is in.
    """

    def __init__(
        self, number: int, owner: Capped, place: int, needless: Mapping[int, Bound], groups: Sequence[Capped]
    ) -> None:
        self.number = number
        self.owner = owner
        self.place = place
        self.needless = needless
        self.groups = groups

    @property
    def cap(self) -> Cap:
        return self.owner.caps[self.place]

    @property
    def is_needless(self) -> bool:
        return self.place in self.needless

    @cached_property
    def behind_the_others(self) -> Passage:
        """What is awarded without the cap, by the others in its rule."""
        others = enumerate(self.owner.caps)
        needed = [cap for index, cap in others if index != self.place and index not in self.needless]
        return passage(self.owner.incoming, needed)


class CapUsage:
    """The caps of a program's versions, as they come one after the other.

    Attributes:
        versions: By time.
    """

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions = versions
        self._needless: dict[tuple[int, _Look], Mapping[int, Bound]] = {}
        self._series: dict[tuple[Path, CapKind, Per, str | None], _Series] = {}
        self._first: dict[tuple[int, Per], int] = {}

    @cached_property
    def _owners(self) -> list[Mapping[_Look, Capped]]:
        return [{owner.key: owner for owner in capped_of(version)} for version in self.versions]

    def owners(self, number: int) -> Mapping[_Look, Capped]:
        """What has caps in the version of that number, from 0, by path and balance."""
        return self._owners[number]

    def needless(self, number: int, owner: Capped) -> Mapping[int, Bound]:
        """Those of the owner's caps that are needless in the version of that number by itself, and why."""
        key = (number, owner.key)
        if key not in self._needless:
            staying = [
                (group, index)
                for group in self._groups(number, owner)
                for index, place in enumerate(group.places)
                if place not in self._needless_places(number, group)
            ]
            self._needless[key] = dict(needless_caps(owner, staying))
        return self._needless[key]

    def _needless_places(self, number: int, group: Capped) -> set[int]:
        """Which of the caps that a group has are needless, for whatever balance."""
        looks = {group.key: group, (group.path, None): self._owners[number].get((group.path, None), group)}
        return {one.places[index] for one in looks.values() for index in self.needless(number, one)}

    def _groups(self, number: int, owner: Capped) -> Sequence[Capped]:
        """The groups that an activity is in, as they limit what is looked at; none of a group."""
        if owner.is_group:
            return ()
        [member] = owner.members
        fed = {entry.balance for entry in member.entries}
        balance = fed.pop() if len(fed) == 1 else None
        owners, found = self._owners[number], []
        for name in member.activity.groups:
            path = ("groups", name)
            group = owners.get((path, balance)) or owners.get((path, None))
            if group is not None:
                found.append(group)
        return found

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
        key = (owner.path, cap.kind, cap.per, cap.balance)
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
        balances = dict.fromkeys((cap.balance, None))
        for number, owners in enumerate(self._owners):
            looks = (owners.get((path, balance)) for balance in balances)
            owner, index = next(
                (
                    (look, index)
                    for look in looks
                    for index, other in enumerate(() if look is None else look.caps)
                    if (other.kind, other.per, other.balance) == (cap.kind, cap.per, cap.balance)
                ),
                (None, 0),
            )
            if owner is not None and owner.incoming.smallest is not None:
                groups = self._groups(number, owner)
                found.append(_Edition(number, owner, index, self.needless(number, owner), groups))
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
                    coming.add(earlier.behind_the_others)
            coming.add(edition.behind_the_others)
            if edition.is_needless and first < place and _can_cut(editions[first : place + 1], coming.most):
                self.used_up_by[edition.number] = editions[place - 1].number
            if not edition.is_needless or edition.number in self.used_up_by:
                self.binding.append(edition.number)


def _can_cut(editions: Sequence[_Edition], behind_the_others: Amount | None) -> bool:
    """Whether the cap can cut under the last of these versions, after what was awarded under the others."""
    bounds = chain((behind_the_others,), _behind_groups(editions), _behind_members(editions))
    return not any(most is not None and most <= editions[-1].cap.limit for most in bounds)


def _behind_groups(editions: Sequence[_Edition]) -> Iterator[Amount | None]:
    """The most that is awarded in one window, by each group that the activity is in all the time."""
    cap, last = editions[-1].cap, editions[-1].groups
    for path in [group.path for group in last]:
        ways = [[group for group in edition.groups if group.path == path] for edition in editions]
        if all(ways):
            passages = [passage(group.incoming, group.caps) for [group] in ways]
            yield most_of(passages, cap.kind, cap.per)


def _behind_members(editions: Sequence[_Edition]) -> Iterator[Amount | None]:
    """The most that is awarded to a group in one window, by its activities' own caps."""
    if not editions[-1].owner.is_group:
        return
    cap = editions[-1].cap
    most: Amount = 0
    members = [
        (member, awards)
        for edition in editions
        for member, awards in zip(edition.owner.members, edition.owner.awards, strict=True)
    ]
    for name in dict.fromkeys(member.id for member, _ in members):
        rules = [passage(awards, member.above, member.own) for member, awards in members if member.id == name]
        some = most_of(rules, cap.kind, cap.per)
        if some is None:
            return
        most += some
    yield most
