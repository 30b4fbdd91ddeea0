"""What rules are called: by their titles, with ids only where two titles are equal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.model.activities import Activity
    from pointbook.model.levels import Level
    from pointbook.model.program import Balance, Program
    from pointbook.model.rules import Benefit, Group

    Titled = Activity | Balance | Benefit | Group | Level


@dataclass(frozen=True, slots=True)
class Names:
    """What the rules of a program are called, by id. What it does not know is called by its id.

    Attributes:
        activities: Of any version; of several titles the latest.
        balances: Of the program.
        benefits: Likewise of any version.
        groups: Likewise.
        levels: Likewise.
    """

    activities: Mapping[str, str]
    balances: Mapping[str, str]
    benefits: Mapping[str, str]
    groups: Mapping[str, str]
    levels: Mapping[str, str]

    def level(self, level: str | None) -> str:
        """What a level is called; None is no level."""
        return "none" if level is None else self.levels[level]


class _ById(dict[str, str]):
    """Names by id."""

    def __missing__(self, key: str) -> str:
        return key


def names_of(program: Program) -> Names:
    """What the program's rules are called."""
    versions = program.versions
    return Names(
        activities=_called(activity for _, activity in program.activities),
        balances=_called(program.balances.values()),
        benefits=_called(benefit for version in versions for benefit in version.benefits.values()),
        groups=_called(group for version in versions for group in version.groups.values()),
        levels=_called(level for version in versions for level in version.levels.values()),
    )


def _called(rules: Iterable[Titled]) -> _ById:
    """By id the title; where two ids have the same one, with the id in parentheses."""
    titles = {rule.id: rule.title or rule.id for rule in rules}
    often = Counter(titles.values())
    return _ById(
        (name, f"{title} ({name})" if often[title] > 1 and title != name else title)
        for name, title in titles.items()
    )
