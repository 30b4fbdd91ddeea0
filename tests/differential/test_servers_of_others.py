"""How a server of PostgreSQL is set up, and what its tables have beside rows, changes no figure."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest
from this_process import run_here

from pointbook_cli.evaluation import result_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from club_shell import Shell

MEMBERS = [("m1", "2024-01-02"), ("M1", "2024-01-02"), ("m3", "2024-01-02"), ("m4", "2024-01-02")]
EVENTS = [
    ("a", "m1", "visit", "2024-05-01 10:00", None),
    ("a2", "m1", "review", "2024-05-02 10:00", 70.0),
    ("b", "m3", "review", "2024-05-01 10:00", 40.000000000000014),  # 15 digits would make 40 of it
    ("c", "m3", "visit", "2024-10-27 02:30", None),  # an hour that comes twice
    ("d", "m4", "visit", "2024-06-01 10:00", None),
    ("d", "m4", "visit", "2024-06-01 10:00", None),
    ("f", "M1", "review", "2024-06-01 10:00", 50.0),
    ("f2", "M1", "review", "2024-06-02 10:00", 60.0),
]
AS_OF = ("--as-of", "2024-12-31", "--max-rejected", "90%")
NO_CASE = "(provider = icu, locale = 'und-u-ks-level2', deterministic = false)"


def _put_log(connection: Any) -> None:
    """The log, whose days are days and whose times are times."""
    connection.execute("CREATE TABLE members (member_id text, signed_up_on date)")
    columns = "event_id text, member_id text, activity text, occurred_at timestamp, points float8"
    connection.execute(f"CREATE TABLE events ({columns})")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO members VALUES (%s, %s)", MEMBERS)
        cursor.executemany("INSERT INTO events VALUES (%s, %s, %s, %s, %s)", EVENTS)


def _run(shell: Shell, url: str, *options: str) -> tuple[int, str, str]:
    log = ("--events", "table:events", "--members", "table:members", "--backend", url)
    words = ("evaluate", "club", *log, "--out", "out", "--output-format", "table", *AS_OF, *options)
    code, out, err = run_here(words, shell.folder)
    return code, out.decode(), err.decode()


def _rows(connection: Any, name: str) -> list[tuple[Any, ...]]:
    query = f"SELECT * FROM {name}"  # noqa: S608 - of this test
    found: list[tuple[Any, ...]] = connection.execute(query, prepare=False).fetchall()
    return sorted(found, key=repr)


def _all_rows(connection: Any, prefix: str = "pointbook_") -> dict[str, list[tuple[Any, ...]]]:
    return {name: _rows(connection, prefix + name) for name in ("ledger", "standings", "history", "rejects")}


@pytest.mark.parametrize(
    "setting",
    [
        *("DateStyle=German", "DateStyle=SQL,DMY", "DateStyle=Postgres,MDY", "extra_float_digits=0"),
        *("extra_float_digits=-15", "quote_all_identifiers=on", "client_encoding=SQL_ASCII"),
        *("client_encoding=LATIN1", "TimeZone=Asia/Tokyo", "IntervalStyle=sql_standard"),
        *("bytea_output=escape", "default_transaction_isolation=serializable"),
        "standard_conforming_strings=off",
    ],
)
def test_no_setting_of_a_role_changes_a_figure(shell: Shell, server: tuple[str, Any], setting: str) -> None:
    url, connection = server
    _put_log(connection)
    assert _run(shell, url)[0] == 0
    wanted = _all_rows(connection)
    ids = {row[0] for row in wanted["ledger"]}
    assert ids == {"a", "a2", "c", "d", "f", "f2"}
    assert len(wanted["rejects"]) == 2  # a duplicate, and what is no whole number
    set_so = f"{url}%20-c%20{quote(setting)}"
    assert "0 of 4 members evaluated anew" in _run(shell, set_so, "--update")[1]
    assert _all_rows(connection) == wanted
    assert _run(shell, set_so)[0] == 0
    assert _all_rows(connection) == wanted


def test_a_database_without_an_encoding_is_read_as_utf_8(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    name = f"no_encoding_{os.getpid()}"
    provider = "LOCALE_PROVIDER libc " if connection.info.server_version >= 150000 else ""
    connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII {provider}LOCALE 'C'")
    own = f"{url.split('?')[0].rpartition('/')[0]}/{name}"
    try:
        with psycopg.connect(own, autocommit=True, client_encoding="UTF8") as inside:
            _put_log(inside)
            inside.execute("UPDATE members SET member_id = 'mü' WHERE member_id = 'm1'")
            inside.execute("UPDATE events SET member_id = 'mü' WHERE member_id = 'm1'")
            assert _run(shell, own)[0] == 0
            assert ("a", "mü") in {row[:2] for row in _rows(inside, "pointbook_ledger")}
            inside.execute("UPDATE events SET event_id = E'\\xfc' WHERE event_id = 'a'")
        code, _, err = _run(shell, own, "--update")
        assert code == 3
        assert 'invalid byte sequence for encoding "UTF8": 0xfc' in err
        assert "help: a text of the database is not what its encoding says: correct it there" in err
    finally:
        connection.execute(f"DROP DATABASE {name}")


@pytest.mark.parametrize("collation", ["no_case", '"de-x-icu"'])
@pytest.mark.parametrize("tables", [("history",), ("standings",), ("seen",), ("rejects",), "all"])
def test_an_update_replaces_rows_of_no_member_whose_id_is_taken_for_anothers(
    shell: Shell, server: tuple[str, Any], collation: str, tables: Sequence[str]
) -> None:
    """By the collation of columns that the user has given to tables of results."""
    url, connection = server
    connection.execute(f"CREATE COLLATION no_case {NO_CASE}")
    _put_log(connection)
    assert _run(shell, url)[0] == 0
    for table in ("ledger", "history", "standings", "seen", "rejects") if tables == "all" else tables:
        texts = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'text'::regtype",
            [f"pointbook_{table}"],
        ).fetchall()
        changes = ", ".join(f'ALTER "{column}" TYPE text COLLATE {collation}' for (column,) in texts)
        connection.execute(f"ALTER TABLE pointbook_{table} {changes}")
    connection.execute(
        "INSERT INTO events VALUES ('g', 'M1', 'review', '2024-07-01', 60),"
        " ('h', 'M1', 'Vist', '2024-07-01', 1)"
    )
    code, out, err = _run(shell, url, "--update")
    assert (code, "1 of 4 members evaluated anew: 1 with other rows" in out) == (0, True), err
    found, summary = _all_rows(connection), (shell.folder / "out/summary.json").read_text()
    assert _run(shell, url, "--table-prefix", "whole_")[0] == 0
    assert found == _all_rows(connection, "whole_")
    told = [
        text.partition('"evaluated"')[0]
        for text in (summary, (shell.folder / "out/summary.json").read_text())
    ]
    assert told[0] == told[1]


def test_rows_of_history_that_went_are_noticed(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    _put_log(connection)
    assert _run(shell, url)[0] == 0
    wanted = _all_rows(connection)
    assert {row[0] for row in wanted["history"]} == {"M1", "m1"}
    connection.execute("DELETE FROM pointbook_history WHERE member_id = 'M1'")
    assert (
        "because what stands as history is not what the last run has written"
        in _run(shell, url, "--update")[2]
    )
    assert _all_rows(connection) == wanted
    assert "0 of 4 members evaluated anew" in _run(shell, url, "--update")[1]


def test_the_newest_run_is_told_by_the_clock_of_the_server(
    shell: Shell, server: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Machines that take turns may have clocks of their own."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return super().now(tz).replace(year=2999)

    url, connection = server
    _put_log(connection)
    with monkeypatch.context() as patched:
        patched.setattr(result_tables, "datetime", Ahead)
        assert _run(shell, url)[0] == 0
    connection.execute("UPDATE events SET points = 99 WHERE event_id = 'f'")
    for number in (1, 0):
        code, out, _ = _run(shell, url, "--update")
        assert (code, f"{number} of 4 members evaluated anew" in out) == (0, True)
        assert ("  1  out_of_range" in out, "  5  awarded" in out) == (True, True), out


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            "CREATE TRIGGER t BEFORE DELETE ON pointbook_standings FOR EACH ROW EXECUTE FUNCTION nothing()",
            "trigger `t`",
        ),
        (
            "CREATE TRIGGER t BEFORE INSERT ON pointbook_history FOR EACH ROW EXECUTE FUNCTION nothing()",
            "trigger `t`",
        ),
        ("CREATE RULE r AS ON INSERT TO pointbook_ledger DO INSTEAD NOTHING", "rule `r`"),
    ],
)
def test_what_would_change_rows_on_their_way_is_refused(
    shell: Shell, server: tuple[str, Any], made: str, words: str
) -> None:
    url, connection = server
    _put_log(connection)
    assert _run(shell, url)[0] == 0
    body = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    connection.execute(f"CREATE FUNCTION nothing() {body}")
    connection.execute(
        "CREATE TRIGGER after_each AFTER INSERT ON pointbook_ledger FOR EACH ROW EXECUTE FUNCTION nothing()"
    )
    connection.execute("CREATE TRIGGER once BEFORE INSERT ON pointbook_ledger EXECUTE FUNCTION nothing()")
    assert _run(shell, url)[0] == 0
    connection.execute(made)
    for options in ((), ("--update",)):
        code, _, err = _run(shell, url, *options)
        assert (code, words in err) == (3, True), err
    assert "help: drop it; a trigger may act AFTER, or once for each statement" in err


def test_a_day_that_no_time_can_say_is_one_rejected_row(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    _put_log(connection)
    connection.execute("ALTER TABLE events ALTER occurred_at TYPE date")
    connection.execute("INSERT INTO events VALUES ('z', 'm1', 'visit', '300000-01-01', NULL)")
    for options in ((), ("--update",), ("--via", "plan")):
        assert _run(shell, url, *options)[0] == 0
        [reject] = [row for row in _rows(connection, "pointbook_rejects") if "z" in row]
        assert "bad_value" in reject


def test_a_type_that_is_not_read_is_called_by_its_name(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    _put_log(connection)
    connection.execute("CREATE TYPE pair AS (one text, other text)")
    connection.execute("ALTER TABLE events ALTER activity TYPE pair USING ROW(activity, '')::pair")
    code, _, err = _run(shell, url)
    assert (code, "is of type pair" in err) == (3, True), err


def test_a_database_that_refuses_tables_is_told(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    _put_log(connection)
    connection.execute(
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN"
        " IF current_setting('application_name') = 'guarded' THEN"
        " RAISE EXCEPTION 'tables are made by migrations'; END IF; END$$"
    )
    connection.execute("CREATE EVENT TRIGGER guard ON ddl_command_start EXECUTE FUNCTION refuse()")
    try:
        code, _, err = _run(shell, f"{url}&application_name=guarded")
    finally:
        connection.execute("DROP EVENT TRIGGER guard")
    assert (code, "the server has stopped this: tables are made by migrations" in err) == (3, True), err
    assert "help: a trigger, a view or a function of the database refuses this: ask whoever made it" in err


def test_a_publication_that_no_row_can_leave_is_told_before_the_log_is_read(
    shell: Shell, server: tuple[str, Any]
) -> None:
    url, connection = server
    _put_log(connection)
    assert _run(shell, url)[0] == 0
    [(name,)] = connection.execute("SELECT 'p_' || current_schema()").fetchall()
    connection.execute(f"CREATE PUBLICATION {name} FOR TABLE pointbook_ledger, pointbook_runs")
    try:
        code, _, err = _run(shell, url)
        assert (code, f"the publication `{name}` has" in err, "REPLICA IDENTITY FULL" in err) == (
            3,
            True,
            True,
        ), err
        connection.execute("ALTER TABLE pointbook_ledger REPLICA IDENTITY FULL")
        assert _run(shell, url)[0] == 0
    finally:
        connection.execute(f"DROP PUBLICATION {name}")


def test_what_the_server_knows_to_do_is_said(shell: Shell, server: tuple[str, Any]) -> None:
    url, connection = server
    _put_log(connection)
    connection.execute("ALTER TABLE events RENAME TO rows_of_events")
    connection.execute("CREATE MATERIALIZED VIEW events AS SELECT * FROM rows_of_events WITH NO DATA")
    code, _, err = _run(shell, url)
    assert (code, "help: use the REFRESH MATERIALIZED VIEW command\n" in err) == (3, True), err
    connection.execute("DROP MATERIALIZED VIEW events; ALTER TABLE rows_of_events RENAME TO events")
    assert _run(shell, url)[0] == 0
    connection.execute("CREATE TABLE people (member_id TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM pointbook_standings")
    connection.execute("ALTER TABLE pointbook_standings ADD FOREIGN KEY (member_id) REFERENCES people")
    code, _, err = _run(shell, url)
    assert (code, 'is not present in table "people".)' in err) == (3, True), err
