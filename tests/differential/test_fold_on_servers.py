"""The fold over a log in PostgreSQL, and inside Spark: the interpreter's bytes, for every program."""

from __future__ import annotations

import os
import tempfile
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")
pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

import pyarrow as pa
from differential_rulesets import Case, cases
from fold_lines import (
    held_to_the_interpreter,
    interpreted_lines,
    lines_in_spark,
    lines_of_a_range,
    lines_over,
    own_rows,
    put,
    rows_of_members,
    work,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyspark.errors import PythonException
from test_conformance_relational import CASES, case_name, loaded

from pointbook.diagnostics import InputError
from pointbook.folding.in_spark import FoldInSpark
from pointbook.folding.member_rows import folded_range, tallies_from
from pointbook.folding.stream import Folding
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.model.ledger import Assume
from pointbook.relational.engines.sessions import EngineError, TableRows
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook.relational.evaluation import evaluate_relational
from pointbook.scenarios import scenario_from
from pointbook.scenarios.reading import scenario_file
from pointbook.scenarios.running import differences
from pointbook.version import __version__
from pointbook_cli.evaluation.fold_batches import ArrowTables
from pointbook_cli.evaluation.fold_work import FoldWork, for_pieces, result_columns
from pointbook_cli.main import exit_code_of
from pointbook_cli.reporters.tables.parquet_files import result_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from club_shell import Shell

    from pointbook.log import Log
    from pointbook.scenarios.running import Evaluator

TABLES = ("ledger", "standings", "history", "rejects")

BEYOND_THE_PLAN = """\
groups:
  one: {caps: [{points: 50, per: calendar_month}]}
  two: {caps: [{times: 6, per: week}]}
activities:
  walk: {points: 5, groups: [one, two]}
  run: {points: 6, groups: [two, one]}
  work:
    points: {per: {unit: hour, attribute: hours, points: 1000000000}}
    attributes: {hours: {type: decimal}}
"""
"""Caps whose windows overlap, and amounts beyond 64 bits."""

SPARK_CASES = (
    "what-one-cap-leaves-nothing-of-uses-no-other",
    "conditions-compare-values-of-every-type",
    "events-at-the-same-moment-are-taken-by-event-id-by-code-point",
    "all-spends-of-an-event-must-be-covered-or-none-of-its-entries-is-awarded",
    "a-balance-with-decimals-counts-in-its-smallest-unit",
    "an-event-sees-the-members-attributes-of-its-day",
    "every-outcome-is-told",
)
"""`POINTBOOK_SPARK=all` runs all; each takes Spark seconds, and the rest is tested without its processes."""


def check(path: Path, evaluator: Evaluator) -> None:
    """Assert that a conformance case holds, and that the fold gives what the interpreter gives."""
    scenario, _ = scenario_from(scenario_file(path), loaded(path.parent.parent))
    assert scenario is not None
    assert not differences(scenario, evaluator)


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_a_range_of_members_cut_anywhere_agrees_with_the_case(path: Path) -> None:
    for size in (1, 2, 1000):
        check(path, held_to_the_interpreter(partial(lines_of_a_range, size)))


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases(), st.integers(1, 5))
def test_a_range_of_members_gives_the_lines_of_the_interpreter(case: Case, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = case.written_to(Path(folder))
    assume(program is not None)
    assert program is not None
    folding, log = Folding(program, case.as_of, None, Assume(case.assume)), case.log(program)
    assert lines_of_a_range(size, folding, log) == interpreted_lines(folding, log)


def test_what_cannot_be_written_is_said_by_the_process_that_asked(shell: Shell) -> None:
    beyond_the_plan(shell)
    folding, log = folding_and_log(shell)
    refusing = FoldWork(folding, work(folding).form, ArrowTables, "parquet")
    rows = rows_of_members(folding, log).to_batches()
    *_, last = folded_range(own_rows(folding, log), partial(for_pieces, refusing), __version__, rows)
    with pytest.raises(InputError, match="beyond 64 bits"):
        [*tallies_from([last.column("tally")[0].as_py()])]
    [one] = folded_range(own_rows(folding, log), partial(for_pieces, refusing), "0.0.1", rows)
    with pytest.raises(InputError, match=f"pointbook {__version__} instead of 0.0.1"):
        [*tallies_from([one.column("tally")[0].as_py()])]


def beyond_the_plan(shell: Shell) -> None:
    """Rules and a log that no plan can evaluate; one member has nearly all events, some have none."""
    rules = shell.folder / "club/versions/2024.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("activities:\n", BEYOND_THE_PLAN), encoding="utf-8")
    members = "".join(f"m{number},2024-01-0{number % 9 + 1}\n" for number in range(40))
    shell.write("members.csv", f"member_id,signed_up_on\nann,2024-01-10\n{members}zoë,2024-01-01\n")
    lines = ["event_id,member_id,activity,occurred_at,hours,days\n"]
    for number in range(400):
        member = "ann" if number % 10 else f"m{number % 13}"
        activity = ("walk", "run", "visit", "gift", "nothing")[number % 5]
        lines.append(f"e{number},{member},{activity},2024-0{number % 8 + 1}-{number % 27 + 1:02},,\n")
    lines += ["w1,ann,work,2024-03-01,9223372037,\n", "w2,ann,work,2024-03-01T00:00,999999999999999,\n"]
    shell.write("events.csv", "".join(lines))


def folding_and_log(shell: Shell) -> tuple[Folding, Log]:
    program = load_program(shell.folder / "club")
    log = read_log(program, members=[shell.folder / "members.csv"], events=[shell.folder / "events.csv"])
    return Folding(program, date(2024, 12, 31), None, Assume.NONE), log


def results(shell: Shell, form: str) -> dict[str, bytes]:
    return {table: (shell.folder / "out" / f"{table}.{form}").read_bytes() for table in TABLES}


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_postgresql_agrees_with_the_case(path: Path, postgres_session: Any) -> None:
    check(path, held_to_the_interpreter(partial(lines_over, postgres_session)))


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases())
def test_postgresql_agrees_on_random_rules_and_logs(postgres_session: Any, case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = case.written_to(Path(folder))
    assume(program is not None)
    assert program is not None
    folding, log = Folding(program, case.as_of, None, Assume(case.assume)), case.log(program)
    assert lines_over(postgres_session, folding, log) == interpreted_lines(folding, log)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_postgresql_gives_the_bytes_of_the_interpreter_beyond_the_plan(
    shell: Shell,
    server: tuple[str, Any],
    form: str,
) -> None:
    beyond_the_plan(shell)
    assert shell.evaluate("--output-format", form).code == 0
    wanted = results(shell, form)
    done = shell.evaluate("--backend", server[0], "--via", "fold", "--output-format", form)
    assert done.code == 0, done.err
    assert results(shell, form) == wanted
    assert b",9223372037000000000," in wanted["ledger"] or b":9223372037000000000," in wanted["ledger"]


def test_postgresql_gives_the_parquet_files_of_the_interpreter(
    shell: Shell,
    server: tuple[str, Any],
) -> None:
    assert shell.evaluate("--output-format", "parquet").code == 0
    wanted = results(shell, "parquet")
    done = shell.evaluate("--backend", server[0], "--via", "fold", "--output-format", "parquet")
    assert done.code == 0, done.err
    assert results(shell, "parquet") == wanted


def test_tables_in_postgresql_are_the_same_whichever_way(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    columns = (
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position"
    )
    found = []
    for via in ("plan", "fold"):
        done = shell.evaluate("--backend", url, "--via", via, "--output-format", "table")
        assert done.code == 0, done.err
        found.append(
            {
                name: (
                    connection.execute(columns, [f"pointbook_{name}"]).fetchall(),
                    sorted(connection.execute(f"SELECT * FROM pointbook_{name}").fetchall(), key=str),  # noqa: S608 - a name from above
                )
                for name in TABLES
            }
        )
    assert found[0] == found[1]
    assert len(found[0]["ledger"][1]) == 5


def test_texts_and_numbers_go_to_postgresql_as_they_are(postgres_session: Any) -> None:
    rows = pa.table(
        {
            "text": pa.array(["", None, "NULL", '"', ",", "\\.", "a\r\nb", "é\t\\n", " "]),
            "number": pa.array([None, *range(7), -(2**63)], pa.int64()),
            "at": pa.array([datetime(1900, 1, 1), *[None] * 7, datetime.max], pa.timestamp("us")),  # noqa: DTZ001, DTZ901
        }
    )
    postgres_session.put("given", rows)
    assert postgres_session.rows("SELECT * FROM given").read_all().to_pylist() == rows.to_pylist()


def test_a_connection_that_dies_is_said_and_leaves_the_tables_as_they_were(
    server: tuple[str, Any],
) -> None:
    import psycopg  # noqa: PLC0415 - an extra

    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    url, connection = server
    connection.execute("CREATE TABLE kept AS SELECT 1::bigint AS number")
    batch = pa.record_batch({"number": pa.array(range(1000), pa.int64())})

    def ended(pid: int) -> Iterator[pa.RecordBatch]:
        yield batch
        connection.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        yield from [batch] * 1000

    with psycopg.connect(url, autocommit=True) as one:
        reader = pa.RecordBatchReader.from_batches(batch.schema, ended(one.info.backend_pid))
        with pytest.raises(EngineError, match="the server has stopped this"):
            PostgresSession(one).write_tables({"kept": TableRows(batch.schema, reader)}, replace=False)
    with psycopg.connect(url, autocommit=True) as one:
        rows = PostgresSession(one).rows("SELECT * FROM generate_series(1, 200000)")
        with pytest.raises(EngineError, match="the server has stopped this"):
            list(zip(rows, ended(one.info.backend_pid), strict=False))
    assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


def test_rows_come_in_a_transaction_that_cannot_write(server: tuple[str, Any]) -> None:
    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    server[1].execute("CREATE SEQUENCE numbers")
    with pytest.raises(EngineError, match="read-only"):
        PostgresSession(server[1]).rows("SELECT nextval('numbers')").read_all()


@pytest.mark.parametrize(
    "path",
    [one for one in CASES if os.environ.get("POINTBOOK_SPARK") == "all" or one.stem in SPARK_CASES],
    ids=case_name,
)
def test_spark_agrees_with_the_case(path: Path, spark_session: Any) -> None:
    check(path, held_to_the_interpreter(partial(lines_in_spark, SparkEngine(spark_session))))


def test_spark_gives_the_bytes_of_the_interpreter_beyond_the_plan(
    shell: Shell, spark_session: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Several ranges, and the member with nearly all events in many batches."""
    beyond_the_plan(shell)
    assert shell.evaluate().code == 0
    wanted = results(shell, "csv")
    monkeypatch.chdir(shell.folder)
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
    small = {"spark.sql.execution.arrow.maxRecordsPerBatch": "7", "spark.sql.shuffle.partitions": "4"}
    before = {name: spark_session.conf.get(name) for name in small}
    for name, value in small.items():
        spark_session.conf.set(name, value)
    code = exit_code_of(["evaluate", "club", *log, "--backend", "spark", "--via", "fold"])
    for name, value in before.items():
        spark_session.conf.set(name, value)
    assert code == 0, capsys.readouterr().err
    assert "evaluated by the fold on spark" in capsys.readouterr().out
    assert results(shell, "csv") == wanted


def test_tables_in_spark_are_the_same_whichever_way(shell: Shell, spark_session: Any) -> None:
    folding, log = folding_and_log(shell)
    session = SparkEngine(spark_session)
    plan = evaluate_relational(folding.program, log, as_of=folding.as_of, session=session)
    put(session, folding.program, log)
    tables = FoldWork(folding, work(folding).form, ArrowTables, "table")
    fold = FoldInSpark(session, folding.program, partial(for_pieces, tables))
    for name, columns in result_columns(folding.program).items():
        fold.put_table(f"fold_{name}", name, result_schema(columns))
        own, planned = spark_session.table(f"fold_{name}"), spark_session.sql(plan.result_sql(name))
        assert own.dtypes == planned.dtypes
        assert own.collect() == planned.collect()


@pytest.mark.parametrize(
    ("raised", "told", "message"),
    [
        (ZeroDivisionError("a bug of ours"), PythonException, "ZeroDivisionError: a bug of ours"),
        (
            ModuleNotFoundError("No module named 'pointbook.folding.member_rows'"),
            EngineError,
            "its executors have no Python package",
        ),
    ],
)
def test_what_fails_in_a_process_of_spark_is_told_here(
    shell: Shell, spark_session: Any, raised: Exception, told: type[Exception], message: str
) -> None:
    def prepare() -> Any:  # pickled with its code: a process of Spark cannot import this file
        raise raised

    folding, log = folding_and_log(shell)
    session = SparkEngine(spark_session)
    put(session, folding.program, log)
    with pytest.raises(told, match=message):
        FoldInSpark(session, folding.program, prepare)
