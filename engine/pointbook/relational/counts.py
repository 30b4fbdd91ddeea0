"""What an evaluation comes to in counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pointbook.model.ledger import Outcome
from pointbook.model.tally import Tally

if TYPE_CHECKING:
    from pointbook.relational.evaluation import RelationalEvaluation


def counts_of(evaluation: RelationalEvaluation, version_set: int = 0) -> Tally:
    """The counts of a version set, computed by the engine in one pass over each result; none after as-of."""
    outcomes, unknown_activities, levels = Counter[Outcome](), Counter[str](), Counter[str | None]()
    ignored = Counter[str]()
    assumed = 0
    are_ignored = False
    is_unknown = exp.EQ(this=_column("outcome"), expression=exp.convert(Outcome.NO_SUCH_ACTIVITY.value))
    activity = exp.alias_(exp.Case().when(is_unknown, _column("activity")), "unknown_activity", quoted=True)
    counted = (*map(_column, ("outcome", "assumed", "is_ignored")), activity)  # few combinations occur
    for row in _grouped(evaluation, "ledger", version_set, *counted):
        number, outcome = row["number"], Outcome(row["outcome"])
        outcomes[outcome] += number
        if outcome is Outcome.NO_SUCH_ACTIVITY:
            unknown_activities[row["unknown_activity"]] += number
        assumed += number if row["assumed"] else 0
        are_ignored |= bool(row["is_ignored"])
    if are_ignored:  # as a rule, none is
        of_members = _grouped(evaluation, "ledger", version_set, *map(_column, ("member_id", "is_ignored")))
        ignored.update({row["member_id"]: row["number"] for row in of_members if row["is_ignored"]})
    for row in _grouped(evaluation, "standings", version_set, _column("level")):
        levels[row["level"]] += row["number"]
    return Tally(
        outcomes, outcomes.total(), levels, unknown_activities, assumed, ignored
    )  # one entry an event


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _grouped(
    evaluation: RelationalEvaluation, result: str, version_set: int, *values: exp.Expr
) -> list[dict[str, Any]]:
    """How many rows of a result have each combination of values, as `number`."""
    step, rows = evaluation.rows_query(result, version_set)
    number = exp.alias_(exp.Count(this=exp.Star()), "number", quoted=True)
    query = rows.select(*values, number, append=False)
    query = query.group_by(*(value.unalias() for value in values))
    found: list[dict[str, Any]] = (
        evaluation.session.rows(evaluation.sql_over(step, query)).read_all().to_pylist()
    )
    return found
