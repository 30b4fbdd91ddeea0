"""`evaluate --update` of a table of PostgreSQL whose rows are known by the transactions that wrote them."""

# ruff: noqa: S608 - of this test

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import psycopg
from club_shell import club_in
from this_process import run_here

from pointbook.relational.engines.postgres_session import PostgresSession
from pointbook.relational.inputs import log_in_session
from pointbook_cli.evaluation.updating import narrowing, updated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESULTS = ("ledger", "standings", "history", "rejects", "seen")
DAY = "2025-01-20"


class Warehouse:
    """A club of a hundred members with ten visits each, in tables, and a run as of `DAY`.

    Attributes:
        by_transactions: Of each look at what came or changed, whether it took older rows for what they were.
        is_busy: Whether another transaction goes on meanwhile.
    """

    def __init__(self, folder: Path, url: str, connection: psycopg.Connection[Any]) -> None:
        self.folder, self.url, self.connection = folder, url, connection
        self.by_transactions: list[bool] = []
        self.is_busy = False
        club_in(folder)
        self.change(
            "CREATE TABLE club_members AS SELECT 'm' || n AS member_id, DATE '2024-03-01' AS signed_up_on"
            " FROM generate_series(0, 99) AS r(n)",
            "CREATE TABLE visits"
            " (event_id TEXT, member_id TEXT, activity TEXT, occurred_at TIMESTAMP, points INT)",
            "INSERT INTO visits SELECT 'e' || n, 'm' || n % 100, 'visit', TIMESTAMP '2024-03-02' + n % 200"
            " * INTERVAL '1 day' FROM generate_series(0, 999) AS r(n)",
        )

    def change(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement)

    def settle(self) -> None:
        """Wait until all transactions of other tests are over that go on beside the last change."""
        [(wanted,)] = self.rows("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        while self.rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0] < wanted:
            time.sleep(0.01)

    def run(self, *options: str, prefix: str = "own_", events: str = "table:visits") -> tuple[int, str]:
        log = (
            "--events",
            events,
            "--members",
            "table:club_members",
            "--as-of",
            DAY,
            "--max-rejected",
            "100%",
        )
        to = ("--backend", self.url, "--output-format", "table", "--table-prefix", prefix, "--out", prefix)
        if not self.is_busy:
            self.settle()
        code, _, err = run_here(("evaluate", "club", *log, *to, *options), self.folder)
        return code, err.decode()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, prepare=False).fetchall()

    def update(self, events: str = "table:visits") -> tuple[int, ...]:
        """How many members an update evaluated, and why; it must come to what a full run does."""
        code, err = self.run("--update", events=events)
        assert code == 0, err
        assert "all members" not in err
        code, err = self.run(prefix="full_", events=events)
        assert code == 0, err
        for name in RESULTS:
            own, full = (
                sorted(self.rows(f"SELECT * FROM {prefix}_{name}"), key=repr) for prefix in ("own", "full")
            )
            assert own == full, name
        own, full = (
            json.loads((self.folder / f"{prefix}_/summary.json").read_text()) for prefix in ("own", "full")
        )
        numbers: dict[str, int] = own.pop("evaluated")["update"]
        del full["evaluated"]
        assert own == full
        return tuple(numbers.values())

    def mark(self) -> str | None:
        [(found,)] = self.rows("SELECT mark FROM own_runs ORDER BY finished_at DESC LIMIT 1")
        assert found is None or isinstance(found, str)
        return found


@pytest.fixture
def warehouse(
    tmp_path: Path, server: tuple[str, psycopg.Connection[Any]], monkeypatch: pytest.MonkeyPatch
) -> Warehouse:
    found = Warehouse(tmp_path, *server)
    own = narrowing.put_needed

    def noted(*arguments: Any) -> Any:
        found.by_transactions.append(arguments[3].above is not None)
        return own(*arguments)

    monkeypatch.setattr(narrowing, "put_needed", noted)
    assert found.run()[0] == 0
    return found


