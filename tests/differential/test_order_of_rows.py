"""DuckDB sorts the ledger's rows before their names are put in, and must keep them in that order."""
# ruff: noqa: S608 - the queries hold this test's own figures and paths

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb

from pointbook.loading import load_program
from pointbook.model.ledger import Assume
from pointbook.relational import RelationalEvaluation
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.plan import Plan, plan_of

RULES = Path(__file__).parents[2] / "rules" / "dataminer-devops"
EVENTS, MEMBERS = 400_000, 700
"""More events than the engine hands to one thread at a time, and so many members that each has hundreds."""


def plan_for(session: DuckDBSession) -> Plan:
    return plan_of(
        load_program(RULES),
        as_of=date(2025, 12, 31),
        versions=("2024-03-13", "2023-10-10"),
        assume=Assume.NONE,
        keeps_order=session.keeps_order,
    )


def session_with_log() -> DuckDBSession:
    session = DuckDBSession(threads=4)
    session.view(
        "events",
        f"""SELECT 'm-' || range * 7919 % {MEMBERS} AS member_id, 'e-' || range AS event_id,
          TIMESTAMP '2024-03-13' + to_hours(range * 104729 % 5000) AS "at", "at" AS "local",
          ['feedback', 'linkedin.post', 'docs.typo', 'juggling'][1 + range % 4] AS activity,
          NULL::BIGINT AS points, NULL::BIGINT AS a0_days, NULL::DATE AS a1_released_on
          FROM range({EVENTS})""",
    )
    session.view(
        "members",
        f"SELECT 'm-' || range AS member_id, DATE '2024-03-01' AS signed_up_on FROM range({MEMBERS})",
    )
    return session


def test_many_threads_write_the_ledger_in_the_order_of_members_time_and_ids(tmp_path: Path) -> None:
    session = session_with_log()
    evaluation = RelationalEvaluation(plan_for(session), session)
    for number in (0, 1):
        session.write_parquet(
            evaluation.result_sql("ledger", number, for_file=True), tmp_path / "ledger.parquet"
        )
        written = duckdb.sql(f"SELECT *, file_row_number FROM read_parquet('{tmp_path}/ledger.parquet')")
        [(rows, out_of_order)] = duckdb.sql(
            """SELECT count(*), count(*) FILTER (file_row_number <> place) FROM (
              SELECT file_row_number, row_number() OVER by_time - 1 AS place FROM written
              WINDOW by_time AS (ORDER BY member_id, occurred_at, event_id))"""
        ).fetchall()
        assert rows == EVENTS == len(written)
        assert out_of_order == 0
        # What is handed over a batch at a time, as for CSV, has the same order.
        members = evaluation.ledger(number).read_all()["member_id"].to_pylist()
        assert members == sorted(members)


def test_who_gives_up_the_order_of_rows_meanwhile_still_gets_the_ledger_in_order() -> None:
    session = session_with_log()
    evaluation = RelationalEvaluation(plan_for(session), session)
    session.execute("SET preserve_insertion_order = false")
    assert "ORDER BY" in evaluation.result_sql("ledger").rpartition("FROM")[2]
    members = evaluation.ledger().read_all()["member_id"].to_pylist()
    assert members == sorted(members)


def test_a_plan_that_relies_on_the_order_of_rows_is_refused_by_an_engine_that_does_not_keep_it() -> None:
    session = DuckDBSession()
    plan = plan_for(session)
    session.execute("SET preserve_insertion_order = false")
    with pytest.raises(ValueError, match="keeps the order of sorted rows"):
        RelationalEvaluation(plan, session)
