"""Tests of a package's own, besides those of single columns: each finds rows that must not be."""

# Queries are put together from names of this package; no value is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.dbt.wanted import outside
from pointbook.relational.dbt.warehouses import WAREHOUSES
from pointbook.relational.results import RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.relational.engines.dialects import Dialect

_ACCOUNTED = """-- {comment}
SELECT *
FROM (
  SELECT
    (SELECT COUNT(*) FROM {{{{ ref('stg_pointbook_{kind}') }}}}) AS rows_read,
    (SELECT COUNT(*) FROM {{{{ ref('pointbook_{result}') }}}}) AS in_result,
    (SELECT COUNT(*) FROM {{{{ ref('pointbook_rejects') }}}} WHERE source = '{kind}') AS rejected,
    (
      SELECT COUNT(*) FROM {{{{ ref('pointbook_judged_{kind}') }}}}
      WHERE {reason} IS NULL AND CAST({day} AS DATE) > {{{{ pointbook_as_of() }}}}
    ) AS after_as_of
) AS counted
WHERE rows_read <> in_result + rejected + after_as_of
"""


def checks(dialect: Dialect) -> Mapping[str, str]:
    """The text of each, by its name."""
    named = WAREHOUSES[dialect.name].words.named
    member = outside("member_id", dialect)
    listed = "\n  UNION ALL ".join(
        f"SELECT '{result}' AS result, {member} AS member_id FROM {{{{ ref('pointbook_{result}') }}}}"
        for result in RESULTS
    )
    return {
        "events_are_accounted_for": _ACCOUNTED.format(
            comment="Every row of events is in the ledger, among the rejects, or after the as-of date.",
            kind="events",
            result="ledger",
            reason=named("reason"),
            day=named("local"),
        ),
        "members_are_accounted_for": _ACCOUNTED.format(
            comment="Every row of members has a standing, is rejected, or signed up after the as-of date.",
            kind="members",
            result="standings",
            reason=named("reason"),
            day=named("signed_up_on"),
        ),
        "members_are_known": (
            "-- Every member of a result is one of the members that were accepted.\n"
            f"SELECT *\nFROM (\n  {listed}\n) AS listed\nWHERE member_id NOT IN (\n"
            f"  SELECT {named('member_id')} FROM {{{{ ref('pointbook_judged_members') }}}}"
            f" WHERE {named('reason')} IS NULL\n)\n"
        ),
    }
