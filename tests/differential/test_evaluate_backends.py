"""`pointbook evaluate` by every backend: the same results in every form, all of them or none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

import duckdb
import pyarrow.parquet as pq
from endless_queries import stopped

from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.member_ranges import ranges_for
from pointbook_cli.reporters.tables.table_files import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

EXAMPLE = "rules/dataminer-devops"
TABLES = ("ledger", "standings", "history", "rejects")


def _example(repository: Shell, out: Path, *options: str) -> dict[str, bytes]:
    log = (
        "--events",
        f"{EXAMPLE}/examples/events.csv",
        "--members",
        f"{EXAMPLE}/examples/members.csv",
        "--out",
        str(out),
    )
    done = repository.run("evaluate", EXAMPLE, *log, *options)
    assert done.code == 1, done.err  # the example has rejects
    return {path.name: path.read_bytes() for path in out.iterdir()}


@pytest.fixture(scope="session")
def by_python(repository: Shell, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The example's results as CSV and JSON Lines, by the interpreter."""
    folder = tmp_path_factory.mktemp("python")
    formats = ("csv", "jsonl")
    found = [
        _example(repository, folder / form, "--backend", "python", "--output-format", form)
        for form in formats
    ]
    return found[0] | found[1]


def _but_how(summary: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(summary)
    del found["evaluated"]
    return found


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_duckdb_gives_the_same_bytes_for_the_shipped_example(
    repository: Shell, tmp_path: Path, by_python: dict[str, bytes], form: str
) -> None:
    found = _example(repository, tmp_path / "out", "--backend", "duckdb", "--output-format", form)
    assert sorted(found) == sorted([*(f"{table}.{form}" for table in TABLES), "summary.json"])
    for table in TABLES:
        assert found[f"{table}.{form}"] == by_python[f"{table}.{form}"], table
    assert _but_how(found["summary.json"]) == _but_how(by_python["summary.json"])
    assert json.loads(found["summary.json"])["evaluated"]["backend"] == "duckdb"


def _typed_rows(path: Path) -> list[tuple[Any, ...]]:
    table = pq.read_table(path)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _as_texts(row: tuple[Any, ...]) -> list[str]:
    def text(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        return value.isoformat() if isinstance(value, (date, datetime)) else str(value)

    return [text(value) for value in row]


@pytest.mark.parametrize("backend", ["python", "duckdb"])
def test_parquet_holds_the_rows_of_the_csv_with_types(
    repository: Shell, tmp_path: Path, by_python: dict[str, bytes], backend: str
) -> None:
    import csv  # noqa: PLC0415
    import io  # noqa: PLC0415

    _example(repository, tmp_path / "out", "--backend", backend, "--output-format", "parquet")
    for table in TABLES:
        header, *rows = csv.reader(io.StringIO(by_python[f"{table}.csv"].decode(), newline=""))
        path = tmp_path / "out" / f"{table}.parquet"
        assert pq.read_schema(path).names == header
        assert [_as_texts(row) for row in _typed_rows(path)] == rows
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "out/ledger.parquet")}
    assert types == {
        **dict.fromkeys(
            ("event_id", "member_id", "activity", "version", "balance", "outcome", "level"), "string"
        ),
        **dict.fromkeys(("requested", "awarded", "period", "total"), "int64"),
        "occurred_at": "timestamp[us]",
        "assumed": "bool",
    }
    days = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "out/standings.parquet")}
    assert {days[name] for name in ("as_of", "period_start", "period_end")} == {"date32[day]"}


def test_duckdb_is_the_default_where_it_is_installed(shell: Shell) -> None:
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
    done = shell.run("evaluate", "club", *log)
    assert done.code == 0
    assert "evaluated by the plan on duckdb with " in done.out


def test_results_with_quotes_commas_and_line_breaks_are_the_same_bytes(shell: Shell) -> None:
    odd = ('"a,b"', '"say ""hi"""', '"two\nlines"', '"back\\slash"', '"carriage\rreturn"', "é", '"\ttab"')
    shell.write(
        "events.csv",
        "event_id,member_id,activity,occurred_at\n"
        + "".join(f"{name},ann,visit,2024-02-{day:02}T10:00:00.5\n" for day, name in enumerate(odd, 1)),
    )
    for form in ("csv", "jsonl"):
        for backend in ("python", "duckdb"):
            done = shell.evaluate("--backend", backend, "--output-format", form)
            assert done.code == 0, done.err
            (shell.folder / "out").rename(shell.folder / f"{backend}-{form}")
        for table in TABLES:
            python, duck = (
                (shell.folder / f"{backend}-{form}" / f"{table}.{form}").read_bytes()
                for backend in ("python", "duckdb")
            )
            assert python == duck
    assert b'"say ""hi"""' in (shell.folder / "duckdb-csv/ledger.csv").read_bytes()


