"""What a change is about: a rule that two versions have, or one of them, or a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.program import Version
    from pointbook.model.rules import Path
    from pointbook.model.sections import Section


class _Absent:
    """The value of what a version does not have."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""Stands for a value that one of the versions does not have."""


class Pair(NamedTuple):
    """Two versions that are compared.

    Attributes:
        old: The version that changes are found from.
        new: The version that they lead to.
        level_balance: The balance that decides levels; None if it is not known, and any may be.
    """

    old: Version
    new: Version
    level_balance: str | None = None

    def rules(self, section: Section) -> Iterator[Subject]:
        """Every rule that either version has in a section of rules with ids, by id."""
        old, new = self.old.rules(section), self.new.rules(section)
        for key in sorted({*old, *new}):
            values = (old.get(key, ABSENT), new.get(key, ABSENT))
            title = (new.get(key) or old[key]).title or key
            path = (section.value, key)
            yield Subject(self, section, key, title, f"{section}/{key}", path, path, values)


class Subject(NamedTuple):
    """What a change is about.

    Attributes:
        pair: The versions.
        section: The section of the rules.
        rule_id: Id of the rule in that section; empty in a section that is one rule.
        title: What people call the rule.
        address: Its stable name, path-like.
        old: Its path in the old version, as keys and list indexes.
        new: Its path in the new version.
        values: What the old and the new version have there, `ABSENT` for nothing.
        whole: What it is a part of; None for a rule.
    """

    pair: Pair
    section: Section
    rule_id: str
    title: str
    address: str
    old: Path
    new: Path
    values: tuple[Any, Any]
    whole: Subject | None = None

    @property
    def rules(self) -> tuple[Any, Any]:
        """The whole rule in both versions."""
        return self.values if self.whole is None else self.whole.rules

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

    def ordered(self, order: tuple[tuple[int, ...], tuple[int, ...]]) -> Subject:
        """The order of a list: indexes in the old one, as they are and as they become."""
        return self._replace(address=f"{self.address}/order", values=order, whole=self)

    def paths(self, *steps: str) -> tuple[Path, Path]:
        """Where a part of it is written, if documents call it otherwise."""
        return (*self.old, *steps), (*self.new, *steps)


def _part(value: Any, key: str | int | None) -> Any:
    if value is ABSENT or key is None:
        return ABSENT
    if isinstance(value, Mapping):
        return value.get(key, ABSENT)
    return value[key] if isinstance(key, int) else getattr(value, key)
