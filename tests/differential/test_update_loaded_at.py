"""`evaluate --update --loaded-at`: only rows above the mark are new, and results are those of a full run."""

# Statements are put together from names of this test.
# ruff: noqa: S608

from __future__ import annotations

import json
import os
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb
from club_shell import Shell
from differential_rulesets import Case, cases
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from nightly_logs import EVENT_COLUMNS, NightlyLog

from pointbook_cli.commands import evaluate
from pointbook_cli.evaluation.updating import updated

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Finished

TABLES = ("ledger", "standings", "history", "rejects", "seen")
DAY = "2025-01-20"
MEMBERS = (
    "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\ncid,2024-03-04\ndan,2024-06-01\neve,2024-07-01\n"
)
COLUMNS = "event_id TEXT, member_id TEXT, activity TEXT, occurred_at TIMESTAMP, points BIGINT, days BIGINT"
CAVEAT = (
    "rows changed or deleted since the last run are not seen by --loaded-at; `--full` beside it sees them"
)


class Warehouse:
    """A database with the events of the shell's club, and results beside them."""

    def __init__(self, shell: Shell, url: str, connection: Any = None) -> None:
        self.shell, self.url, self._connection = shell, url, connection

    def execute(self, sql: str, values: list[tuple[Any, ...]] | None = None) -> list[tuple[Any, ...]]:
        """Run a statement, once for each of the values if there are some; DuckDB's file is closed again."""
        if self._connection is None:
            with duckdb.connect(self.url.removeprefix("duckdb://")) as connection:
                for row in values or ():
                    connection.execute(sql, row)
                return [] if values is not None else connection.execute(sql).fetchall()
        if values is not None:
            with self._connection.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s"), values)
            return []
        done = self._connection.execute(sql, prepare=False)  # tables come again with other columns
        return done.fetchall() if done.description else []

    def make(self, columns: str) -> None:
        """Empty events, and no results."""
        for prefix in ("pointbook_", "full_"):
            for name in (*TABLES, "runs"):
                self.execute(f"DROP TABLE IF EXISTS {prefix}{name}")
        self.execute("DROP TABLE IF EXISTS events")
        self.execute(f"CREATE TABLE events ({columns})")

    def add(self, night: int, *rows: str) -> None:
        """Rows that came on a night, as `event_id,member_id,activity,occurred_at,points,days`."""
        split = [[None if text == "" else text for text in row.split(",")] for row in rows]
        places = ", ".join("?" * 7)
        if self._connection is None:
            casts = places
        else:
            casts = "?, ?, ?, CAST(? AS TIMESTAMP), CAST(? AS BIGINT), CAST(? AS BIGINT), ?"
        self.execute(f"INSERT INTO events VALUES ({casts})", [(*row, night) for row in split])

    def run(self, *options: str, prefix: str = "pointbook_", events: str = "table:events") -> Finished:
        log = ("--events", events, "--members", "members.csv", "--out", prefix, "--max-rejected", "100%")
        to = ("--backend", self.url, "--output-format", "table", "--table-prefix", prefix)
        return self.shell.run("evaluate", "club", *log, *to, *options)

    def update(self, *options: str, **how: str) -> tuple[Finished, dict[str, Any]]:
        """An update, which must come to what a full run does; what it says of how it evaluated."""
        done = self.run("--update", "--loaded-at", "loaded_at", *options, **how)
        assert done.code in {0, 1}, done.err
        full = self.run("--loaded-at", "loaded_at", *options, prefix="full_", **how)
        assert full.code == done.code, full.err
        self.compare()
        own, whole = (self.summary(prefix) for prefix in ("pointbook_", "full_"))
        evaluated: dict[str, Any] = own.pop("evaluated")
        del whole["evaluated"]
        assert own == whole
        has_seen_all = "update" not in evaluated or "all rows are read, because" in done.err
        assert (CAVEAT in done.err) != has_seen_all
        return done, evaluated

    def compare(self) -> None:
        for name in TABLES:
            own, full = (
                sorted(self.execute(f"SELECT * FROM {prefix}{name}"), key=repr)
                for prefix in ("pointbook_", "full_")
            )
            assert own == full, name
        marks = [
            self.execute(f"SELECT mark FROM {prefix}runs ORDER BY finished_at DESC LIMIT 1")
            for prefix in ("pointbook_", "full_")
        ]
        assert marks[0] == marks[1]

    def summary(self, prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.shell.folder / prefix / "summary.json").read_text())
        return found

    def mark(self) -> Any:
        [(text,)] = self.execute("SELECT mark FROM pointbook_runs ORDER BY finished_at DESC LIMIT 1")
        return text and json.loads(text)["greatest"]


