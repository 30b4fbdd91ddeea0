"""What a change is about: a rule that two versions have, or one of them, or a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.activities import EntryRule
from pointbook.model.eligibility import looks_at_level
from pointbook.model.program import activities_by_any_id
from pointbook.reasoning.awards import never_negative
from pointbook.reasoning.cap_order import CapOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.directions import Judgement
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path
    from pointbook.model.sections import Section


class _Absent:
    """The value of what a version does not have."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""Stands for a value that one of the versions does not have."""


@dataclass(frozen=True)
class Pair:
    """Two versions that are compared.

    Attributes:
        old: The version that changes are found from.
        new: The version that they lead to.
        programs: The program of the one and that of the other; none where they are not known, and any
            balance may be the one that decides levels.
        instead: What it does that the one is in force in place of the other for a time; None where
            nobody has looked.
    """

    old: Version
    new: Version
    programs: tuple[Program, ...] = ()
    instead: Judgement | None = None

    def rules(self, section: Section) -> Iterator[Subject]:
        """Every rule that either version has in a section of rules with ids, by id."""
        old, new = self.old.rules(section), self.new.rules(section)
        for key in sorted({*old, *new}):
            values = (old.get(key, ABSENT), new.get(key, ABSENT))
            title = (new.get(key) or old[key]).title or key
            path = (section.value, key)
            yield Subject(self, section, key, title, f"{section}/{key}", path, path, values)

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """Activities that only the new version has and that stand for one that only the old one has.

        Its id, by theirs; over several versions too, and the other way round where the new one is earlier.
        """
        found: dict[str, str] = {}
        new = activities_by_any_id(self.new, self.versions)
        for name in sorted(self.old.activities.keys() - self.new.activities.keys()):
            if name in new and new[name].id not in self.old.activities:
                found.setdefault(new[name].id, name)
        return found

    @cached_property
    def others(self) -> tuple[Version, ...]:
        """The other versions of the programs, which are in force before or after these."""
        known = {id(version): version for program in self.programs for version in program.versions}
        return tuple(one for one in known.values() if one.id not in {self.old.id, self.new.id})

    @property
    def versions(self) -> tuple[Version, ...]:
        """Both, and all others that can be in force before or after them."""
        return (self.old, self.new, *self.others)

    @cached_property
    def in_groups(self) -> Mapping[str, frozenset[str]]:
        """The activities in each group, in any version."""
        found: dict[str, set[str]] = {}
        for version in self.versions:
            for key, rule in version.activities.items():
                for group in rule.groups:
                    found.setdefault(group, set()).add(key)
        return {group: frozenset(keys) for group, keys in found.items()}

    @cached_property
    def timelines(self) -> tuple[tuple[Version, ...], ...]:
        """Versions as they are in force one after the other: in each program, and either by itself."""
        return (*(program.versions for program in self.programs), (self.old,), (self.new,))

    @cached_property
    def looks_at_level(self) -> bool:
        """Whether what an event comes to can depend on a level, in any version."""
        return any(map(looks_at_level, self.versions))

    def cap_order(self, activity: str) -> CapOrder:
        """In which order the caps that the activity meets could be taken, and those that come with them."""
        if activity not in self._cap_orders:
            connected = self._connected(activity)
            order = CapOrder(self.timelines, connected)
            self._cap_orders.update(dict.fromkeys(connected, order))
        return self._cap_orders[activity]

    @cached_property
    def _cap_orders(self) -> dict[str, CapOrder]:
        return {}

    def gives_several(self, activity: str) -> bool:
        """Whether an event of it, or of one that shares groups with it, can give in several balances."""
        return not self._giving_several.isdisjoint(self._connected(activity))

    @cached_property
    def _giving_several(self) -> frozenset[str]:
        rules = (rule for version in self.versions for rule in version.activities.values())
        return frozenset(rule.id for rule in rules if sum(not one.is_spend for one in rule.entries) > 1)

    @cached_property
    def earned(self) -> Mapping[str, frozenset[str]]:
        """The balances that each activity gives in, in any version."""
        found: dict[str, set[str]] = {}
        for version in self.versions:
            for key, rule in version.activities.items():
                found.setdefault(key, set()).update(one.balance for one in rule.entries if not one.is_spend)
        return {key: frozenset(balances) for key, balances in found.items()}

    def _connected(self, activity: str) -> set[str]:
        """The activities that share groups with it, in any version, or with one of these."""
        found, fresh = {activity}, {activity}
        while fresh:
            beside = (members for members in self.in_groups.values() if fresh & members)
            fresh = set().union(*beside) - found
            found |= fresh
        return found

    @cached_property
    def cut_balances(self) -> frozenset[str]:
        """The balances with a floor, and with activities that can take from them."""
        return deductible(self.versions, self.floored)

    @property
    def floored(self) -> frozenset[str]:
        """The balances with a floor."""
        return frozenset(
            key
            for program in self.programs
            for key, balance in program.balances.items()
            if balance.floor is not None
        )

    @property
    def level_balance(self) -> str:
        """The balance that decides levels; a name that no other has where it is not known."""
        return self.programs[-1].level_balance if self.programs else ""

    def decides_levels(self, balance: str) -> bool:
        """Whether the balance is, or may be, the one that decides levels."""
        return not self.programs or any(program.level_balance == balance for program in self.programs)


