"""The rules of all version sets as one table: what sets have in common stands there once.

An event is joined with the rules of all sets at once, by the version in force on its day and by its
activity. A column that is equal under two sets is one column, and one that says the same in every
row, of those that are no figures, is none: it stands in the plan as a constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointbook.relational.rulebook.rows import RuleTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rows import Cells

RuleKey = tuple[int, str]
"""Index of the version in force, and an activity."""
_FIGURES = "int64"
"""Of this type are figures; no constant stands for them, because SQL says nothing of its width."""


@dataclass(frozen=True, slots=True)
class RuleColumns:
    """The rules of all version sets as one table.

    Attributes:
        table: A row for each version in force and activity, with the activity's number.
        of_sets: For each set, the name here of each column that a rule has.
        agreed: What stands for a column that is not in the table, by its name here.
        types: Of the columns that a rule has.
        no_rule: The columns that mean something for an event without a rule too, with what they say
            of it; no constant stands for them.
    """

    table: RuleTable
    of_sets: tuple[Mapping[str, str], ...]
    agreed: Mapping[str, Any]
    types: Mapping[str, str]
    no_rule: Cells


def rule_columns(
    sets: Sequence[VersionSet],
    rules: Sequence[Mapping[RuleKey, Cells]],
    types: Mapping[str, str],
    activities: Sequence[str],
    no_rule: Cells,
) -> RuleColumns:
    """The rules of all sets as one table; `rules` has those of each set, `activities` all by number."""
    keys = sorted({key for own in rules for key in own})
    # Where a set has no rule, nothing comes of the rest, and it may as well be what others have.
    others = {key: row for own in reversed(rules) for key, row in own.items()}
    values: dict[str, list[Any]] = {}
    agreed: dict[str, Any] = {}
    of_sets: list[dict[str, str]] = []
    for one, own in zip(sets, rules, strict=True):
        rows = [own.get(key, others[key] | no_rule) for key in keys]
        names: dict[str, str] = {}
        for name in types:
            mine = [row[name] for row in rows]
            earlier = (known[name] for known in of_sets)
            names[name] = next((column for column in earlier if values[column] == mine), one.named(name))
            values[names[name]] = mine
            if name not in no_rule and types[name] != _FIGURES and len(set(mine)) == 1:
                agreed[names[name]] = mine[0]
        of_sets.append(names)
    kept = {
        names[name]: kind for names in of_sets for name, kind in types.items() if names[name] not in agreed
    }
    numbers = {activity: number for number, activity in enumerate(activities)}
    table = [
        {"version_index": index, "activity": activity, "activity_no": numbers[activity]}
        | {column: values[column][row] for column in kept}
        for row, (index, activity) in enumerate(keys)
    ]
    found_by = {"version_index": "int32", "activity": "string", "activity_no": "int32"}
    return RuleColumns(RuleTable(found_by | kept, table), tuple(of_sets), agreed, types, no_rule)