@pytest.fixture(params=["duckdb", "postgresql"])
def warehouse(request: pytest.FixtureRequest, shell: Shell) -> Warehouse:
    """Five members, five events of a first night, and results of a run as of `DAY`."""
    if request.param == "duckdb":
        found = Warehouse(shell, f"duckdb://{shell.folder}/club.db")
    else:
        found = Warehouse(shell, *request.getfixturevalue("server"))
    (shell.folder / "members.csv").write_text(MEMBERS)
    found.make(f"{COLUMNS}, loaded_at BIGINT")
    found.add(
        1,
        "e1,ann,visit,2024-02-01,,",
        "e2,ann,review,2024-02-03 18:30:00,80,",
        "e3,bob,course,2024-03-05,,3",
        "e4,bob,gift,2024-03-06,,",
        "e5,ann,visit,2025-01-09,,",
    )
    done = found.run("--loaded-at", "loaded_at", "--as-of", DAY)
    assert done.code == 0, done.err
    return found


def test_a_first_update_from_tables_is_by_the_plan_in_a_process_of_its_own(warehouse: Warehouse) -> None:
    """The table is read before the plan is made, as in no other test of one process."""
    log = ("--events", "table:events", "--members", "members.csv", "--out", "first", "--as-of", DAY)
    to = ("--backend", warehouse.url, "--output-format", "table", "--table-prefix", "full_", "--via", "plan")
    own = ("evaluate", "club", *log, *to, "--update", "--loaded-at", "loaded_at")
    done = warehouse.shell.run(*own, env={})
    assert done.code == 0, done.err
    warehouse.compare()


def _numbers(evaluated: dict[str, Any]) -> tuple[int, ...]:
    return tuple(evaluated["update"].values())


def _why(done: Finished) -> str:
    [line] = [line for line in done.err.splitlines() if line.startswith("all rows are read, because ")]
    return line.removeprefix("all rows are read, because ")


def test_members_of_new_rows_are_evaluated_and_the_mark_is_kept(warehouse: Warehouse) -> None:
    assert warehouse.mark() == "1"
    warehouse.add(7, "e6,eve,visit,2024-08-01,,")  # of long ago, though it comes now
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert warehouse.mark() == "7"
    _, evaluated = warehouse.update("--as-of", DAY)  # nothing has come
    assert _numbers(evaluated) == (0, 0, 0, 0)


def test_a_reused_id_takes_an_event_from_its_owner_and_a_repeat_takes_nothing(warehouse: Warehouse) -> None:
    """e3 gave bob 90 stars; e4 comes again as it was."""
    warehouse.add(2, "e3,eve,visit,2024-08-01,,", "e4,bob,gift,2024-03-06,,")
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert warehouse.execute("SELECT points FROM pointbook_standings WHERE member_id = 'bob'") == [(0,)]
    reasons = "SELECT event_id, reason FROM pointbook_rejects ORDER BY event_id, reason"
    conflicts = [("e3", "conflicting_duplicate")] * 2
    assert warehouse.execute(reasons) == [*conflicts, ("e4", "duplicate")]
    warehouse.add(3, "e3,dan,visit,2024-08-02,,", "e7,bob,gift,2024-08-02,,")  # rejects of old rows stay
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert warehouse.execute(reasons) == [("e3", "conflicting_duplicate"), *conflicts, ("e4", "duplicate")]


