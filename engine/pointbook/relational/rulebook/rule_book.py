"""A program's version sets as a book of rows, and what the plan has to know to be built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.rules import Demotion
from pointbook.relational.rulebook.activity_rows import ActivityRows
from pointbook.relational.rulebook.cap_rows import CapRows
from pointbook.relational.rulebook.codes import FIRST_YEAR, RuleTable
from pointbook.relational.rulebook.level_rows import edition_table, eras_of, ladder_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Condition, Program
    from pointbook.relational.rulebook.codes import Row
    from pointbook.relational.rulebook.editions import VersionSet


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A program's version sets as rows, and what the plan has to know to be built.

    Attributes:
        tables: Tables by name.
        conditions: Each condition in use, by its number.
        attributes: Attributes that rows name by number.
        activities: The activities' ids, by number.
        bonuses: The most bonuses an activity has.
        epochs: For each stage of caps, how many limits a cap of it has had at most.
        eras: For the timeline, what the rank of a level of one era is in the next, era by era.
        levels: The most levels an edition has.
        can_fall: Balances from which an activity can deduct.
        apart: Balances whose totals the level balance's running sum does not give: all others, and
            that one too where its floor can be met.
        has_one_edition_each: No version set goes from one version to another.
        carries_earned: All that a period hands on to the next is what it has earned: no level is held
            for longer, and no points of the level balance can be lost.
    """

    tables: Mapping[str, RuleTable]
    conditions: tuple[Condition, ...]
    attributes: tuple[str, ...]
    activities: tuple[str, ...]
    bonuses: int
    epochs: tuple[int, ...]
    eras: tuple[Mapping[int, int], ...]
    levels: int
    can_fall: frozenset[str]
    apart: frozenset[str]
    has_one_edition_each: bool
    carries_earned: bool

    def rules_of(self, one: VersionSet) -> list[Row]:
        """Rows of `rules` that belong to a version set."""
        numbers = {book.number for book in one.books}
        return [row for row in self.tables["rules"].rows if row["book"] in numbers]


def rule_book(program: Program, sets: Sequence[VersionSet], assume: Assume, as_of: date) -> RuleBook:
    """The rules of `sets` as rows.

    Raises:
        UnsupportedRulesError: Caps come before one another in a circle.
    """
    caps = CapRows(sets)
    activities = ActivityRows(program, sets, assume, caps)
    versions = [edition.version for one in sets for edition in one.editions]
    levels = max((len(version.levels) for version in versions), default=0)
    return RuleBook(
        tables={
            "rules": activities.rules,
            "caps": caps.table(),
            "amounts": activities.amounts,
            "editions": edition_table(sets, levels),
            "numbers": RuleTable(
                {"number": "int32"}, [{"number": number} for number in range(_most_periods(sets, as_of))]
            ),
            "ladder": ladder_table(sets),
        },
        conditions=tuple(activities.conditions),
        attributes=tuple(activities.attributes),
        activities=tuple(activities.names),
        bonuses=activities.bonuses,
        epochs=caps.epochs,
        eras=eras_of(sets),
        levels=levels,
        can_fall=activities.can_fall,
        apart=activities.apart,
        has_one_edition_each=all(len(one.editions) == 1 for one in sets),
        carries_earned=program.level_balance not in activities.can_fall
        and all(version.life_cycle.demotion is Demotion.TO_EARNED for version in versions),
    )


def _most_periods(sets: Sequence[VersionSet], as_of: date) -> int:
    """No account has more periods of a balance from its first version on."""
    first_years = [
        FIRST_YEAR if one.fixed is not None else one.editions[0].version.effective_from.year for one in sets
    ]
    return max(as_of.year - min(first_years) + 2, 1)
