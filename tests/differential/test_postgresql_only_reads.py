"""PostgreSQL for an account that may only read, for one in a hurry, and for one that is not let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from relational_evaluators import evaluated_by
from test_conformance_relational import CASES, case_name, check

from pointbook.relational.engines import postgres_errors
from pointbook.relational.engines.postgres_errors import refusal
from pointbook.relational.engines.postgres_reading import ReadingPostgresSession, session_in
from pointbook.relational.engines.postgres_session import PostgresSession
from pointbook.relational.inputs import events_in_place

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

RESULTS = ("ledger.csv", "standings.csv", "history.csv", "rejects.csv")
CHOSEN = ("every-outcome-is-told", "usage-is-carried-over-a-version-change", "a-floor-cuts-deductions")
READ_ONLY = "%20-cdefault_transaction_read_only%3Don"


def _results(shell: Shell) -> list[bytes]:
    return [(shell.folder / "out" / name).read_bytes() for name in RESULTS]


def _put_log(shell: Shell, connection: psycopg.Connection[Any]) -> None:
    """The log as tables, by the names that relations of a plan have too."""
    for name in ("members", "events"):
        header, *rows = (shell.folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        columns = ", ".join(f"{column} TEXT" for column in header.split(","))
        connection.execute(f"CREATE TABLE {name} ({columns})")
        with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row.split(","))


@pytest.mark.parametrize("way", ["plan", "fold"])
@pytest.mark.parametrize("source", ["files", "tables"])
def test_an_account_that_may_only_read_gets_the_same_results(
    shell: Shell, server: tuple[str, Any], way: str, source: str
) -> None:
    url, connection = server
    _put_log(shell, connection)
    shell.evaluate()
    wanted = _results(shell)
    log = ("--events", "events.csv", "--members", "members.csv")
    if source == "tables":
        log = ("--events", "table:events", "--members", "query:SELECT * FROM members")
    backend = ("--backend", f"{url}{READ_ONLY}", "--via", way)
    done = shell.run("evaluate", "club", *log, "--out", "out", *backend)
    assert done.code == 0, done.err
    assert _results(shell) == wanted


def test_an_account_that_may_only_read_updates_results_in_files(
    shell: Shell, server: tuple[str, Any]
) -> None:
    url, connection = server
    connection.execute("CREATE TABLE members (member_id TEXT, signed_up_on DATE)")
    connection.execute("INSERT INTO members SELECT 'm' || n, '2024-01-10' FROM generate_series(1, 9) AS n")
    connection.execute(
        "CREATE TABLE events (event_id TEXT, member_id TEXT, activity TEXT, occurred_at TIMESTAMP)"
    )
    visits = "INSERT INTO events SELECT 'e' || n, 'm' || n % 9, 'visit', '2024-02-01' FROM generate_series"
    connection.execute(f"{visits}(1, 20) AS n".encode())
    log = ("--events", "table:events", "--members", "table:members", "--as-of", "2024-04-01")
    to = ("--backend", f"{url}{READ_ONLY}", "--output-format", "parquet", "--max-rejected", "100%")
    for out in ("own", "full"):
        done = shell.run("evaluate", "club", *log, *to, "--out", out, "--update")
        assert done.code == 0, done.err
        connection.execute("INSERT INTO events VALUES ('new', 'm1', 'visit', '2024-02-02')")
    done = shell.run("evaluate", "club", *log, *to, "--out", "own", "--update")
    assert "1 of 9 members evaluated anew: 1 with other rows" in done.out, done.err
    done = shell.run("evaluate", "club", *log, *to, "--out", "full")
    for name in ("ledger", "standings", "history", "rejects", "seen"):
        own, full = (shell.folder / out / f"{name}.parquet" for out in ("own", "full"))
        assert own.read_bytes() == full.read_bytes(), name


def test_rows_that_come_while_they_are_read_are_told_and_nothing_is_written(
    shell: Shell, server: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, connection = server
    _put_log(shell, connection)
    own = events_in_place.put_repeated_keys

    def one_more(*arguments: Any) -> bool:
        connection.execute(
            "INSERT INTO events SELECT 'new', member_id, activity, occurred_at FROM events LIMIT 1"
        )
        return own(*arguments)

    monkeypatch.setattr(events_in_place, "put_repeated_keys", one_more)
    log = ("--events", "table:events", "--members", "table:members", "--out", "out", "--backend", url)
    done = shell.run("evaluate", "club", *log)
    assert done.code == 3
    assert "error: table:events: rows came or went while they were read: first 5, then 6\n" in done.err
    assert not (shell.folder / "out/ledger.csv").exists()


def test_a_server_that_is_too_old_is_told(
    server: tuple[str, Any], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_errors, "_OLDEST", 990_000)
    done = shell.evaluate("--backend", server[0])
    assert done.code == 3
    assert "; 99 or newer is needed\n  help: use `pointbook sql --dialect postgres` there" in done.err


@pytest.mark.parametrize("path", [one for one in CASES if one.stem in CHOSEN], ids=case_name)
def test_where_nothing_may_be_created_postgresql_agrees_with_the_case(
    path: Path, server: tuple[str, Any]
) -> None:
    with psycopg.connect(f"{server[0]}{READ_ONLY}", autocommit=True) as connection:
        check(path, evaluated_by(lambda: session_in(connection)))


def test_whoever_may_create_temporary_tables_does(server: tuple[str, Any]) -> None:
    assert type(session_in(server[1])) is PostgresSession


def test_an_account_that_may_only_read_is_told_at_once_that_it_can_write_no_tables(
    shell: Shell, server: tuple[str, Any]
) -> None:
    done = shell.evaluate("--backend", f"{server[0]}{READ_ONLY}", "--output-format", "table")
    assert done.code == 3
    assert "may create no tables there: its transactions are read-only\n" in done.err
    assert "ask for: ALTER ROLE pointbook SET default_transaction_read_only = off; or write" in done.err


def test_all_that_an_account_reads_is_of_one_moment(server: tuple[str, Any]) -> None:
    url, connection = server
    connection.execute("CREATE TABLE growing AS SELECT 1 AS number")
    with psycopg.connect(url, autocommit=True) as own:
        session = ReadingPostgresSession(own)
        session.view("seen", "SELECT * FROM growing")
        seen = []
        for _ in range(2):
            seen.append(session.rows("SELECT number FROM seen").read_all().column(0).to_pylist())
            connection.execute("INSERT INTO growing VALUES (2)")
    assert seen == [[1], [1]]


def test_a_limit_of_time_is_told_with_what_lifts_it(shell: Shell, server: tuple[str, Any]) -> None:
    events = "query:SELECT pg_sleep(9)::text AS event_id, '' AS member_id, '' AS activity, '' AS occurred_at"
    url = f"{server[0]}%20-cstatement_timeout%3D1000"
    log = ("--events", events, "--members", "members.csv", "--out", "out")
    done = shell.run("evaluate", "club", *log, "--backend", url)
    assert done.code == 3
    assert done.err.startswith("error: postgresql: the server has stopped this: canceling statement due to")
    assert "`?options=-c%20statement_timeout%3D0`" in done.err


AT = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '
SEVERAL = (
    f"- host: 'h', port: '1', hostaddr: '1.1.1.1': {AT}FATAL:  password authentication failed for user x\n"
    f"- host: 'h', port: '2', hostaddr: '1.1.1.2': {AT}Connection refused"
)


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        (
            f'{AT}FATAL:  password authentication failed for user "a"',
            "refuses the connection: password",
            "%40",
        ),
        (f"{AT}fe_sendauth: no password supplied", "refuses the connection: fe_sendauth", "PGPASSWORD"),
        (f'{AT}FATAL:  role "a" does not exist', 'refuses the connection: role "a"', "user"),
        (f'{AT}FATAL:  database "b" does not exist', 'refuses the connection: database "b"', "database"),
        (
            f'{AT}FATAL:  no pg_hba.conf entry for host "h"',
            "refuses the connection: no pg_hba",
            "let this user",
        ),
        (f"{AT}FATAL:  sorry, too many clients already", "refuses the connection: sorry", "others have left"),
        (
            f"{AT}FATAL:  Rolle existiert nicht",
            "refuses the connection: Rolle",
            "user, password and database",
        ),
        (
            f"{AT}server does not support SSL, but SSL was required",
            "refuses the connection: server does not support SSL",
            "leave out `sslmode`",
        ),
        (
            f"{AT}SSL error: certificate verify failed",
            "refuses the connection: SSL error: certificate",
            "sslrootcert",
        ),
        (
            'connection is bad: definition of service "club" not found',
            'the URL cannot be used: definition of service "club" not found',
            "PGSERVICEFILE",
        ),
        (
            f'{AT}FATAL:  password authentication failed for user "a"\npassword retrieved from file "/pass"',
            'refuses the connection: password authentication failed for user "a"',
            "check the password in /pass",
        ),
        (
            SEVERAL,
            "refuses the connection: password authentication failed for user x",
            "PGPASSWORD",
        ),
        (
            "failed to resolve host 'ss@h.example': [Errno -2] Name or service not known",
            "no host 'h.example'",
            "%40",
        ),
        (
            "failed to resolve host 'h.example': [Errno -2] Name or service not known",
            "no host 'h.example'",
            "host",
        ),
        (
            f"{AT}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
            "cannot be reached: Connection refused",
            "host and port",
        ),
    ],
)
def test_why_there_is_no_connection_is_told(said: str, message: str, hint: str) -> None:
    told = refusal(psycopg.OperationalError(said))
    assert message in told.message
    assert hint in told.hint
