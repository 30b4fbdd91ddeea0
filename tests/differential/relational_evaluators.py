"""The interpreter and the relational evaluator behind one face: whole tables, and what a scenario needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pointbook.evaluating import evaluate
from pointbook.model import tables
from pointbook.model.ledger import Assume, Entry, LevelCause, LevelChange, Outcome, Standing
from pointbook.relational import evaluate_relational
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.plan import plan_of
from pointbook.relational.script import script_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from pointbook.log import Log
    from pointbook.model.program import Program
    from pointbook.relational import RelationalEvaluation
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.plan import Plan
    from pointbook.scenarios.running import Evaluator

    Rows = list[tuple[tables.Cell, ...]]
    Tables = Mapping[str, Rows]


def interpreted_tables(
    program: Program, log: Log, *, as_of: date, version: str | None, assume: str
) -> Tables:
    """Ledger, standings and history by the interpreter."""
    results = list(evaluate(program, log, as_of=as_of, version=version, assume=assume))
    return {
        "ledger": [tables.ledger_row(entry) for result in results for entry in result.entries],
        "standings": [
            tables.standings_row(result.standing) for result in results if result.standing is not None
        ],
        "history": [tables.history_row(change) for result in results for change in result.history],
    }


def relational_tables(evaluation: RelationalEvaluation, version_set: int = 0) -> Tables:
    """Ledger, standings and history of a plan that was run."""
    ledger = rows_of(evaluation.ledger(version_set))
    in_files = evaluation.session.rows(evaluation.result_sql("ledger", version_set, for_file=True))
    assert rows_of(in_files) == ledger
    return {
        "ledger": ledger,
        "standings": rows_of(evaluation.standings(version_set)),
        "history": rows_of(evaluation.history(version_set)),
    }


def rows_of(reader: pa.RecordBatchReader) -> Rows:
    return batch_rows(reader.read_all())


def batch_rows(batch: pa.Table | pa.RecordBatch) -> Rows:
    return [
        tuple(map(_cell, row)) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]


def _cell(value: Any) -> tables.Cell:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


@dataclass(frozen=True)
class LazilyEvaluated:
    """What `EvaluatedScenario` has, each computed when it is asked for: engines take seconds for a query."""

    evaluation: RelationalEvaluation
    events: int

    @cached_property
    def entries(self) -> Mapping[str, tuple[Entry, ...]]:
        rows = self.evaluation.session.rows(self.evaluation.relation_sql("ledger")).read_all().to_pylist()
        return {row["event_id"]: (_entry(row),) for row in rows}

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        rows = self.evaluation.standings().read_all().to_pylist()
        return {row["member_id"]: _standing(row, self.evaluation.plan.program) for row in rows}

    @cached_property
    def history(self) -> Mapping[str, list[LevelChange]]:
        found: dict[str, list[LevelChange]] = {}
        for row in self.evaluation.history().read_all().to_pylist():
            found.setdefault(row["member_id"], []).append(
                LevelChange(**{**row, "cause": LevelCause(row["cause"])})
            )
        return found

    @property
    def after_as_of(self) -> int:
        return self.events - len(self.entries)


def evaluated_by(session_of: Callable[[], Session]) -> Evaluator:
    """An evaluator for scenarios that runs the plan in a session.

    A scenario is evaluated whole first, and then perhaps as of other days, for standings alone. All
    share the session's relations, so that the first must be complete before the next begins.
    """
    before: list[Log] = []

    def evaluated(program: Program, log: Log, as_of: date, version: str | None, assume: Assume) -> Any:
        evaluation = evaluate_relational(
            program, log, as_of=as_of, versions=(version,), assume=assume, session=session_of()
        )
        result = LazilyEvaluated(evaluation, len(log.events))
        if not before or before[0] is not log:
            before[:] = [log]
            assert result.entries is not None
            assert result.history is not None
            assert result.standings is not None
        return result

    return evaluated


evaluated_by_duckdb = evaluated_by(DuckDBSession)


class _Printed:
    """A log under the queries that `pointbook sql` prints, behind the face of a plan that was run."""

    def __init__(self, plan: Plan, session: Session, as_of: date) -> None:
        self.plan, self.session, self._as_of = plan, session, as_of

    def relation_sql(self, name: str) -> str:
        return script_of(self.plan, self.session.dialect.name, name, self._as_of)

    def standings(self) -> pa.RecordBatchReader:
        return self.session.rows(self.relation_sql("standings"))

    def history(self) -> pa.RecordBatchReader:
        return self.session.rows(self.relation_sql("history"))


def evaluated_by_printed_queries(session: Session) -> Evaluator:
    """An evaluator for scenarios that runs what `pointbook sql` prints."""

    def evaluated(program: Program, log: Log, as_of: date, version: str | None, assume: Assume) -> Any:
        plan = plan_of(program, as_of=None, versions=(version,), assume=assume)
        session.put("events", events_table(log, plan.columns))
        session.put("members", members_table(log, plan.columns))
        printed: Any = _Printed(plan, session, as_of)
        return LazilyEvaluated(printed, len(log.events))

    return evaluated


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        **{name: row[name] for name in tables.names_of(tables.LEDGER) if name != "outcome"},
        outcome=Outcome(row["outcome"]),
        ignored=row.get("is_ignored", False),  # no column of a result
    )


def _standing(row: dict[str, Any], program: Program) -> Standing:
    others = {name: row.pop(name) for name, *_ in tables.standings_columns(program)[len(tables.STANDINGS) :]}
    benefits: Sequence[str] = () if row["benefits"] is None else tuple(row["benefits"].split(";"))
    return Standing(**{**row, "benefits": benefits}, balances=others)