@pytest.fixture
def other(server: tuple[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """A session beside, whose transactions last until they are ended."""
    with psycopg.connect(server[0]) as connection:
        yield connection


NEW = "INSERT INTO visits VALUES ('new', 'm7', 'visit', '2024-05-01')"


def test_rows_that_came_are_known_and_no_others_are_hashed(warehouse: Warehouse) -> None:
    warehouse.change(NEW)
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.update() == (0, 0, 0, 0)
    warehouse.change(NEW.replace("new", "e3"))  # whose id another has: both are rejected
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.by_transactions == [True, True, True]


@pytest.mark.parametrize(
    "statements",
    [
        ("UPDATE visits SET activity = 'other' WHERE event_id = 'e3'",),
        ("DELETE FROM visits WHERE event_id = 'e3'",),
        (
            "DELETE FROM visits WHERE event_id = 'e3'",
            "INSERT INTO visits VALUES ('e3', 'm3', 'other', '2024-05-01')",
        ),
        (NEW, "UPDATE visits SET member_id = 'm8' WHERE event_id = 'e7'"),
    ],
    ids=["changed", "gone", "replaced", "changed-beside-a-new-one"],
)
def test_where_rows_changed_or_went_all_are_hashed(warehouse: Warehouse, statements: tuple[str, ...]) -> None:
    warehouse.change(*statements)
    assert warehouse.update()[0] >= 1
    assert warehouse.by_transactions == [True, False]  # the first look shows that there are fewer
    warehouse.change(NEW.replace("new", "newer"))
    warehouse.update()
    assert warehouse.by_transactions[2:] == [True]


@pytest.mark.parametrize(
    "statements",
    [
        (
            "ALTER TABLE visits RENAME activity TO other; ALTER TABLE visits RENAME event_id TO activity;"
            " ALTER TABLE visits RENAME other TO event_id"
        ),
        "ALTER TABLE visits DROP COLUMN points; ALTER TABLE visits ADD COLUMN points INT DEFAULT 5",
        "ALTER TABLE visits ALTER activity TYPE VARCHAR(9)",
        "CREATE TABLE copy AS SELECT * FROM visits; DROP TABLE visits; ALTER TABLE copy RENAME TO visits",
        (
            "CREATE TABLE copy AS SELECT * FROM visits WHERE member_id <> 'm3';"
            " ALTER TABLE visits RENAME TO old; ALTER TABLE copy RENAME TO visits"
        ),
    ],
    ids=["columns-swapped", "column-anew", "type", "table-anew", "table-swapped"],
)
def test_another_table_or_other_columns_are_hashed(warehouse: Warehouse, statements: str) -> None:
    warehouse.change(*statements.split(";"))
    code, err = warehouse.run("--update")
    assert code in {0, 1}, err
    assert True not in warehouse.by_transactions
    own = {name: sorted(warehouse.rows(f"SELECT * FROM own_{name}"), key=repr) for name in RESULTS}
    assert warehouse.run(prefix="full_")[0] in {0, 1}
    for name in RESULTS:
        assert own[name] == sorted(warehouse.rows(f"SELECT * FROM full_{name}"), key=repr), name


@pytest.mark.parametrize("way", ["VACUUM (FULL) visits", "VACUUM (FREEZE) visits"])
def test_rows_that_were_moved_or_frozen_are_known(warehouse: Warehouse, way: str) -> None:
    warehouse.change(way, NEW)
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.by_transactions == [True]


def test_a_row_of_an_older_transaction_that_ends_later_is_new(
    warehouse: Warehouse, other: psycopg.Connection[Any]
) -> None:
    other.execute(NEW.replace("new", "late"))  # its transaction goes on
    warehouse.is_busy = True
    warehouse.change(NEW)
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.mark() is None  # what was read cannot be told from what comes
    other.commit()
    warehouse.is_busy = False
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.mark() is not None
    assert warehouse.update() == (0, 0, 0, 0)
    assert warehouse.by_transactions == [False, False, True]


def test_rows_of_a_part_of_a_transaction_that_was_taken_back_are_new(
    warehouse: Warehouse, other: psycopg.Connection[Any]
) -> None:
    warehouse.is_busy = True
    for statement in ("SAVEPOINT a", NEW, "ROLLBACK TO a", "SAVEPOINT b", NEW.replace("m7", "m8")):
        other.execute(statement)
    assert warehouse.update() == (0, 0, 0, 0)
    other.commit()
    warehouse.is_busy = False
    assert warehouse.update() == (1, 1, 0, 0)


def _meanwhile(monkeypatch: pytest.MonkeyPatch, *acts: Any) -> None:
    """Have something happen once rows are counted, and before they are read."""
    own, waiting = log_in_session.put_log_in_place, [*acts]

    def put(*arguments: Any, **named: Any) -> Any:
        while waiting:
            waiting.pop(0)()
        return own(*arguments, **named)

    monkeypatch.setattr(log_in_session, "put_log_in_place", put)


@pytest.mark.parametrize("options", [(), ("--update",)])
def test_what_comes_while_rows_are_read_is_for_the_next_night(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    _meanwhile(monkeypatch, partial(warehouse.change, NEW))
    code, err = warehouse.run(*options)
    assert code == 0, err
    assert warehouse.rows("SELECT COUNT(*) FROM own_ledger") == [(1000,)]
    assert warehouse.update() == (1, 1, 0, 0)


@pytest.mark.parametrize("options", [(), ("--update",)])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visits SET activity = 'other' WHERE event_id = 'e3'",
        "DELETE FROM visits WHERE event_id = 'e3'",
    ],
)
def test_what_changes_or_goes_while_rows_are_read_is_told(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, statement: str, options: tuple[str, ...]
) -> None:
    before = warehouse.rows("SELECT * FROM own_runs")
    _meanwhile(monkeypatch, partial(warehouse.change, statement))
    code, err = warehouse.run(*options)
    assert code == 3
    assert "while they were read: first 1,000, then 999" in err
    assert warehouse.rows("SELECT * FROM own_runs") == before
    assert warehouse.update()[0] == 1


def test_columns_renamed_while_a_run_begins_are_hashed_the_night_after(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.change("ALTER TABLE visits ADD COLUMN other TEXT", "UPDATE visits SET other = 'o-' || event_id")
    (warehouse.folder / "club/log.yaml").write_text("events: {ignore: [other]}\n")
    own, swap = PostgresSession.rows, ["event_id TO q", "other TO event_id", "q TO other"]

    def rows(session: PostgresSession, sql: str) -> Any:
        while "pg_control_system" in sql and swap:
            warehouse.change(f"ALTER TABLE visits RENAME {swap.pop(0)}")
        return own(session, sql)

    monkeypatch.setattr(PostgresSession, "rows", rows)
    assert warehouse.run("--full", "--update")[0] == 0
    assert not swap
    assert warehouse.rows("SELECT COUNT(*) FROM own_ledger WHERE event_id LIKE 'e%'") == [(1000,)]
    assert warehouse.run("--update")[0] == 0
    assert warehouse.rows("SELECT COUNT(*) FROM own_ledger WHERE event_id LIKE 'o-e%'") == [(1000,)]
    assert True not in warehouse.by_transactions


def test_a_column_of_the_name_that_is_given_to_transactions_is_a_column(warehouse: Warehouse) -> None:
    warehouse.change("ALTER TABLE visits ADD COLUMN pointbook_written_by TEXT")
    (warehouse.folder / "club/log.yaml").write_text("events: {ignore: [pointbook_written_by]}\n")
    assert warehouse.run("--full", "--update")[0] == 0
    warehouse.change(NEW)
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.by_transactions == [False]


def test_a_first_column_that_is_gone_hides_nothing(warehouse: Warehouse) -> None:
    warehouse.change(
        "ALTER TABLE visits RENAME event_id TO old",
        "ALTER TABLE visits ADD COLUMN event_id TEXT",
        "UPDATE visits SET event_id = old",
        "ALTER TABLE visits DROP COLUMN old",
    )
    assert warehouse.run("--full", "--update")[0] == 0
    columns = "(event_id, member_id, activity, occurred_at)"
    warehouse.change(NEW.replace("visits", f"visits {columns}"))
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.by_transactions == [True]


def test_a_table_that_somebody_drops_while_it_is_read_is_told(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    _meanwhile(monkeypatch, partial(warehouse.change, "DROP TABLE visits CASCADE"))
    code, err = warehouse.run("--update")
    assert code == 3
    assert "does not exist" in err
    assert "if somebody has just dropped or renamed it, run it again" in err


def test_a_table_that_shows_rows_of_others_is_not_known(warehouse: Warehouse) -> None:
    warehouse.change(
        "CREATE TABLE more () INHERITS (visits)", "INSERT INTO more VALUES ('x', 'm9', 'visit', '2024-05-01')"
    )
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.mark() is None
    warehouse.change("ALTER TABLE more NO INHERIT visits")
    assert warehouse.update() == (1, 1, 0, 0)
    assert True not in warehouse.by_transactions


@pytest.mark.parametrize(
    "make",
    [
        "CREATE VIEW shown AS SELECT * FROM visits",
        "CREATE MATERIALIZED VIEW shown AS SELECT * FROM visits",
        (
            "CREATE TABLE shown (LIKE visits) PARTITION BY LIST (activity);"
            "CREATE TABLE part PARTITION OF shown DEFAULT;INSERT INTO shown SELECT * FROM visits"
        ),
        (
            "CREATE TYPE kind AS ENUM ('visit', 'other');"
            "CREATE TABLE shown AS SELECT event_id, member_id, activity::kind, occurred_at FROM visits"
        ),
    ],
    ids=["view", "materialized-view", "partitions", "enumeration"],
)
def test_of_other_kinds_of_tables_nothing_is_known(warehouse: Warehouse, make: str) -> None:
    warehouse.change(*make.split(";"))
    code, err = warehouse.run("--full", "--update", events="table:shown")
    assert code == 0, err
    assert warehouse.mark() is None


def test_of_several_tables_each_is_known(warehouse: Warehouse) -> None:
    warehouse.change(
        "CREATE TABLE more (LIKE visits)", "INSERT INTO more VALUES ('x', 'm9', 'visit', '2024-05-01')"
    )
    both = ("--events", "table:more")
    assert warehouse.run(*both)[0] == 0
    warehouse.change("INSERT INTO more VALUES ('y', 'm9', 'visit', '2024-05-02')", NEW)
    for options in ((*both, "--update"), (*both, "--update")):
        code, err = warehouse.run(*options)
        assert (code, "all members" in err) == (0, False), err
    assert warehouse.by_transactions == [True, True]
    warehouse.change("DELETE FROM more WHERE event_id = 'x'")
    assert warehouse.run(*both, "--update")[0] == 0
    assert warehouse.by_transactions == [True, True, True, False]
    own = {name: sorted(warehouse.rows(f"SELECT * FROM own_{name}"), key=repr) for name in RESULTS}
    assert warehouse.run(*both, prefix="full_")[0] == 0
    for name in RESULTS:
        assert own[name] == sorted(warehouse.rows(f"SELECT * FROM full_{name}"), key=repr), name


@pytest.mark.parametrize(
    "mark", ["{}", '{"tables": 7}', '{"tables": [["a", 1, 2]]}', '{"tables": [["a", "b"]]}', '{"tables": []}']
)
def test_a_mark_that_somebody_has_edited_is_none(warehouse: Warehouse, mark: str) -> None:
    warehouse.change(f"UPDATE own_runs SET mark = '{mark}'", NEW)
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.by_transactions == [False]


def test_a_mark_of_another_run_than_what_was_seen_is_none(warehouse: Warehouse) -> None:
    [(first,)] = warehouse.rows("SELECT run_id FROM own_runs")
    mark = warehouse.mark()
    warehouse.change(NEW)
    assert warehouse.update() == (1, 1, 0, 0)
    warehouse.change(
        f"UPDATE own_runs SET mark = '{mark}' WHERE run_id <> '{first}'", NEW.replace("new", "newer")
    )
    warehouse.by_transactions.clear()
    assert warehouse.update() == (1, 1, 0, 0)
    assert warehouse.by_transactions == [False]


def test_an_account_that_may_not_see_transactions_updates_all_the_same(warehouse: Warehouse) -> None:
    warehouse.change(
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC", "DROP ROLE IF EXISTS plain_one"
    )
    schema = warehouse.rows("SELECT current_schema()")[0][0]
    try:
        warehouse.change(
            "CREATE ROLE plain_one LOGIN PASSWORD 'secret'",
            f"GRANT USAGE, CREATE ON SCHEMA {schema} TO plain_one",
            "GRANT SELECT ON visits, club_members TO plain_one",
        )
        rest = warehouse.url.removeprefix("postgresql://").rpartition("@")[2]
        warehouse.url = f"postgresql://plain_one:secret@{rest}"
        for options in ((), ("--update",)):
            code, err = warehouse.run(*options, prefix="plain_")
            assert (code, "all members" in err) == (0, False), err
        assert warehouse.rows("SELECT DISTINCT mark FROM plain_runs") == [(None,)]
    finally:
        warehouse.change(
            "GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC",
            "DROP OWNED BY plain_one",
            "DROP ROLE plain_one",
        )


def test_what_was_known_a_billion_transactions_ago_is_not(warehouse: Warehouse) -> None:
    mark = json.loads(warehouse.mark() or "")
    [[digest, oldest]] = mark["tables"]
    for other_number in (oldest - (1 << 30), oldest + (1 << 20)):
        mark["tables"] = [[digest, other_number]]
        warehouse.change(f"UPDATE own_runs SET mark = '{json.dumps(mark)}'")
        warehouse.by_transactions.clear()
        assert warehouse.update() == (0, 0, 0, 0)
        assert warehouse.by_transactions == [False]
        warehouse.change("DELETE FROM own_runs WHERE kind = 'update'")


def test_random_changes_of_a_table_come_to_what_full_runs_do(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updated, "_MOST_OF_ALL", 0)
    ways = (
        "INSERT INTO visits SELECT 'n{0}', 'm{1}', 'visit', TIMESTAMP '2024-04-01' + {0} * INTERVAL '1 hour'",
        "INSERT INTO visits SELECT 'e{1}', 'm{0}', 'visit', '2024-06-01'",
        "INSERT INTO visits SELECT * FROM visits WHERE event_id = 'e{1}'",
        "DELETE FROM visits WHERE event_id = 'e{1}'",
        "UPDATE visits SET activity = 'other' WHERE event_id = 'e{0}'",
        "UPDATE visits SET event_id = event_id WHERE member_id = 'm{0}'",
        "VACUUM (FULL) visits",
    )
    for night in range(24):
        for number in range(night % 4):
            one = (night * 7 + number * 3) % len(ways)
            warehouse.change(ways[one].format(night % 100, (night * 37 + number * 11) % 200))
        warehouse.update()
    assert {True, False} == set(warehouse.by_transactions)