def test_rejects_stay_and_old_rows_of_a_member_who_is_known_at_last_count(warehouse: Warehouse) -> None:
    bad = (
        "e6,fay,visit,2025-01-15,,",
        ",ann,visit,2025-01-15,,",
        "e8,ann,visit,,,",
        "e9,,visit,2025-01-15,,",
    )
    warehouse.add(2, *bad)
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (0, 0, 0, 0)
    assert warehouse.execute("SELECT COUNT(*) FROM pointbook_rejects") == [(4,)]
    (warehouse.shell.folder / "members.csv").write_text(MEMBERS + "fay,2024-12-24\n")
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert warehouse.execute("SELECT COUNT(*) FROM pointbook_rejects") == [(3,)]
    assert warehouse.execute("SELECT points FROM pointbook_standings WHERE member_id = 'fay'") == [(40,)]
    (warehouse.shell.folder / "members.csv").write_text(MEMBERS.replace("bob,2024-02-29\n", ""))
    _, evaluated = warehouse.update("--as-of", DAY)  # fay and bob are gone, and their rows are rejects
    assert _numbers(evaluated) == (0, 0, 0, 2)


def test_an_event_counts_from_its_day_on_and_days_bring_what_they_bring(warehouse: Warehouse) -> None:
    warehouse.add(2, "e6,eve,visit,2025-01-22,,", "e7,cid,visit,2025-03-05,,")
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (0, 0, 0, 0)
    _, evaluated = warehouse.update("--as-of", "2025-01-22")
    assert _numbers(evaluated) == (1, 1, 0, 0)
    _, evaluated = warehouse.update("--as-of", "2025-03-01")  # bob's anniversary was the day before
    assert _numbers(evaluated) == (1, 0, 1, 0)
    warehouse.add(3, "e8,eve,visit,2025-03-06,,")
    _, evaluated = warehouse.update()  # the last event is eve's; cid signed up on 4 March, and e7 counts
    assert _numbers(evaluated) == (2, 2, 0, 0)


def test_a_moved_sign_up_is_seen_of_a_member_without_new_rows(warehouse: Warehouse) -> None:
    (warehouse.shell.folder / "members.csv").write_text(MEMBERS.replace("2024-02-29", "2024-03-06"))
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (0, 0, 0, 0)


def test_all_rows_are_read_where_they_did_not_only_come_as_far_as_that_shows(warehouse: Warehouse) -> None:
    """Other numbers of rows show; a row that was changed does not, until its member has a new one."""
    warehouse.execute("DELETE FROM events WHERE event_id = 'e1'")
    done, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert _why(done) == "the last run had 5 rows, 0 have come since by loaded_at, and now there are 4"
    warehouse.add(1, "e6,eve,visit,2024-08-01,,")  # it came late, with a time that was over
    done, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)
    assert _why(done) == "the last run had 4 rows, 0 have come since by loaded_at, and now there are 5"
    warehouse.execute("UPDATE events SET activity = 'gift' WHERE event_id IN ('e5', 'e6')")
    warehouse.add(2, "e7,eve,visit,2024-08-02,,")
    done = warehouse.run("--update", "--loaded-at", "loaded_at", "--as-of", DAY)
    assert CAVEAT in done.err  # and so it is: ann's is not seen
    changed = "SELECT event_id, activity FROM pointbook_ledger WHERE event_id IN ('e5', 'e6') ORDER BY 1"
    assert warehouse.execute(changed) == [("e5", "visit"), ("e6", "gift")]
    done = warehouse.run("--update", "--loaded-at", "loaded_at", "--full", "--as-of", DAY)
    assert CAVEAT not in done.err
    assert warehouse.execute(changed) == [("e5", "gift"), ("e6", "gift")]


def test_without_a_day_all_rows_are_read(warehouse: Warehouse) -> None:
    warehouse.add(2, "e6,eve,visit,2025-01-22,,")
    warehouse.execute("UPDATE events SET activity = 'gift' WHERE event_id = 'e5'")
    done, evaluated = warehouse.update()
    assert _why(done) == "without --as-of the last event decides how far they count"
    assert _numbers(evaluated) == (2, 2, 0, 0)


