"""`evaluate --update` on random histories of a log: every night the rows of a full run, in tables."""

from __future__ import annotations

import json
import os
import tempfile
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb
from club_shell import Shell, club_in
from differential_rulesets import Case, cases
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from nightly_logs import EVENT_COLUMNS, NightlyLog, moment_of
from this_process import run_here

from pointbook.relational.engines.sessions import quoted
from pointbook_cli.commands import evaluate
from pointbook_cli.evaluation.updating import updated

if TYPE_CHECKING:
    from collections.abc import Callable

    Rows = Callable[[str], list[tuple[Any, ...]]]
    Write = Callable[[str, list[tuple[Any, ...]]], None]

TABLES = ("ledger", "standings", "history", "rejects", "seen")
EXAMPLES = int(os.environ.get("POINTBOOK_EXAMPLES", "2"))
NIGHTS, IN_PLACE_SHARE = 5, 0.7


@pytest.fixture(autouse=True)
def _however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where most members are to be evaluated: these logs have few."""
    monkeypatch.setattr(updated, "_MOST_OF_ALL", 0)


def _evaluated(folder: Path, url: str, prefix: str, *options: str) -> dict[str, Any]:
    """The summary of a run that writes tables."""
    to = ("--backend", url, "--output-format", "table", "--table-prefix", prefix, "--out", prefix)
    code, _, err = run_here(("evaluate", "rules", *to, *options), folder)
    assert code in {0, 1}, err.decode()
    found: dict[str, Any] = json.loads((folder / prefix / "summary.json").read_bytes())
    return found


def _put_events(log: NightlyLog, write: Write, mark: str) -> list[str]:
    """Write the events to a table, whose times are times; returns the option that names it."""
    kinds = ", ".join(f"{name} {'TIMESTAMP' if name == 'occurred_at' else 'TEXT'}" for name in EVENT_COLUMNS)
    write("DROP TABLE IF EXISTS nightly_events", [()])
    write(f"CREATE TABLE nightly_events ({kinds})", [()])
    marks = ", ".join(mark for _ in EVENT_COLUMNS)
    values = [
        tuple(moment_of(row) if name == "occurred_at" else row[name] or None for name in EVENT_COLUMNS)
        for row in log.events
    ]
    write(f"INSERT INTO nightly_events VALUES ({marks})", values)  # noqa: S608 - of this test
    return ["--events", "table:nightly_events"]


def _live_through(
    case: Case, seed: int, url: str, rows: Rows, put: Callable[[NightlyLog], list[str]]
) -> None:
    """Some nights of a history, of which every one is updated, and evaluated as a whole."""
    random = Random(seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = case.written_to(folder / "rules")
        assume(program is not None)
        log = NightlyLog(random, case.as_of)
        log.begin(random.choice((2, 5, 9)), random.choice((10, 40)))
        ways = ["begin"]
        in_place = random.random() < IN_PLACE_SHARE
        for _ in range(NIGHTS):
            files = log.write(folder)
            events = put(log) if in_place else files[:2]
            options = [*events, *files[2:], "--as-of", log.as_of.isoformat(), "--assume", case.assume]
            with patch.object(evaluate, "load_program", return_value=program):
                own = _evaluated(folder, url, "own_", *options, "--update")
                full = _evaluated(folder, url, "full_", *options, "--via", "fold")
            for table in TABLES:
                found = [
                    sorted(rows(f"SELECT * FROM {prefix}_{table}"), key=repr)  # noqa: S608 - of this test
                    for prefix in ("own", "full")
                ]
                assert found[0] == found[1], (table, ways, seed)
            kind = "update" if "update" in own["evaluated"] else "full"
            assert (kind, log.as_of) in rows("SELECT kind, as_of FROM own_runs")
            assert own | {"evaluated": None} == full | {"evaluated": None}, (ways, seed)
            ways = log.night()


@pytest.mark.parametrize("prefix", ["pointbook_new_", "pointbook_last_", "user.points_"])
def test_no_prefix_is_in_the_way_of_an_update(tmp_path: Path, prefix: str) -> None:
    club_in(tmp_path)
    options = ("--events", "events.csv", "--members", "members.csv", "--as-of", "2025-01-20", "--update")
    to = (
        "--backend",
        f"duckdb://{tmp_path / 'w.duckdb'}",
        "--output-format",
        "table",
        "--table-prefix",
        prefix,
    )
    with duckdb.connect(tmp_path / "w.duckdb") as connection:
        connection.execute('CREATE SCHEMA "user"')
    for _ in range(2):
        code, _, err = run_here(("evaluate", "club", *options, *to, "--out", "out"), tmp_path)
        assert code == 0, err.decode()
    with duckdb.connect(tmp_path / "w.duckdb") as connection:
        runs = quoted(f"{prefix}runs")
        kinds = connection.execute(f"SELECT kind FROM {runs} ORDER BY started_at").fetchall()  # noqa: S608 - of this test
        assert kinds == [("full",), ("update",)]


def test_standings_of_another_day_are_not_those_of_the_newest_run(tmp_path: Path) -> None:
    """As where the clock was put back between two runs, so that the newer one seems to be the older."""
    club_in(tmp_path)
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
    to = ("--backend", f"duckdb://{tmp_path / 'w.duckdb'}", "--output-format", "table")
    for day in ("2024-04-20", "2025-01-05"):
        assert run_here(("evaluate", "club", *log, *to, "--as-of", day), tmp_path)[0] == 0
    with duckdb.connect(tmp_path / "w.duckdb") as connection:
        connection.execute("UPDATE pointbook_runs SET finished_at = '2020-01-01' WHERE as_of = '2024-04-20'")
        connection.execute("UPDATE pointbook_runs SET summary = replace(summary, '2025-01-05', '2025-01-06')")
    _, _, err = run_here(("evaluate", "club", *log, *to, "--as-of", "2025-01-07", "--update"), tmp_path)
    assert b"because what stands as standings is not what the last run has written" in err


HISTORIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 2,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a history takes seconds; the seed says enough
)


@HISTORIES
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nightly_updates_of_tables_in_duckdb_equal_full_runs(
    tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    file = tmp_path_factory.mktemp("duckdb") / "results.duckdb"

    def rows(query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(file)) as connection:
            return connection.execute(query).fetchall()

    def write(statement: str, values: list[tuple[Any, ...]]) -> None:
        with duckdb.connect(str(file)) as connection:
            for row in values:
                connection.execute(statement, row)

    _live_through(case, seed, f"duckdb://{file}", rows, partial(_put_events, write=write, mark="?"))


@HISTORIES
@given(case=cases(), seed=st.integers(0, 1 << 30))
def test_nightly_updates_of_tables_in_postgresql_equal_full_runs(
    server: tuple[str, Any], case: Case, seed: int
) -> None:
    url, connection = server
    for table in (*TABLES, "runs"):
        for prefix in ("own", "full"):
            connection.execute(f"DROP TABLE IF EXISTS {prefix}_{table}")

    def write(statement: str, values: list[tuple[Any, ...]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)

    def rows(query: str) -> list[tuple[Any, ...]]:
        return connection.execute(query, prepare=False).fetchall()

    _live_through(case, seed, url, rows, partial(_put_events, write=write, mark="%s"))


def test_collations_of_results_in_duckdb_make_no_two_members_one(tmp_path: Path) -> None:
    """Of tables that somebody has made anew with columns that do not tell capital letters apart."""
    shell = club_in(tmp_path)
    members = "".join(f"{name},2024-01-10\n" for name in ("ann", "Ann", "bob", "cid"))
    (tmp_path / "members.csv").write_text(f"member_id,signed_up_on\n{members}")
    events = "event_id,member_id,activity,occurred_at,points\n" + "".join(
        f"{name}-{number},{name},review,2024-02-0{number},60\n"
        for name in ("ann", "Ann")
        for number in (1, 2)
    )
    (tmp_path / "events.csv").write_text(events)
    url, files = f"duckdb://{tmp_path}/t.db", ("--events", "events.csv", "--members", "members.csv")
    run = partial(_evaluated_club, shell, ("--backend", url, *files, "--as-of", "2024-12-31"))
    assert run("pointbook_")["evaluated"]["way"]
    with duckdb.connect(f"{tmp_path}/t.db") as connection:
        for name in TABLES:
            table, old = f"pointbook_{name}", f"old_{name}"
            connection.execute(f"ALTER TABLE {table} RENAME TO {old}")
            columns = ", ".join(
                f'"{column}" {kind}{" COLLATE NOCASE" if kind == "VARCHAR" else ""}'
                for column, kind, *_ in connection.execute(f"DESCRIBE {old}").fetchall()
            )
            connection.execute(f"CREATE TABLE {table} ({columns})")
            connection.execute(f"INSERT INTO {table} SELECT * FROM {old}")  # noqa: S608 - of this test
    (tmp_path / "events.csv").write_text(
        f"{events}Ann-3,Ann,visit,2024-03-01,\nAnn-4,Ann,Visits,2024-03-01,\n"
    )
    summary = run("pointbook_", "--update")
    assert summary["evaluated"]["update"]["members"] == 1
    whole = run("whole_")
    assert {**summary, "evaluated": None} == {**whole, "evaluated": None}
    with duckdb.connect(f"{tmp_path}/t.db") as connection:
        for name in TABLES:
            found, wanted = (
                sorted(connection.execute(f"SELECT * FROM {prefix}{name}").fetchall(), key=repr)  # noqa: S608
                for prefix in ("pointbook_", "whole_")
            )
            assert found == wanted, name


def _evaluated_club(shell: Shell, log: tuple[str, ...], prefix: str, *options: str) -> dict[str, Any]:
    to = ("--output-format", "table", "--table-prefix", prefix, "--out", "out")
    done = shell.run("evaluate", "club", *log, *to, *options)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads((shell.folder / "out/summary.json").read_bytes())
    return found