class ProgramPair(NamedTuple):
    """Two programs that are compared, for what stands in program.yaml."""

    old: Program
    new: Program

    @property
    def versions(self) -> tuple[Version, ...]:
        """All versions of both."""
        return (*self.old.versions, *self.new.versions)


def deductible(versions: tuple[Version, ...], balances: frozenset[str]) -> frozenset[str]:
    """Those of the balances from which some activity of the versions can take what a floor can cut."""
    if not balances:
        return balances
    return frozenset(
        entry.balance
        for version in versions
        for rule in version.activities.values()
        for entry in rule.entries
        if entry.balance in balances and not entry.is_spend and not never_negative(entry, rule)
    )


class Subject(NamedTuple):
    """What a change is about.

    Attributes:
        compared: The versions; the programs, if it stands in program.yaml.
        section: The section of the rules.
        rule_id: Id of the rule in that section; empty in a section that is one rule.
        title: What people call the rule.
        address: Its stable name, path-like.
        old: Its path in the old version, as keys and list indexes.
        new: Its path in the new version.
        values: What the old and the new version have there, `ABSENT` for nothing.
        whole: What it is a part of; None for a rule.
    """

    compared: Pair | ProgramPair
    section: Section
    rule_id: str
    title: str
    address: str
    old: Path
    new: Path
    values: tuple[Any, Any]
    whole: Subject | None = None

    @property
    def pair(self) -> Pair:
        """The versions, of a subject that stands in one."""
        assert isinstance(self.compared, Pair)
        return self.compared

    @property
    def program_pair(self) -> ProgramPair:
        """The programs, of a subject that stands in program.yaml."""
        assert isinstance(self.compared, ProgramPair)
        return self.compared

    @property
    def documents(self) -> tuple[Version, Version] | tuple[Program, Program]:
        """Where its values are written."""
        if isinstance(self.compared, Pair):
            return self.compared.old, self.compared.new
        return self.compared.old, self.compared.new

    @property
    def rules(self) -> tuple[Any, Any]:
        """The whole rule in both versions."""
        return self.values if self.whole is None else self.whole.rules

    @property
    def entry(self) -> Subject | None:
        """The entry of an activity that it is, or is a part of."""
        if isinstance(self.present, EntryRule):
            return self
        return None if self.whole is None else self.whole.entry

    @property
    def present(self) -> Any:
        """The new value, or the old one where it is gone."""
        old, new = self.values
        return old if new is ABSENT else new

    @property
    def differs(self) -> bool:
        """Whether the versions have something else there."""
        return bool(self.values[0] != self.values[1])

    def at(self, key: str) -> Subject:
        """A part of it that is at the same place in both versions."""
        return self.item(key, key, key)

    def item(self, name: str, old: str | int | None, new: str | int | None) -> Subject:
        """An item of it that has another place in each version; None where one lacks it."""
        there: Any = new if old is None else old
        here: Any = old if new is None else new
        return self._replace(
            address=f"{self.address}/{name}",
            old=(*self.old, there),
            new=(*self.new, here),
            values=(_part(self.values[0], old), _part(self.values[1], new)),
            whole=self,
        )

    def paths(self, *steps: str) -> tuple[Path, Path]:
        """Where a part of it is written, if documents call it otherwise."""
        return (*self.old, *steps), (*self.new, *steps)


def _part(value: Any, key: str | int | None) -> Any:
    if value is ABSENT or key is None:
        return ABSENT
    if isinstance(value, Mapping):
        return value.get(key, ABSENT)
    return value[key] if isinstance(key, int) else getattr(value, key)
