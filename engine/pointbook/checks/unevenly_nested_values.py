"""Values of a table that are not nested as deep as it has attributes.

**What.** With `attribute`, `values` are amounts by that attribute's value. With `attributes: [a, b]` each
value of `a` holds the amounts by the values of `b`, and so on for more.

**Why.** An amount that stands too high or too deep is never found, and its events are `out_of_range`.

**Fix.** None: what is missing, or too much, is not known.

Failing:

    activities:
      stay.booked:
        attributes: {brand: {type: text}, tier: {type: text}}
        points:
          by:
            attributes: [brand, tier]
            values: {grand: {gold: 100, basic: 50}, inn: 20}

Fixed:

    activities:
      stay.booked:
        attributes: {brand: {type: text}, tier: {type: text}}
        points:
          by:
            attributes: [brand, tier]
            values: {grand: {gold: 100, basic: 50}, inn: {gold: 20, basic: 20}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.points.lookup import Table
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "unevenly-nested-values"


def unevenly_nested_values(subject: CheckSubject) -> Findings:
    """A finding for each amount that stands higher or deeper than its table has attributes."""
    for version, activity in subject.program.activities:
        for place, outermost in activity.tables:
            for steps, table in outermost.layers:
                for keys, _ in table.leaves:
                    if len(keys) != len(table.attributes):
                        path = ("activities", activity.id, *place, *steps, "values", *keys)
                        yield _finding(version, path, keys, table)


def _finding(version: Version, path: Path, keys: tuple[str, ...], table: Table) -> Finding:
    names = " and ".join(f"`{name}`" for name in table.attributes)
    where = " ".join(keys)
    if len(keys) < len(table.attributes):
        lacking = table.attributes[len(keys)]
        message = f"the table is by {names}, but `{where}` has one number for every `{lacking}`"
        hint = f"write the number of each value of `{lacking}`: `{keys[-1]}: {{VALUE: 10}}`"
    else:
        message = f"the table is by {names} alone, but `{where}` is nested deeper"
        hint = "name what the inner values are of: `attributes: [OUTER, INNER]`"
    return Finding(version.span(*path), CODE, message, hint)
