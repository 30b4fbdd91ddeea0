"""What a package of dbt says besides SQL: its settings, sources, tests, and what people read."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROJECT = Template("""\
name: $project
config-version: 2
require-dbt-version: ">=1.8.0"
profile: pointbook  # as a project of its own; `dbt build --profile NAME` takes another

# Its SQL is that of $dialect; a target of another adapter is refused.
#
# Variables:
#   as_of               the last day that counts, required: --vars '{as_of: 2026-01-31}'
#   pointbook_database  where events and members are; the target's own unless given
#   pointbook_schema    likewise
#   pointbook_events    the table of events, `events` unless given
#   pointbook_members   the table of members, `members` unless given

model-paths: [models]
macro-paths: [macros]
test-paths: [tests]

models:
  $project:
    +materialized: table
    staging:
      +materialized: view
""")

SOURCES = Template("""\
version: 2

sources:
  - name: pointbook
    description: Events and members of $id, one row for each.
    database: "{{ var('pointbook_database', target.database) }}"
    schema: "{{ var('pointbook_schema', target.schema) }}"
    tables:
      - name: events
        identifier: "{{ var('pointbook_events', 'events') }}"
      - name: members
        identifier: "{{ var('pointbook_members', 'members') }}"
""")

SCHEMA = Template("""\
version: 2

models:
  - name: stg_pointbook_events
    description: Events as they are, each column under the name that the rules know.
  - name: stg_pointbook_members
    description: Members as they are, each column under the name that the rules know.
  - name: pointbook_judged_events
    description: Events in columns of the plan, which may change, and the reason for which one is rejected.
  - name: pointbook_judged_members
    description: Members likewise.
  - name: pointbook_rejects
    description: Rows that are not used, each with the reason and the column that `evaluate` names.
    columns:
      - name: source
        data_tests: [not_null]
      - name: reason
        data_tests: [not_null]
  - name: pointbook_ledger
    description: What each event was awarded, and why.
    columns:
$ledger_columns
  - name: pointbook_standings
    description: Where each member stands at the end of the as-of date.
    columns:
$standings_columns
  - name: pointbook_history
    description: How each member's level changed.
    columns:
$history_columns
""")

README = Template("""\
# The rules of $id as a package of dbt

Two commands: the first writes this package anew when the rules have changed, the second builds it.

```sh
$write
dbt build --project-dir DIR --profile NAME --vars '{as_of: 2026-01-31}'
```

`as_of` is the last day that counts, $versions. It is required: today would make no build repeatable,
and the day of the last event would leave out what quiet days bring, such as the end of a level period. A
nightly job gives the day that has just ended.

In a project of your own, list the folder in `packages.yml` (`- local: DIR`), run `dbt deps`, and give `as_of`
in the same way. Its SQL is that of $dialect: other adapters than $adapters are refused.

## What it reads

Tables `events` and `members` in the target's schema; the variables `pointbook_database`, `pointbook_schema`,
`pointbook_events` and `pointbook_members` say otherwise. Columns are as for `evaluate`, names of log.yaml
included; `points` and attributes may be missing, and further columns are passed over: where there are both,
a warning names them, and a name that differs in case alone is an error. Types are found when dbt runs:

| column | types |
|---|---|
| ids, `activity`, attributes of text | text, integer, uuid |
| `occurred_at` | timestamp with time zone; timestamp or date in $timezone |
| `points`, whole numbers | integer, decimal, floating point |
| decimals | integer, decimal |
| dates | date, timestamp at midnight |
| true and false | boolean |

Other types are refused by name: cast them in a view, and name that by `pointbook_events` or
`pointbook_members`.

## What it makes

`pointbook_ledger`, `pointbook_standings` and `pointbook_history` have the columns and the figures of
`evaluate`. `pointbook_rejects` has the rows that are not used, for the reasons that SQL can tell:
`missing_value`, `bad_value`, `unknown_member`, `duplicate` and `conflicting_duplicate`. `evaluate` also says
in words what is wrong, and shows the row. What must be clean, because nothing here looks for it:

- texts have no character of code 0 (`unreadable_row`)
- attributes of a member do not change: a column `valid_from` is refused where members have attributes

Time zones are the warehouse's own, while `evaluate` takes those of Python's package tzdata.

Tests hold that ids are unique and there, that members are known, and that every row is accounted for: in the
ledger, among the rejects, or after the as-of date. Rejects fail no test, as in a night one bad row should not
stop the rest; a project that wants to be stopped gives `pointbook_rejects` a test of its own.

## The rules

By pointbook $engine, of these digests, which `summary.json` of `evaluate` has too:

$digests
""")


def columns_listed(names: Iterable[str], tests: Mapping[str, tuple[str, ...]]) -> str:
    """Columns with what is held of each; those of log.yaml, whose names can be anything, are left out."""
    lines = []
    for name in filter(str.isidentifier, names):
        lines.append(f"      - name: {name}")
        held = tests.get(name.lower(), ())
        if held:
            lines.append("        data_tests:")
        lines += [f"          - {test}" for test in held]
    return "\n".join(lines)
