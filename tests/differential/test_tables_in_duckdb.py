"""Results as tables of a DuckDB file: what stands beside their rows stays, and each run leaves a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from club_shell import Finished, Shell

RESULTS = ("ledger", "standings", "history", "rejects")


def _to_tables(shell: Shell, *options: str) -> Finished:
    return shell.evaluate("--backend", "duckdb://club.db", "--output-format", "table", *options)


def _before_the_log(shell: Shell, *options: str) -> str:
    """What is said at once: the log cannot be read, which would be told first if it were read first."""
    log = ("--events", "absent.csv", "--members", "absent.csv", "--out", "never")
    backend = ("--backend", "duckdb://club.db", "--output-format", "table", *options)
    done = shell.run("evaluate", "club", *log, *backend)
    assert done.code == 3
    assert not (shell.folder / "never").exists()
    return done.err


def _database(shell: Shell) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(shell.folder / "club.db"))


def test_what_stands_beside_the_rows_stays_and_runs_differ_in_nothing_else(shell: Shell) -> None:
    assert _to_tables(shell, "--via", "plan").code == 0
    with _database(shell) as connection:
        connection.execute("CREATE VIEW best AS SELECT member_id FROM pointbook_standings WHERE points > 100")
        connection.execute("COMMENT ON TABLE pointbook_standings IS 'stars'")
        connection.execute("CREATE UNIQUE INDEX one_each ON pointbook_standings (member_id)")
        before = {name: connection.table(f"pointbook_{name}").fetchall() for name in RESULTS}
    done = _to_tables(shell, "--via", "fold", "--run-id", "again")  # the other way writes the same columns
    assert done.code == 0, done.err
    with _database(shell) as connection:
        assert {name: connection.table(f"pointbook_{name}").fetchall() for name in RESULTS} == before
        assert connection.table("best").fetchall() == [("ann",)]
        comment = "SELECT comment FROM duckdb_tables() WHERE table_name = 'pointbook_standings'"
        assert connection.execute(comment).fetchall() == [("stars",)]
        assert connection.execute("SELECT index_name FROM duckdb_indexes()").fetchall() == [("one_each",)]
        runs = "SELECT run_id, kind, way, backend FROM pointbook_runs ORDER BY started_at"
        [first, second] = connection.execute(runs).fetchall()
        assert first[1:] == ("full", "plan", "duckdb://club.db")
        assert second == ("again", "full", "fold", "duckdb://club.db")


def test_other_columns_are_told_before_the_log_is_read_and_replaced_where_that_is_asked_for(
    shell: Shell,
) -> None:
    with _database(shell) as connection:
        connection.execute("CREATE TABLE pointbook_history (member_id VARCHAR, date DATE, note BLOB)")
    assert _before_the_log(shell) == (
        "error: duckdb: the table `main.pointbook_history` has other columns than the results:"
        " `from_level` is missing and would be VARCHAR, `to_level` is missing and would be VARCHAR,"
        " `cause` is missing and would be VARCHAR, `note` is BLOB and would be gone\n"
        "  help: `--replace` drops this table and makes it anew: rows, grants, comments and indexes go;"
        " or name other tables with `--table-prefix`\n"
    )
    assert _to_tables(shell, "--replace").code == 0
    with _database(shell) as connection:
        assert connection.table("pointbook_history").fetchall()


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        ("my_", "`main.my_rejects` is a view, and results are tables"),
        ("nowhere.my_", "there is no schema `nowhere` for the tables of results"),
    ],
)
def test_a_table_that_could_not_be_written_is_found_before_the_log_is_read(
    shell: Shell, prefix: str, message: str
) -> None:
    with _database(shell) as connection:
        connection.execute("CREATE VIEW my_rejects AS SELECT 1 AS one")
    assert message in _before_the_log(shell, "--table-prefix", prefix)


def test_a_second_run_into_the_same_file_is_refused_while_the_first_has_it(shell: Shell) -> None:
    assert _to_tables(shell).code == 0
    with _database(shell) as connection:
        arguments = ("--backend", "duckdb://club.db", "--output-format", "table")
        log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
        done = shell.run("evaluate", "club", *log, *arguments, env={})  # a process of its own
        assert done.code == 3
        assert "name a DuckDB database that no other process has open" in done.err
        assert connection.execute("SELECT count(*) FROM pointbook_runs").fetchall() == [(1,)]


def test_a_table_that_is_read_is_never_written_by_whatever_name_it_is_called(shell: Shell) -> None:
    log = ("--events", "table:main.pointbook_runs", "--members", "members.csv", "--out", "never")
    done = shell.run("evaluate", "club", *log, "--backend", "duckdb://club.db", "--output-format", "table")
    assert done.code == 2
    assert "table:main.pointbook_runs is read, and would be replaced by a result" in done.err


def test_names_in_a_database_and_ids_of_runs_do_not_steer_a_terminal(shell: Shell) -> None:
    steering = "\x1b[31m\x9b2J\r\nFORGED\u2028\u202e"
    done = _to_tables(shell, "--run-id", steering)
    assert done.code == 0, done.err
    assert done.err.count("\n") == 1
    with _database(shell) as connection:
        assert connection.execute("SELECT run_id FROM pointbook_runs").fetchall() == [(steering,)]
        connection.execute(f'ALTER TABLE pointbook_history ADD COLUMN "{steering}" VARCHAR')
    said = _before_the_log(shell)
    assert said.count("\n") == 2
    for text in (done.err, said):
        assert not set(text) & set("\x1b\x9b\r\u2028\u202e")
        assert "FORGED" in text


def test_what_the_runs_have_seen_is_not_read_as_a_log(shell: Shell) -> None:
    done = _to_tables(shell, "--replace", "--members", "table:pointbook_seen")
    assert done.code == 2
    assert "table:pointbook_seen is read, and would be replaced by a result" in done.err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--replace",), "--replace: files are replaced anyway; use it with `--output-format table`"),
        (("--run-id", "1"), "--run-id: files have no table of runs; use it with `--output-format table`"),
    ],
)
def test_options_of_tables_are_refused_where_results_are_files(
    shell: Shell, option: tuple[str, ...], said: str
) -> None:
    done = shell.evaluate(*option)
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    ("name", "words", "hint"),
    [
        ("half", "the database is damaged: ", "take a copy of it that is whole, or make it anew"),
        ("middle", "the database is damaged: ", "take a copy of it that is whole, or make it anew"),
        ("text", "it cannot be opened: ", "name a file that DuckDB has made; it may be damaged"),
        ("sqlite", "this is a file of SQLite, which is no backend", "export its tables: `sqlite3 "),
    ],
)
def test_a_file_that_is_no_whole_database_is_told(shell: Shell, name: str, words: str, hint: str) -> None:
    whole = shell.folder / "whole.db"
    with duckdb.connect(str(whole)) as connection:
        columns = "'ann' AS member_id, 'gift' AS activity, DATE '2024-02-01' AS occurred_at"
        rows = f"SELECT md5('e' || i) AS event_id, {columns} FROM range(200000) AS r(i)"  # noqa: S608 - of this test
        connection.execute(f"CREATE TABLE events AS {rows}")
        connection.execute("CHECKPOINT")
    written, half = bytearray(whole.read_bytes()), whole.stat().st_size // 2
    written[half // 2 : half] = b"U" * (half - half // 2)
    texts = {"half": whole.read_bytes()[:half], "middle": bytes(written), "text": b"hello" * 5000}
    (shell.folder / f"{name}.db").write_bytes(texts.get(name, b"SQLite format 3\0" + b"\0" * 84))
    log = ("--events", "table:events", "--members", "members.csv", "--backend", f"duckdb://{name}.db")
    done = shell.run("evaluate", "club", *log, "--out", "out")
    assert (done.code, words in done.err, hint in done.err) == (3, True, True), done.err


def test_results_never_take_the_place_of_a_log_that_a_query_reads(shell: Shell) -> None:
    """Names that differ in capital letters are one for DuckDB."""
    with duckdb.connect(str(shell.folder / "t.db")) as connection:
        connection.execute(
            "CREATE TABLE club_ledger AS FROM read_csv('" + str(shell.folder / "events.csv") + "')"
        )
    form = ("--output-format", "table", "--table-prefix", "club_", "--replace", "--backend", "duckdb://t.db")
    for source in (
        "table:Club_Ledger",
        "query:FROM club_ledger",
        "query:SELECT * FROM main.CLUB_LEDGER WHERE 1=1",
    ):
        log = ("--events", source, "--members", "members.csv", "--out", "out")
        done = shell.run("evaluate", "club", *log, *form)
        assert done.code == 2
        assert "is read, and would be replaced by a result; name another prefix" in done.err


@pytest.mark.parametrize(
    "source", ["table:seen_by", "table:again", "query:FROM again", "query:FROM called()"]
)
def test_results_never_take_the_place_of_a_log_that_a_view_or_macro_reads(shell: Shell, source: str) -> None:
    with _database(shell) as connection:
        connection.execute(f"CREATE TABLE My_Ledger AS FROM '{shell.folder}/events.csv'")
        connection.execute("CREATE VIEW Seen_By AS FROM my_ledger")
        connection.execute("CREATE VIEW again AS SELECT * FROM seen_by")
        connection.execute("CREATE MACRO called() AS TABLE FROM again")
    tables = ("--output-format", "table", "--table-prefix", "my_", "--replace")
    log = ("--events", source, "--members", "members.csv", "--out", "out")
    done = shell.run("evaluate", "club", *log, "--backend", "duckdb://club.db", *tables)
    assert (done.code, f"{source} is read, and would be replaced by a result" in done.err) == (2, True), (
        done.err
    )
    with _database(shell) as connection:
        assert connection.execute("SELECT COUNT(*) > 0 FROM my_ledger").fetchall() == [(True,)]
