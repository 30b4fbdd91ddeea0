"""Results as tables of PostgreSQL: what stands beside the rows stays; what cannot be is found at once."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
import pytest

from pointbook.relational.engines.postgres_session import PostgresSession
from pointbook.relational.engines.sessions import EngineError, TableRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from club_shell import Finished, Shell

ROLE = f"analyst_{os.getpid()}"
UNREAD = ("--events", "absent.csv", "--members", "absent.csv", "--out", "never")
"""A log that cannot be read, which would be told first if it were read first."""
NUMBER = pa.schema([("number", pa.int64())])


def _to_tables(shell: Shell, url: str, *options: str) -> Finished:
    return shell.evaluate("--backend", url, "--output-format", "table", *options)


def _before_the_log(shell: Shell, url: str, *options: str) -> str:
    """What is said at once, before the log is read."""
    backend = ("--backend", url, "--output-format", "table", *options)
    done = shell.run("evaluate", "club", *UNREAD, *backend)
    assert done.code == 3
    assert not (shell.folder / "never").exists()
    return done.err


@pytest.fixture
def analyst(server: tuple[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """The URL for an account that may look into the schema, the owner's connection, and the schema."""
    url, owner = server
    [(schema,)] = owner.execute("SELECT current_schema()").fetchall()
    owner.execute(f"CREATE ROLE {ROLE} LOGIN")
    owner.execute(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    yield url.replace("//pointbook:", f"//{ROLE}:"), owner, schema
    owner.execute(f"DROP OWNED BY {ROLE} CASCADE")
    owner.execute(f"DROP ROLE {ROLE}")


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_what_stands_beside_the_rows_stays(shell: Shell, analyst: tuple[str, Any, str], way: str) -> None:
    _, owner, schema = analyst
    url = f"{os.environ['POINTBOOK_POSTGRES']}?options=-csearch_path%3D{schema}"
    assert _to_tables(shell, url, "--via", way).code == 0
    owner.execute(f"GRANT SELECT ON pointbook_standings TO {ROLE}")
    owner.execute("CREATE VIEW best AS SELECT member_id, points FROM pointbook_standings WHERE points > 100")
    owner.execute("COMMENT ON COLUMN pointbook_standings.points IS 'stars'")
    owner.execute("CREATE UNIQUE INDEX one_each ON pointbook_standings (member_id)")
    owner.execute("ALTER TABLE pointbook_history ALTER COLUMN cause SET NOT NULL")
    about = (
        "SELECT oid, relacl, relowner FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        " AND relname IN ('pointbook_ledger', 'pointbook_standings', 'one_each', 'best') ORDER BY oid"
    )
    before = owner.execute(about).fetchall()
    shell.write("events.csv", "event_id,member_id,activity,occurred_at,days\ne1,bob,course,2024-03-05,5\n")
    done = _to_tables(shell, url, "--via", way)
    assert done.code == 0, done.err
    assert owner.execute(about).fetchall() == before
    assert owner.execute("SELECT * FROM best").fetchall() == [("bob", 150)]
    assert owner.execute("SELECT event_id FROM pointbook_ledger").fetchall() == [("e1",)]
    comment = "SELECT col_description('pointbook_standings'::regclass, 6)"
    assert owner.execute(comment).fetchall() == [("stars",)]
    with psycopg.connect(url.replace("//pointbook:", f"//{ROLE}:")) as reader:
        assert reader.execute("SELECT count(*) FROM pointbook_standings").fetchall() == [(2,)]


def test_each_run_leaves_a_row_and_is_told_by_its_id(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    first = _to_tables(shell, url, "--via", "fold")
    assert first.code == 0, first.err
    second = _to_tables(shell, url, "--run-id", "night 7", "--version", "2024", "--as-of", "2026-01-01")
    assert second.err.endswith("pointbook_seen, pointbook_runs as run night 7\n")
    rows = connection.execute(
        "SELECT run_id, kind, as_of::text, program, version, assume, way, mark, finished_at >= started_at"
        " FROM pointbook_runs ORDER BY started_at"
    ).fetchall()
    own = first.err.split(" as run ")[1].strip()
    assert rows == [
        (own, "full", "2025-01-09", "club", None, "none", "fold", None, True),
        ("night 7", "full", "2026-01-01", "club", "2024", "none", "plan", None, True),
    ]
    [(backend, versions, program, counts, summary)] = connection.execute(
        "SELECT backend, versions, program_sha256, counts, summary FROM pointbook_runs WHERE way = 'plan'"
    ).fetchall()
    told = json.loads((shell.folder / "out/summary.json").read_text(encoding="utf-8"))
    assert json.loads(summary) == told
    assert json.loads(counts) == told["counts"]
    assert json.loads(versions) == {one["id"]: one["sha256"] for one in told["versions"]}
    assert program == told["program_sha256"]
    assert "secret" not in backend + summary


def test_other_columns_are_told_before_the_log_is_read(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    assert _to_tables(shell, url).code == 0
    [(schema,)] = connection.execute("SELECT current_schema()").fetchall()
    connection.execute(
        "ALTER TABLE pointbook_ledger ALTER awarded TYPE numeric(9,2), ADD note text DEFAULT ''"
    )
    connection.execute("ALTER TABLE pointbook_standings DROP COLUMN benefits")
    connection.execute("CREATE VIEW mine AS SELECT event_id FROM pointbook_ledger")
    assert _before_the_log(shell, url) == (
        f"error: postgresql: the table `{schema}.pointbook_ledger` has other columns than the results:"
        " `awarded` is numeric(9,2) and would be bigint, `note` is text and would be gone;"
        f" the table `{schema}.pointbook_standings` has other columns than the results:"
        " `benefits` is missing and would be text\n"
        "  help: `--replace` drops these tables and makes them anew: rows, grants, comments and indexes go,"
        " and the view `mine` must be dropped before; or name other tables with `--table-prefix`\n"
    )
    assert _before_the_log(shell, url, "--replace") == (
        f"error: postgresql: the table `{schema}.pointbook_ledger` cannot be made anew: the view `mine`"
        " depends on it\n"
        "  help: drop it and make it again afterwards; or name other tables with `--table-prefix`\n"
    )
    connection.execute("DROP VIEW mine")
    done = _to_tables(shell, url, "--replace")
    assert done.code == 0, done.err
    assert connection.execute("SELECT sum(awarded) FROM pointbook_ledger").fetchall() == [(255,)]
    assert connection.execute("SELECT count(*) FROM pointbook_runs").fetchall() == [(2,)]


def test_every_right_that_lacks_is_told_with_what_gives_it(
    shell: Shell, analyst: tuple[str, Any, str]
) -> None:
    url, owner, schema = analyst
    lacks = f"error: postgresql: this account, `{ROLE}`, has no right to "
    asks = "\n  help: ask their owner for: "
    creating = f"GRANT CREATE ON SCHEMA {schema} TO {ROLE}"
    assert _before_the_log(shell, url) == f"{lacks}CREATE in the schema `{schema}`{asks}{creating}\n"
    assert _to_tables(shell, server_of(url)).code == 0
    tables = [f"{schema}.pointbook_{name}" for name in ("ledger", "standings", "history", "rejects")]
    rights = [f"SELECT, INSERT and DELETE on `{table}`" for table in tables]
    rights.append(f"SELECT and INSERT on `{schema}.pointbook_runs`")  # whose rows nobody deletes
    grants = [f"GRANT SELECT, INSERT, DELETE ON {table} TO {ROLE}" for table in tables]
    grants.append(f"GRANT SELECT, INSERT ON {schema}.pointbook_runs TO {ROLE}")
    seen = f"{schema}.pointbook_seen"
    rights.append(f"SELECT, INSERT and DELETE on `{seen}`")
    grants.append(f"GRANT SELECT, INSERT, DELETE ON {seen} TO {ROLE}")
    assert _before_the_log(shell, url) == f"{lacks}{'; to '.join(rights)}{asks}{'; '.join(grants)}\n"
    for grant in grants:
        owner.execute(grant)
    done = _to_tables(shell, url)
    assert done.code == 0, done.err
    owner.execute(f"REVOKE USAGE ON SCHEMA {schema} FROM {ROLE}")
    assert _before_the_log(shell, url, "--table-prefix", f"{schema}.pointbook_") == (
        f"{lacks}USAGE in the schema `{schema}`{asks}GRANT USAGE ON SCHEMA {schema} TO {ROLE}\n"
    )
    owner.execute(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    owner.execute("ALTER TABLE pointbook_history ADD note text")
    own = f"`{schema}.pointbook_history` is not this account's own, so that it cannot be dropped"
    owner.execute(creating)
    assert own in _before_the_log(shell, url, "--replace")


def server_of(url: str) -> str:
    """The same database for its owner."""
    return url.replace(f"//{ROLE}:", "//pointbook:")


def test_who_may_create_no_temporary_tables_is_told_what_to_ask_for(
    shell: Shell, analyst: tuple[str, Any, str]
) -> None:
    url, owner, _ = analyst
    owner.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    try:
        said = _before_the_log(shell, url)
    finally:
        owner.execute("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")
    assert "may create no temporary tables there" in said
    assert f"ask for: GRANT TEMPORARY ON DATABASE postgres TO {ROLE}; or write files" in said


@pytest.mark.parametrize(
    ("made", "prefix", "message"),
    [
        (
            "CREATE VIEW pointbook_ledger AS SELECT 1 AS one",
            "pointbook_",
            ".pointbook_ledger` is a view, and results",
        ),
        ("SELECT 1", "nowhere.pointbook_", "there is no schema `nowhere` for the tables of results"),
        ("SELECT 1", f"{'s' * 64}.pointbook_", "is longer than the 63 bytes that PostgreSQL knows"),
        (
            "CREATE TABLE bills (m text REFERENCES pointbook_standings (member_id) ON DELETE CASCADE)",
            "pointbook_",
            "foreign keys of `bills` refer to `",
        ),
        (
            "ALTER TABLE pointbook_ledger ENABLE ROW LEVEL SECURITY",
            "pointbook_",
            "row security hides rows of `",
        ),
    ],
    ids=["view", "schema", "name", "foreign key", "row security"],
)
def test_a_table_that_could_not_be_written_is_found_before_the_log_is_read(
    shell: Shell, analyst: tuple[str, Any, str], made: str, prefix: str, message: str
) -> None:
    url, owner, schema = analyst
    owner.execute(f"GRANT CREATE ON SCHEMA {schema} TO {ROLE}")
    if "pointbook_standings" in made or "ALTER" in made:
        assert _to_tables(shell, server_of(url)).code == 0
        owner.execute("CREATE UNIQUE INDEX one_each ON pointbook_standings (member_id)")
        owner.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {ROLE}")
    owner.execute(made)
    assert message in _before_the_log(shell, url, "--table-prefix", prefix)


def test_a_wrongly_typed_column_leaves_good_rows_as_they_are(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    connection.execute(
        "CREATE TABLE members AS SELECT 'm' || n AS member_id, DATE '2024-01-10' AS signed_up_on"
        " FROM generate_series(0, 399) n"
    )
    connection.execute(
        "CREATE TABLE events AS SELECT 'e' || n AS event_id, 'm' || n % 400 AS member_id, 'gift' AS activity,"
        " DATE '2024-02-01' + (n / 400)::int AS occurred_at FROM generate_series(1, 24373) n"
    )
    log = ("--events", "table:events", "--members", "table:members")
    arguments = ("evaluate", "club", *log, "--backend", url, "--output-format", "table", "--out", "out")
    assert shell.run(*arguments).code == 0
    (shell.folder / "out/summary.json").unlink()  # so that nothing but tables stands
    connection.execute(
        "ALTER TABLE events ALTER occurred_at TYPE text USING to_char(occurred_at, 'DD.MM.YY')"
    )
    done = shell.run(*arguments)
    assert done.code == 1
    assert "24,373 of 24,773 rows of events and members were rejected" in done.err
    assert "more than half of events; the results that stand were not replaced" in done.err
    assert connection.execute("SELECT count(*) FROM pointbook_ledger").fetchall() == [(24373,)]
    assert connection.execute("SELECT count(*) FROM pointbook_runs").fetchall() == [(1,)]


def test_readers_see_the_rows_from_before_until_all_are_there(server: tuple[str, Any]) -> None:
    url, reader = server
    reader.execute("CREATE TABLE kept AS SELECT 1::bigint AS number")
    seen = []

    def rows() -> Iterator[pa.RecordBatch]:
        for number in (2, 3):
            reader.execute("SET statement_timeout = 2000")  # a reader who had to wait would fail
            seen.append(reader.execute("SELECT number FROM kept").fetchall())
            yield pa.record_batch({"number": pa.array([number], pa.int64())})

    with psycopg.connect(url, autocommit=True) as writer:
        new = pa.RecordBatchReader.from_batches(NUMBER, rows())
        PostgresSession(writer).write_tables({"kept": TableRows(NUMBER, new)}, replace=False)
    assert seen == [[(1,)], [(1,)]]
    assert reader.execute("SELECT number FROM kept ORDER BY 1").fetchall() == [(2,), (3,)]


def test_a_second_run_into_the_same_tables_waits_until_the_first_has_ended(server: tuple[str, Any]) -> None:
    url, watcher = server
    others = {"other_kept": NUMBER}
    waits = threading.Event()

    def second() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            session = PostgresSession(connection)
            session.check_tables(others, replace=False)
            session.check_tables({"kept": NUMBER}, replace=False)
            assert waits.is_set()
            counted = "SELECT count(*) AS number FROM kept"
            session.write_tables({"kept": TableRows(NUMBER, counted, adds=True)}, replace=False)

    with psycopg.connect(url, autocommit=True) as connection:
        first = PostgresSession(connection)
        first.check_tables({"kept": NUMBER}, replace=False)
        running = threading.Thread(target=second)
        running.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
        while not watcher.execute(waiting).fetchall()[0][0]:
            assert running.is_alive()
        rows = TableRows(NUMBER, "SELECT 10 AS number UNION ALL SELECT 20")
        first.write_tables({"kept": rows}, replace=False)
        waits.set()
    running.join()
    assert watcher.execute("SELECT number FROM kept ORDER BY 1").fetchall() == [(2,), (10,), (20,)]


def test_whoever_waits_for_another_run_no_longer_than_allowed_is_told_why(server: tuple[str, Any]) -> None:
    url, other = server
    PostgresSession(other).check_tables({"kept": NUMBER}, replace=False)
    try:
        with psycopg.connect(f"{url}%20-clock_timeout%3D50", autocommit=True) as connection:
            with pytest.raises(EngineError, match="due to lock timeout") as refused:
                PostgresSession(connection).check_tables({"kept": NUMBER}, replace=False)
            assert refused.value.hint.startswith("another run may be writing to these tables")
    finally:
        other.execute("SELECT pg_advisory_unlock_all()")


def test_a_constraint_of_the_users_that_results_break_leaves_all_as_it_was(server: tuple[str, Any]) -> None:
    connection = server[1]
    connection.execute("CREATE TABLE kept (number bigint CHECK (number < 5))")
    connection.execute("INSERT INTO kept VALUES (1)")
    with pytest.raises(
        EngineError, match='the tables cannot be written: new row for relation "kept" violates'
    ):
        PostgresSession(connection).write_tables(
            {"new": TableRows(NUMBER, "SELECT 1 AS number"), "kept": TableRows(NUMBER, "SELECT 7 AS number")},
            replace=False,
        )
    assert connection.execute("SELECT number, to_regclass('new') FROM kept").fetchall() == [(1, None)]
