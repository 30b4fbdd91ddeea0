"""What rules are called: by their titles, with ids only where two titles are equal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
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
        are_amounts_named: Whether an amount bears the name of its balance, not of points: where one event
            can change several balances.
    """

    activities: Mapping[str, str]
    balances: Mapping[str, str]
    benefits: Mapping[str, str]
    groups: Mapping[str, str]
    levels: Mapping[str, str]
    are_amounts_named: bool = False

    def level(self, level: str | None) -> str:
        """What a level is called; None is no level."""
        return "none" if level is None else self.levels[level]

    def amount(self, amount: Amount, balance: str) -> str:
        """An amount of a balance: "27 points", or "27 Elite nights"."""
        return f"{amount:,} {self.balances[balance]}" if self.are_amounts_named else quantity(amount, "point")


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
        are_amounts_named=any(len(activity.entries) > 1 for _, activity in program.activities),
    )


def _called(rules: Iterable[Titled]) -> _ById:
    """By id the title; where two ids have the same one, with the id in parentheses."""
    titles = {rule.id: rule.title or rule.id for rule in rules}
    often = Counter(titles.values())
    return _ById(
        (name, f"{title} ({name})" if often[title] > 1 and title != name else title)
        for name, title in titles.items()
    )