def test_the_form_of_an_earlier_run_goes_when_a_new_one_comes(shell: Shell) -> None:
    shell.evaluate("--backend", "duckdb")
    shell.evaluate("--backend", "duckdb", "--output-format", "parquet")
    assert shell.names("out") == [
        *("history.parquet", "ledger.parquet", "rejects.parquet", "seen.parquet", "standings.parquet"),
        "summary.json",
    ]


@pytest.mark.parametrize("form", FILES)
def test_a_log_without_any_row_gives_empty_tables(shell: Shell, form: str) -> None:
    shell.write("events.csv", "event_id,member_id,activity,occurred_at\n")
    shell.write("members.csv", "member_id,signed_up_on\n")
    for backend in ("python", "duckdb"):
        done = shell.evaluate("--backend", backend, "--as-of", "2024-06-01", "--output-format", form)
        assert (done.code, "no event counted" in done.err) == (1, True), done.err
        if form == "parquet":
            assert pq.read_table(shell.folder / "out/ledger.parquet").num_rows == 0
            assert (
                str(pq.read_schema(shell.folder / "out/history.parquet").field("date").type) == "date32[day]"
            )


def _database(shell: Shell) -> None:
    with duckdb.connect(str(shell.folder / "log.db")) as connection:
        for name in ("events", "members"):
            connection.execute(
                f"CREATE TABLE {name} AS FROM read_csv('{shell.folder}/{name}.csv', all_varchar = true)"
            )


def test_tables_of_a_duckdb_file_are_read_where_they_lie_and_results_become_tables(shell: Shell) -> None:
    shell.evaluate()
    wanted = {table: (shell.folder / f"out/{table}.csv").read_text(encoding="utf-8") for table in TABLES}
    _database(shell)
    done = shell.run(
        *("evaluate", "club", "--events", "table:events", "--members", "query:SELECT * FROM members"),
        *("--out", "tables", "--backend", "duckdb://log.db", "--output-format", "table"),
    )
    assert done.code == 0, done.err
    assert "evaluated by the plan on duckdb://log.db with " in done.out
    assert shell.names("tables") == ["rejects.csv", "summary.json"]
    with duckdb.connect(str(shell.folder / "log.db")) as connection:
        for table, text in wanted.items():
            found = connection.table(f"pointbook_{table}").fetchall()
            rows = sorted(line.split(",") for line in text.splitlines()[1:])
            assert sorted(_as_texts(row) for row in found) == rows
        left = {name for (name,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()}
        tables = {f"pointbook_{name}" for name in (*TABLES, "seen", "runs")}
        assert left == {"events", "members"} | tables


def test_a_database_that_is_only_read_stays_as_it_is(shell: Shell) -> None:
    _database(shell)
    before = (shell.folder / "log.db").read_bytes()
    done = shell.run(
        *("evaluate", "club", "--events", "table:events", "--members", "table:members"),
        *("--out", "out", "--backend", "duckdb://log.db"),
    )
    assert done.code == 0, done.err
    assert (shell.folder / "log.db").read_bytes() == before


@pytest.mark.parametrize("name", ["members", "levels", "source_of_event_0"])
@pytest.mark.parametrize("source", ["table:active_events", "query:SELECT * FROM main.active_events"])
def test_a_view_of_the_database_reads_its_own_tables_whatever_they_are_called(
    shell: Shell, name: str, source: str
) -> None:
    _database(shell)
    with duckdb.connect(str(shell.folder / "log.db")) as connection:
        connection.execute("CREATE TABLE people AS FROM members")
        [(first,)] = connection.sql("SELECT min(member_id) FROM events").fetchall()
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT '{first}' AS member_id")
        active = f"SELECT * FROM events WHERE member_id IN (SELECT member_id FROM {name})"  # noqa: S608
        connection.execute(f"CREATE VIEW active_events AS {active}")
        connection.execute(f"COPY ({active}) TO '{shell.folder}/active.csv'")
    members = ("--members", "members.csv", "--out", "files")
    assert shell.run("evaluate", "club", "--events", "active.csv", *members).code == 0
    done = shell.run(
        *("evaluate", "club", "--events", source, "--members", "table:people"),
        *("--out", "out", "--backend", "duckdb://log.db"),
    )
    assert done.code == 0, done.err
    ledger = (shell.folder / "files/ledger.csv").read_bytes()
    assert ledger.count(b"\n") > 1
    assert (shell.folder / "out/ledger.csv").read_bytes() == ledger


def test_tables_that_are_read_are_never_replaced(shell: Shell) -> None:
    done = shell.evaluate(
        *("--backend", "duckdb://log.db", "--events", "table:pointbook_ledger", "--output-format", "table")
    )
    assert done.code == 2
    assert "table:pointbook_ledger is read, and would be replaced by a result" in done.err


def test_a_failure_leaves_no_new_database_behind(shell: Shell) -> None:
    shell.write("events.csv", "event_id,member_id\n")
    done = shell.evaluate("--backend", "duckdb://new.db", "--output-format", "table")
    assert done.code == 3
    assert "new.db" not in shell.names(".")


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("duckdb://none.db", "duckdb://none.db: there is no such file"),
        ("duckdb://events.csv", "duckdb://events.csv: it cannot be opened"),
        ("spark://127.0.0.1:1", "spark://127.0.0.1:1: the server cannot be reached: Connection refused"),
        (
            "postgresql://ann:se%21cret@127.0.0.1:1/db",
            "postgresql://ann:***@127.0.0.1:1/db: the server cannot be",
        ),
        (
            "postgresql://ann:a@b:c/d@127.0.0.1:1/db",
            "postgresql://ann:***@127.0.0.1:1/db: the server cannot be",
        ),
        (
            "postgresql://127.0.0.1:1/db?password=secret",
            "postgresql://127.0.0.1:1/db?password=***: the server",
        ),
    ],
)
def test_a_backend_that_cannot_be_reached_is_named_without_its_password(
    shell: Shell, backend: str, words: str
) -> None:
    for module in ("psycopg",) if backend.startswith("postgres") else ("pyspark",):
        pytest.importorskip(module)
    done = shell.evaluate("--backend", backend)
    assert done.code == 3, done.err
    assert words in done.err
    assert not any(secret in done.err for secret in ("secret", "se%21", "se!", "a@b", "Traceback"))
    assert not (shell.folder / "out").exists()


