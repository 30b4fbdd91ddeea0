"""What an evaluation comes to in counts, and its tables as rows of cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from pointbook.model.tables import Cell
    from pointbook.relational.evaluation import RelationalEvaluation


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one version set's results.

    Attributes:
        outcomes: Ledger entries by outcome.
        levels: Standings by held level, None for no level.
        unknown_activities: Ledger entries with `no_such_activity` by activity.
        assumed: Ledger entries whose assessed value was assumed.
        ignored: Ledger entries whose log carries other points than the rule gives.
    """

    outcomes: Counter[Outcome]
    levels: Counter[str | None]
    unknown_activities: Counter[str]
    assumed: int
    ignored: int


def counts_of(evaluation: RelationalEvaluation, version_set: int = 0) -> Counts:
    """The counts of a version set, computed by the engine."""
    outcomes = _grouped(evaluation, "ledger", "outcome", version_set)
    activities = _grouped(
        evaluation, "ledger", "activity", version_set, f"outcome = '{Outcome.NO_SUCH_ACTIVITY}'"
    )
    levels = _grouped(evaluation, "standings", "level", version_set)
    assumed = _grouped(evaluation, "ledger", "assumed", version_set)
    ignored = _grouped(evaluation, "ledger", "is_ignored", version_set)
    return Counts(
        outcomes=Counter({Outcome(name): count for name, count in outcomes.items()}),
        levels=Counter(levels),
        unknown_activities=Counter(activities),
        assumed=assumed.get(True, 0),
        ignored=ignored.get(True, 0),
    )


def _grouped(
    evaluation: RelationalEvaluation, result: str, column: str, version_set: int, condition: str | None = None
) -> dict[Any, int]:
    """How many rows of a result have each value of a column."""
    value = exp.column(column, quoted=True)
    step, rows = evaluation.rows_query(result, version_set)
    query = rows.select(value, exp.alias_(exp.Count(this=exp.Star()), "number", quoted=True), append=False)
    if condition is not None:
        query = query.where(condition)
    sql = evaluation.sql_over(step, query.group_by(value))
    rows = evaluation.session.rows(sql).read_all().to_pylist()
    return {row[column]: row["number"] for row in rows}


def rows_of(reader: pa.RecordBatchReader) -> Iterator[list[tuple[Cell, ...]]]:
    """Batches of rows as JSON has them; days and times are ISO text."""
    for batch in reader:
        columns = [_cells(column.to_pylist()) for column in batch.columns]
        yield list(zip(*columns, strict=True))


def _cells(values: list[Any]) -> list[Cell]:
    if any(isinstance(value, date) for value in values):
        return [value.isoformat() if isinstance(value, (date, datetime)) else value for value in values]
    return values