def test_after_a_run_that_keeps_no_mark_or_another_all_rows_are_read(warehouse: Warehouse) -> None:
    events = "query:SELECT event_id, member_id, activity, occurred_at, points, days FROM events"
    assert warehouse.run("--as-of", DAY, events=events).code == 0
    assert warehouse.mark() is None
    done, _ = warehouse.update("--as-of", DAY)
    assert _why(done) == "the last run did not keep how far rows had come; this one does"
    otherwise = "the last run read events from elsewhere or otherwise, or not by loaded_at"
    assert warehouse.mark() == "1"
    done, _ = warehouse.update("--as-of", DAY, events="query:SELECT * FROM events")
    assert _why(done) == otherwise
    log_yaml = "events: {activities: {drop-in: visit}}\n"
    warehouse.shell.write("club/log.yaml", log_yaml)
    done, _ = warehouse.update("--as-of", DAY, events="query:SELECT * FROM events")
    assert _why(done) == otherwise
    warehouse.execute("ALTER TABLE events ALTER COLUMN loaded_at TYPE TIMESTAMP USING TIMESTAMP '2025-01-21'")
    done, _ = warehouse.update("--as-of", DAY, events="query:SELECT * FROM events")
    assert _why(done) == otherwise
    assert warehouse.mark() == "2025-01-21 00:00:00"
    _, evaluated = warehouse.update("--as-of", DAY, events="query:SELECT * FROM events")
    assert _numbers(evaluated) == (0, 0, 0, 0)


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ", "NUMERIC(20, 6)"])
def test_marks_of_every_kind_tell_what_is_above_them(warehouse: Warehouse, kind: str) -> None:
    """To the microsecond: the second row comes one after the first."""
    warehouse.make(f"{COLUMNS}, loaded_at {kind}")
    value = "{0}" if "NUMERIC" in kind else f"CAST('2025-01-20 10:00:{{0:09.6f}}' AS {kind})"
    insert = "INSERT INTO events VALUES ('{}', '{}', 'visit', '2025-01-09', NULL, NULL, {})"
    warehouse.execute(insert.format("e1", "ann", value.format(1.000001)))
    assert warehouse.run("--loaded-at", "loaded_at", "--as-of", DAY).code == 0
    warehouse.execute(insert.format("e2", "bob", value.format(1.000002)))
    _, evaluated = warehouse.update("--as-of", DAY)
    assert _numbers(evaluated) == (1, 1, 0, 0)


def test_columns_that_do_not_say_when_a_row_came_are_told(warehouse: Warehouse) -> None:
    def told(column: str, events: str = "table:events") -> str:
        done = warehouse.run("--loaded-at", column, "--as-of", DAY, events=events)
        assert done.code == 3
        return done.err

    assert "table:events: there is no column 'loaded_on', which `--loaded-at` names" in told("loaded_on")
    assert "did you mean `loaded_at`?" in told("loaded_on")
    assert "name a timestamp of when a row came, or a number that grows" in told("activity")
    as_day = "query:SELECT event_id, member_id, activity, occurred_at, DATE '2025-01-20' AS day FROM events"
    assert "is of type" in told("day", as_day)  # rows of one day cannot be told apart
    warehouse.execute("UPDATE events SET loaded_at = NULL WHERE event_id IN ('e1', 'e2')")
    assert "table:events: 2 rows do not say when they came: 'loaded_at' is NULL" in told("loaded_at")
    numbered = (
        "query:SELECT 1.5 AS event_id, member_id, activity, occurred_at, points, days, 1 AS came FROM events"
    )
    assert "cast `event_id` to a text" in told("came", numbered)


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
def test_a_row_that_came_after_all_others_to_come_is_told(warehouse: Warehouse, kind: str) -> None:
    warehouse.make(f"{COLUMNS}, loaded_at {kind}")
    insert = "INSERT INTO events VALUES ('{}', 'ann', 'visit', '2025-01-09', NULL, NULL, {})"
    warehouse.execute(insert.format("e1", "'2025-01-20 10:00:00'"))
    warehouse.execute(insert.format("e2", "'infinity'"))
    done = warehouse.run("--loaded-at", "loaded_at", "--as-of", DAY)
    assert (done.code, "table:events: the last row came at infinity, by 'loaded_at'" in done.err) == (3, True)