MANY = 300_000


def _many_events(shell: Shell) -> None:
    lines = (
        f"an-event-id-that-takes-memory-{index:019},m{index % 997:04},gift,2024-0{index % 9 + 1}-11,,"
        for index in range(MANY)
    )
    shell.write("many.csv", "event_id,member_id,activity,occurred_at,points,days\n" + "\n".join(lines) + "\n")
    members = "".join(f"m{number:04},2024-01-01\n" for number in range(997))
    shell.write("members.csv", "member_id,signed_up_on\n" + members)
    rows = duckdb.read_csv(str(shell.folder / "many.csv"), all_varchar=True)
    rows.write_parquet(str(shell.folder / "many.parquet"))


def _evaluate_many(shell: Shell, out: str, *options: str) -> Any:
    log = ("--events", "many.parquet", "--members", "members.csv", "--out", out, "--backend", "duckdb")
    return shell.run("evaluate", "club", *log, *options)


@pytest.mark.parametrize(
    ("limit", "ranges", "output_format"), [("150MB", 1, "csv"), ("60MB", 2, "csv"), ("60MB", 2, "parquet")]
)
def test_a_small_memory_limit_gives_the_same_bytes(
    shell: Shell, limit: str, ranges: int, output_format: str
) -> None:
    _many_events(shell)
    assert ranges_for(DuckDBSession(memory_limit=limit), MANY) == ranges
    form = ("--output-format", output_format)
    assert _evaluate_many(shell, "whole", *form).code == 0
    done = _evaluate_many(shell, "small", *form, "--memory-limit", limit)
    assert done.code == 0, done.err
    assert shell.names("small") == shell.names("whole")
    for name in shell.names("whole"):
        assert (shell.folder / "small" / name).read_bytes() == (shell.folder / "whole" / name).read_bytes()


def test_too_little_memory_is_said_and_nothing_is_written(shell: Shell) -> None:
    _many_events(shell)
    done = _evaluate_many(shell, "out", "--memory-limit", "1MB")
    assert done.code == 3, done.err
    assert done.err.startswith("error: duckdb: the memory of 1MB is too little for this log")
    assert "Traceback" not in done.err
    assert not (shell.folder / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("method", ["rows", "execute"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_a_query_of_duckdb_leaves_nothing_behind(
    shell: Shell, method: str, number: signal.Signals, code: int
) -> None:
    query = "SELECT sum(a.range * b.range) AS sum FROM range(10000000) a, range(10000000) b"
    message = "stopped; nothing was written" if number == signal.SIGINT else ""
    assert stopped(shell, DuckDBSession, method, query, "duckdb", number) == (code, "", message)
    assert not (shell.folder / "out").exists()


def test_nothing_of_how_far_it_is_stays_on_a_terminal(shell: Shell) -> None:
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out", "--backend", "duckdb")
    done = shell.run("evaluate", "club", *log)
    assert done.err == "written to out/\n"
    leader, follower = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pointbook_cli", "evaluate", "club", *log],
        cwd=shell.folder,
        stdout=subprocess.DEVNULL,
        stderr=follower,
    ) as running:
        os.close(follower)
        said = b""
        try:
            while part := os.read(leader, 4096):
                said += part
        except OSError:  # the terminal's other end is closed
            pass
    os.close(leader)
    assert running.returncode == 0
    assert said.rpartition(b"\r")[0].rpartition(b"\r")[2].lstrip(b" ") in {b"", b"written to out/"}
    assert said.endswith(b"written to out/\r\n")
