"""The interpreter and the relational evaluator behind one face: whole tables, and what a scenario needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pointbook.interpret import evaluation_of
from pointbook.model import tables
from pointbook.model.ledger import Assume, Cause, Change, Entry, Outcome, Standing
from pointbook.relational import evaluate_relational
from pointbook.relational.duckdb_session import DuckDBSession
from pointbook.scenarios.running import Evaluated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from pointbook.log import Log
    from pointbook.model.rules import Program
    from pointbook.relational import RelationalEvaluation
    from pointbook.relational.sessions import Session
    from pointbook.scenarios.running import Evaluator

    Rows = list[tuple[tables.Cell, ...]]
    Tables = Mapping[str, Rows]


def interpreted_tables(
    program: Program, log: Log, *, as_of: date, version: str | None, assume: str
) -> Tables:
    """Ledger, standings and history by the interpreter."""
    results = list(
        evaluation_of(program, log.members, log.events, as_of=as_of, version=version, assume=Assume(assume))
    )
    return {
        "ledger": [tables.ledger_row(entry) for result in results for entry in result.entries],
        "standings": [
            tables.standings_row(result.standing) for result in results if result.standing is not None
        ],
        "history": [tables.history_row(change) for result in results for change in result.history],
    }


def relational_tables(evaluation: RelationalEvaluation, version_set: int = 0) -> Tables:
    """Ledger, standings and history of a plan that was run."""
    return {
        "ledger": _rows(evaluation.ledger(version_set)),
        "standings": _rows(evaluation.standings(version_set)),
        "history": _rows(evaluation.history(version_set)),
    }


def _rows(reader: pa.RecordBatchReader) -> Rows:
    table = reader.read_all()
    return [
        tuple(map(_cell, row)) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)
    ]


def _cell(value: Any) -> tables.Cell:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def evaluated_by(session_of: Callable[[], Session]) -> Evaluator:
    """An evaluator for scenarios that runs the plan in a session."""

    def evaluated(program: Program, log: Log, as_of: date, version: str | None, assume: Assume) -> Evaluated:
        evaluation = evaluate_relational(
            program, log, as_of=as_of, versions=(version,), assume=assume, session=session_of()
        )
        ignored = {
            row["event_id"]
            for row in evaluation.session.rows(evaluation.relation_sql("ledger")).read_all().to_pylist()
            if row["is_ignored"]
        }
        entries = [_entry(row, ignored) for row in evaluation.ledger().read_all().to_pylist()]
        standings = [_standing(row, program) for row in evaluation.standings().read_all().to_pylist()]
        history: dict[str, list[Change]] = {}
        for row in evaluation.history().read_all().to_pylist():
            change = Change(**{**row, "cause": Cause(row["cause"])})
            history.setdefault(change.member_id, []).append(change)
        return Evaluated(
            entries={entry.event_id: entry for entry in entries},
            history=history,
            standings={standing.member_id: standing for standing in standings},
            after_as_of=len(log.events) - len(entries),
        )

    return evaluated


evaluated_by_duckdb = evaluated_by(DuckDBSession)


def _entry(row: dict[str, Any], ignored: set[str]) -> Entry:
    return Entry(
        **{**row, "outcome": Outcome(row["outcome"])},
        base=0,
        bonuses=(),
        ignored=row["event_id"] in ignored,
        cuts=(),
        changes=(),
    )


def _standing(row: dict[str, Any], program: Program) -> Standing:
    others = {name: row.pop(name) for name in tables.standings_columns(program)[len(tables.STANDINGS) :]}
    benefits: Sequence[str] = () if row["benefits"] is None else tuple(row["benefits"].split(";"))
    return Standing(**{**row, "benefits": benefits}, balances=others)
