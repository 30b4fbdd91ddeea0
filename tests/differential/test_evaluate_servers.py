"""`pointbook evaluate` with PostgreSQL and Spark: the work happens there, the results are the same."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

import pyarrow as pa
from endless_queries import stopped

from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.relational import evaluate_relational
from pointbook.relational.engines.sessions import EngineError
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from club_shell import Shell

TABLES = ("ledger", "standings", "history", "rejects")


def _results(shell: Shell, folder: str, form: str) -> dict[str, bytes]:
    return {table: (shell.folder / folder / f"{table}.{form}").read_bytes() for table in TABLES}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_postgresql_gives_the_same_bytes_as_the_interpreter(
    shell: Shell, server: tuple[str, Any], form: str
) -> None:
    shell.evaluate("--output-format", form)
    wanted = _results(shell, "out", form)
    done = shell.evaluate("--backend", server[0], "--output-format", form)
    assert done.code == 0, done.err
    assert _results(shell, "out", form) == wanted


def test_postgresql_writes_parquet_with_the_types_of_duckdb(shell: Shell, server: tuple[str, Any]) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    tables = []
    for backend in ("duckdb", server[0]):
        done = shell.evaluate("--backend", backend, "--output-format", "parquet")
        assert done.code == 0, done.err
        tables.append([pq.read_table(shell.folder / "out" / f"{name}.parquet") for name in TABLES])
    for duckdb, postgresql in zip(*tables, strict=True):
        assert duckdb.schema.types == postgresql.schema.types
        assert duckdb.to_pylist() == postgresql.to_pylist()


def test_tables_in_postgresql_are_read_there_and_replaced_in_one_transaction(
    shell: Shell, server: tuple[str, Any]
) -> None:
    url, connection = server
    connection.execute("CREATE TABLE members (member_id TEXT, signed_up_on DATE)")
    connection.execute("INSERT INTO members VALUES ('ann', '2024-01-10'), ('bob', '2024-02-29')")
    connection.execute(
        "CREATE TABLE events (event_id TEXT, member_id TEXT, activity TEXT, occurred_at DATE, days INTEGER)"
    )
    connection.execute("INSERT INTO events VALUES ('e1', 'ann', 'visit', '2024-02-01', NULL)")
    arguments = (
        *("evaluate", "club", "--events", "table:events", "--members", "table:members"),
        *("--out", "out", "--backend", url, "--output-format", "table"),
    )
    assert shell.run(*arguments).code == 0
    assert connection.execute("SELECT event_id, awarded, total FROM pointbook_ledger").fetchall() == [
        ("e1", 40, 40)
    ]
    connection.execute("INSERT INTO events VALUES ('e2', 'bob', 'course', '2024-03-05', 3)")
    done = shell.run(*arguments)
    assert done.code == 0, done.err
    assert connection.execute("SELECT member_id, points FROM pointbook_standings ORDER BY 1").fetchall() == [
        ("ann", 40),
        ("bob", 90),
    ]
    connection.execute("INSERT INTO events VALUES ('e3', 'bob', 'gift', '2024-03-06', NULL)")
    connection.execute("CREATE VIEW mine AS SELECT * FROM pointbook_ledger")
    done = shell.run(*arguments)
    assert done.code == 0, done.err
    assert connection.execute("SELECT COUNT(*) FROM mine").fetchall() == [(3,)]


def test_the_password_of_a_server_is_nowhere_in_the_results(shell: Shell, server: tuple[str, Any]) -> None:
    done = shell.evaluate("--backend", server[0])
    assert done.code == 0, done.err
    summary = (shell.folder / "out/summary.json").read_text(encoding="utf-8")
    password = server[0].split("://", 1)[1].split("@", 1)[0].split(":", 1)[1]
    assert f":{password}@" not in summary + done.out + done.err
    assert ":***@" in summary


@pytest.mark.parametrize("method", ["rows", "execute"])
def test_stopping_a_query_of_postgresql_leaves_nothing_behind(
    shell: Shell, server: tuple[str, Any], method: str
) -> None:
    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    query, message = "SELECT pg_sleep(600)", "stopped; nothing was written"
    assert stopped(shell, PostgresSession, method, query, server[0], signal.SIGINT) == (130, "", message)
    assert not (shell.folder / "out").exists()
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"  # others test beside us
    assert server[1].execute(tables).fetchall() == []


@pytest.mark.usefixtures("spark_session")
def test_spark_gives_the_same_bytes_as_the_interpreter(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command in this process, where it finds the Spark that the other tests use."""
    shell.evaluate()
    wanted = _results(shell, "out", "csv")
    monkeypatch.chdir(shell.folder)
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
    code = exit_code_of(["evaluate", "club", *log, "--backend", "spark"])
    assert code == 0, capsys.readouterr().err
    assert "evaluated by the plan on spark with " in capsys.readouterr().out
    assert _results(shell, "out", "csv") == wanted


def test_a_spark_session_can_be_handed_over(shell: Shell, spark_session: Any) -> None:
    program = load_program(shell.folder / "club")
    log = read_log(program, members=[shell.folder / "members.csv"], events=[shell.folder / "events.csv"])
    as_of = log.facts.latest[0][1].date()
    evaluation = evaluate_relational(program, log, as_of=as_of, session=SparkEngine(spark_session))
    assert [(row["member_id"], row["points"]) for row in evaluation.standings().read_all().to_pylist()] == [
        ("ann", 160),
        ("bob", 90),
    ]


def test_spark_whose_tables_would_be_lost_refuses_to_write_any(spark_session: Any) -> None:
    with pytest.raises(EngineError, match="keeps its tables in memory"):
        SparkEngine(spark_session).check_tables({"pointbook_ledger": pa.schema([])}, replace=False)
