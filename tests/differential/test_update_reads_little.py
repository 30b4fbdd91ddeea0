"""`evaluate --update` of events in place: few rows are read, and nothing that matters is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb
from club_shell import club_in
from this_process import run_here

from pointbook.relational.inputs import log_in_session
from pointbook_cli.evaluation.updating import narrowing

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("ledger", "standings", "history", "rejects", "seen")
DAY = "2025-01-20"


class Log:
    """A club of a hundred members with ten visits each, in Parquet, and the results of a run as of `DAY`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        club_in(folder)
        self._connection = duckdb.connect()
        for statement in (
            (
                "CREATE TABLE members AS SELECT 'm' || n AS member_id, DATE '2024-03-01' AS signed_up_on"
                " FROM range(100) AS r(n)"
            ),
            (
                "CREATE TABLE events AS SELECT 'e' || n AS event_id, 'm' || n % 100 AS member_id,"
                " 'visit' AS activity, TIMESTAMP '2024-03-02' + to_days(n::INTEGER % 200) AS occurred_at"
                " FROM range(1000) AS r(n)"
            ),
        ):
            self._connection.execute(statement)
        self.read: list[tuple[int, int]] = []

    def change(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(statement)

    def run(self, *options: str, out: str = "own") -> str:
        for name in ("events", "members"):
            self._connection.execute(f"COPY {name} TO '{self.folder / name}.parquet'")
        log = ("--events", "events.parquet", "--members", "members.parquet", "--as-of", DAY)
        to = ("--out", out, "--output-format", "parquet", "--max-rejected", "100%")
        code, _, err = run_here(("evaluate", "club", *log, *to, *options), self.folder)
        assert code in {0, 1}, err.decode()
        return err.decode()

    def update(self) -> dict[str, Any]:
        """How an update evaluated, which must come to what a full run does."""
        self.read.clear()
        self.run("--update")
        self.run(out="full")
        for name in FILES:
            own, full = (self.folder / out / f"{name}.parquet" for out in ("own", "full"))
            assert own.read_bytes() == full.read_bytes(), name
        summaries = [json.loads((self.folder / out / "summary.json").read_text()) for out in ("own", "full")]
        evaluated: dict[str, Any] = summaries[0].pop("evaluated")
        del summaries[1]["evaluated"]
        assert summaries[0] == summaries[1]
        return evaluated


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    found = Log(tmp_path)
    own = narrowing.put_needed

    def noted(*arguments: Any) -> Any:
        needed = own(*arguments)
        found.read.append((needed.number, needed.left_out))
        return needed

    monkeypatch.setattr(narrowing, "put_needed", noted)
    found.run()
    return found


def _numbers(evaluated: dict[str, Any]) -> tuple[int, ...]:
    return tuple(evaluated["update"].values())


def test_of_new_rows_those_of_their_members_are_read_and_no_others(log: Log) -> None:
    log.change("INSERT INTO events VALUES ('new', 'm7', 'visit', '2024-05-01')")
    assert _numbers(log.update()) == (1, 1, 0, 0)
    assert log.read == [(11, 990)]
    assert _numbers(log.update()) == (0, 0, 0, 0)
    assert log.read == [(0, 1001)]


def test_who_had_the_id_of_a_new_row_is_read_too(log: Log) -> None:
    log.change("INSERT INTO events VALUES ('e3', 'm7', 'visit', '2024-05-01')")
    assert _numbers(log.update()) == (1, 1, 0, 0)  # m7's row is rejected, as is m3's
    assert log.read == [(10 + 11, 980)]


@pytest.mark.parametrize(
    "goes",
    [
        "DELETE FROM events WHERE event_id = 'e3' AND member_id = 'm7'",
        "UPDATE events SET event_id = 'other' WHERE event_id = 'e3' AND member_id = 'm7'",
    ],
)
def test_where_one_of_two_rows_with_an_id_goes_the_other_counts_again(log: Log, goes: str) -> None:
    log.change("INSERT INTO events VALUES ('e3', 'm7', 'visit', '2024-05-01')")
    log.update()
    log.change(goes)
    assert "update" in log.update()
    assert log.read == [(10 + (10 if "DELETE" in goes else 11), 980)]


def test_a_copy_of_a_row_that_stays_or_goes_changes_nothing_for_its_member(log: Log) -> None:
    log.change("INSERT INTO events SELECT * FROM events WHERE event_id = 'e3'")
    assert _numbers(log.update()) == (0, 0, 0, 0)
    log.change("DELETE FROM events WHERE rowid = (SELECT MAX(rowid) FROM events WHERE event_id = 'e3')")
    assert _numbers(log.update()) == (0, 0, 0, 0)


def test_of_what_was_rejected_no_more_is_read_than_the_rows(log: Log) -> None:
    log.change(
        "INSERT INTO events VALUES ('r1', 'nobody', 'visit', '2024-05-01'), ('r2', 'm1', 'visit', NULL),"
        " (NULL, 'm2', 'visit', '2024-05-01'), ('r4', NULL, 'visit', '2024-05-01')"
    )
    assert _numbers(log.update()) == (0, 0, 0, 0)
    log.change("INSERT INTO events VALUES ('new', 'm7', 'visit', '2024-05-01')")
    assert _numbers(log.update()) == (1, 1, 0, 0)
    assert log.read == [(4 + 11, 990)]
    log.change("INSERT INTO members VALUES ('nobody', '2024-04-01')")
    assert _numbers(log.update()) == (1, 1, 0, 0)


def test_where_log_yaml_reads_rows_otherwise_all_are_others(log: Log) -> None:
    (log.folder / "club/log.yaml").write_text("events: {activities: {visit: review}}\n")
    err = log.run("--update")
    assert "all members are evaluated, because" in err


def test_rejects_that_somebody_has_changed_are_no_ground_to_build_on(log: Log) -> None:
    log.change("INSERT INTO events VALUES ('r1', 'nobody', 'visit', '2024-05-01')")
    log.run()
    duckdb.sql(
        f"COPY (FROM '{log.folder}/own/rejects.parquet' LIMIT 0) TO '{log.folder}/own/rejects.parquet'"
    )
    err = log.run("--update")
    assert "because what stands as rejects is not what the last run has written" in err


def test_a_log_in_csv_is_read_once(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb.sql(f"COPY (FROM '{log.folder}/events.parquet') TO '{log.folder}/events.csv' (HEADER)")
    own, read = log_in_session.put_log_as_read, []

    def noted(*arguments: Any) -> Any:
        read.append(arguments)
        return own(*arguments)

    monkeypatch.setattr(log_in_session, "put_log_as_read", noted)
    options = ("--events", "events.csv", "--members", "members.parquet", "--as-of", DAY, "--out", "csv")
    for _ in range(2):
        read.clear()
        done = run_here(("evaluate", "club", *options, "--output-format", "parquet", "--update"), log.folder)
        assert done[0] == 0, done[2].decode()
        assert len(read) == 1
    assert b"0 of 100 members evaluated anew" in done[1]


def test_columns_that_swap_their_names_are_other_rows(log: Log) -> None:
    log.change(
        "ALTER TABLE events ADD COLUMN points BIGINT",
        "ALTER TABLE events ADD COLUMN days BIGINT",
        "UPDATE events SET activity = 'course', days = 3, points = 7 WHERE event_id = 'e3'",
    )
    log.run()
    log.change(
        "ALTER TABLE events RENAME points TO others",
        "ALTER TABLE events RENAME days TO points",
        "ALTER TABLE events RENAME others TO days",
    )
    assert _numbers(log.update()) == (1, 1, 0, 0)  # a course of 3 days was 90, and is one of 7 now


def test_times_that_are_of_another_type_are_other_rows(log: Log) -> None:
    log.change("SET TimeZone = 'UTC'", "ALTER TABLE events ALTER occurred_at TYPE TIMESTAMPTZ")
    assert "all members are evaluated, because 100 of 100 members may differ" in log.run("--update")