def test_where_no_mark_can_be_kept_the_option_is_refused(shell: Shell) -> None:
    def told(*options: str) -> str:
        done = shell.run("evaluate", "club", "--members", "members.csv", "--out", "o", *options)
        assert done.code == 2
        return done.err

    column = ("--loaded-at", "loaded_at")
    assert "results of `parquet` on duckdb do not keep" in told(
        *column, "--events", "events.csv", "--backend", "duckdb", "--output-format", "parquet"
    )
    to = (*column, "--backend", "duckdb://club.db", "--output-format", "table")
    assert "rows of events.csv are in no table" in told(*to, "--events", "events.csv")
    assert "UNION ALL" in told(*to, "--events", "table:one", "--events", "table:two")


HISTORIES = settings(
    max_examples=int(os.environ.get("POINTBOOK_EXAMPLES", "2")),
    deadline=None,
    derandomize="POINTBOOK_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
NIGHTS = 4


def _moment(text: str) -> str | None:
    """A time without its zone, None for what is none: what a typed column has."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(" ")
    except ValueError:
        return None


def _live_through(case: Case, seed: int, warehouse: Warehouse) -> None:
    """Some nights on which rows come, each updated, and evaluated as a whole."""
    random = Random(seed)  # noqa: S311 - no secret
    shell = warehouse.shell
    program = case.written_to(shell.folder / "club")
    assume(program is not None)
    is_typed = random.random() < 0.7
    types = {"occurred_at": "TIMESTAMP"} if is_typed else {}
    columns = ", ".join(f"{name} {types.get(name, 'TEXT')}" for name in EVENT_COLUMNS)
    warehouse.make(f"{columns}, loaded_at BIGINT")
    log = NightlyLog(random, case.as_of, only_comes=True)
    log.begin(random.choice((2, 5, 9)), random.choice((10, 40)))
    written: set[int] = set()
    ways: list[Any] = ["begin"]
    for night in range(NIGHTS):
        new = [row for row in log.events if id(row) not in written]
        written |= set(map(id, new))
        rows = [
            {**row, "occurred_at": _moment(row["occurred_at"]) if is_typed else row["occurred_at"]}
            for row in new
        ]
        places = ", ".join("CAST(? AS TIMESTAMP)" if name in types else "?" for name in EVENT_COLUMNS)
        values = [(*(row[name] or None for name in EVENT_COLUMNS), 10 * night) for row in rows]
        warehouse.execute(f"INSERT INTO events VALUES ({places}, ?)", values)
        log.write(shell.folder)
        given_day = ("--as-of", log.as_of.isoformat()) if random.random() < 0.8 else ()
        with patch.object(evaluate, "load_program", return_value=program):
            done, _ = warehouse.update(*given_day, "--assume", case.assume)
        assert "have come since" not in done.err, (ways, seed)
        assert "are others now" not in done.err, (ways, seed)
        ways.append(log.night())


@pytest.fixture
def _however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where most members are to be evaluated: these logs have few."""
    monkeypatch.setattr(updated, "_MOST_OF_ALL", 0)


@pytest.mark.usefixtures("_however_many")
@HISTORIES
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nights_on_which_rows_come_equal_full_runs_in_duckdb(
    tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("duckdb")
    _live_through(case, seed, Warehouse(Shell(folder), f"duckdb://{folder}/events.db"))


@pytest.mark.usefixtures("_however_many")
@HISTORIES
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nights_on_which_rows_come_equal_full_runs_in_postgresql(
    server: tuple[str, Any], tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    _live_through(case, seed, Warehouse(Shell(tmp_path_factory.mktemp("postgresql")), *server))
