"""A table by level that does not say what it gives without a level.

**What.** A table by `level` lists `none`, or has `else`, unless the version has a base level, which it
then lists. A level that is not listed has what the nearest listed one below has.

**Why.** Every member without a level, or with one below those listed, would earn nothing there: the
event comes out as `out_of_range`.

**Fix.** None: only you know what it gives.

Failing:

    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}
    activities:
      talk: {points: {by: {attribute: level, values: {silver: 10, gold: 20}}}}

Fixed:

    levels:
      silver: {threshold: 500}
      gold: {threshold: 5000}
    activities:
      talk: {points: {by: {attribute: level, values: {none: 5, silver: 10, gold: 20}}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding
from pointbook.model.attributes import LEVEL, NO_LEVEL

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.points.lookup import Table
    from pointbook.model.program import Version

CODE = "table-without-none"


def table_without_none(subject: CheckSubject) -> Findings:
    """A finding for each table by level that has nothing for the lowest that a member can hold."""
    for version, activity in subject.program.activities:
        lowest = _lowest(version)
        for steps, outermost in activity.tables:
            for deeper, table in outermost.layers:
                if LEVEL in table.attributes and table.otherwise is None and _lacks(table, lowest):
                    name = "a member without a level" if lowest == NO_LEVEL else f"the base level `{lowest}`"
                    yield Finding(
                        version.span("activities", activity.id, *steps, *deeper, "values"),
                        CODE,
                        f"the table by `level` of activity `{activity.id}` has nothing for {name}",
                        f"add `{lowest}: ...`; a level that is not listed has what the one below it has",
                    )


def _lowest(version: Version) -> str:
    base = next((level.id for level in version.levels.values() if level.is_base), None)
    return NO_LEVEL if base is None else base


def _lacks(table: Table, lowest: str) -> bool:
    """Whether some combination of other values has nothing for the lowest level."""
    place = table.attributes.index(LEVEL)
    others: dict[tuple[str, ...], set[str]] = {}
    for keys, _ in table.leaves:
        if place < len(keys):
            others.setdefault((*keys[:place], *keys[place + 1 :]), set()).add(keys[place])
    return any(lowest not in listed and NO_LEVEL not in listed for listed in others.values())
