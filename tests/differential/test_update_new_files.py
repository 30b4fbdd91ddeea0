"""`evaluate --update` over files of which some are as they were: no rows of these are compared."""

# ruff: noqa: S608 - queries of this test

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb
from club_shell import club_in
from this_process import run_here

from pointbook_cli.evaluation.updating import narrowing

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("ledger", "standings", "history", "rejects", "seen")
DAY = "2025-01-20"
VISITS = (
    "SELECT 'e' || n AS event_id, 'm' || n % 20 AS member_id, 'visit' AS activity,"
    " TIMESTAMP '2024-03-02' + to_days(n::INTEGER % 200) AS occurred_at FROM range({}, {}) AS r(n)"
)


class Log:
    """A club of twenty members with a folder of Parquet files, and the results of a run as of `DAY`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        club_in(folder)
        (folder / "log").mkdir()
        self.write("2024-03", VISITS.format(0, 100))
        self.write("2024-04", VISITS.format(100, 200))
        members = "SELECT 'm' || n AS member_id, DATE '2024-03-01' AS signed_up_on FROM range(20) AS r(n)"
        duckdb.sql(f"COPY ({members}) TO '{folder}/members.parquet'")
        self.compared: list[bool] = []

    def write(self, name: str, query: str) -> None:
        duckdb.sql(f"COPY ({query}) TO '{self.folder}/log/{name}.parquet'")

    def run(self, *options: str, out: str = "own", day: str = DAY) -> str:
        log = ("--events", "log", "--members", "members.parquet", "--as-of", day)
        to = () if "--output-format" in options else ("--output-format", "parquet")
        rest = ("--out", out, "--max-rejected", "100%", *to, *options)
        code, _, err = run_here(("evaluate", "club", *log, *rest), self.folder)
        assert code in {0, 1}, err.decode()
        return err.decode()

    def update(self, day: str = DAY) -> tuple[Any, bool | None]:
        """Whom an update evaluated, and whether it compared all rows; it comes to what a full run does."""
        self.compared.clear()
        self.run("--update", day=day)
        self.run(out="full", day=day)
        for name in FILES:
            own, full = (self.folder / out / f"{name}.parquet" for out in ("own", "full"))
            assert own.read_bytes() == full.read_bytes(), name
        own, full = (json.loads((self.folder / out / "summary.json").read_text()) for out in ("own", "full"))
        del full["evaluated"]
        update = own.pop("evaluated").get("update")
        assert own == full
        return update and tuple(update.values()), self.compared[0] if self.compared else None


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    found = Log(tmp_path)
    own = narrowing.put_needed

    def noted(*arguments: Any) -> Any:
        found.compared.append(arguments[-1].above is None)
        return own(*arguments)

    monkeypatch.setattr(narrowing, "put_needed", noted)
    found.run()
    return found


def test_of_files_as_they_were_no_row_is_compared(log: Log) -> None:
    assert log.update() == ((0, 0, 0, 0), False)
    log.write(
        "2024-05",
        "SELECT 'new' AS event_id, 'm7' AS member_id, 'visit' AS activity, DATE '2024-05-01' AS occurred_at",
    )
    assert log.update() == ((1, 1, 0, 0), False)


def test_the_id_of_a_row_in_a_new_file_is_taken_from_nobody_unseen(log: Log) -> None:
    first = (
        "SELECT 'e3' AS event_id, 'm7' AS member_id, 'visit' AS activity, DATE '2024-05-01' AS occurred_at"
    )
    log.write("2024-05", first)
    assert log.update() == ((1, 1, 0, 0), False)  # m3, who had it; of m7 nothing counts that is new
    (log.folder / "log/2024-05.parquet").unlink()
    assert log.update() == ((1, 1, 0, 0), True)


@pytest.mark.parametrize(
    ("what", "update"),
    [("edited", (1, 1, 0, 0)), ("removed", (20, 20, 0, 0)), ("rows moved to another", (0, 0, 0, 0))],
)
def test_where_a_file_is_another_or_gone_all_rows_are_compared(log: Log, what: str, update: Any) -> None:
    if what == "edited":
        log.write("2024-04", f"FROM ({VISITS.format(100, 200)}) WHERE event_id <> 'e150'")
    elif what == "removed":
        (log.folder / "log/2024-04.parquet").unlink()
        log.write("2024-04", f"FROM ({VISITS.format(100, 200)}) LIMIT 0")
    else:
        log.write("2024-03", VISITS.format(0, 50))
        log.write("2024-04", VISITS.format(50, 200))
    found, compared = log.update()
    # Where everybody may differ, it is a full run.
    assert (found, compared) == (None if update[0] == 20 else update, True)


def test_a_file_under_another_name_is_the_same_and_a_copy_is_a_new_one(log: Log) -> None:
    log.write(
        "2024-05",
        "SELECT 'x' AS event_id, 'nobody' AS member_id, 'visit' AS activity,"
        " DATE '2024-05-01' AS occurred_at",
    )
    assert log.update() == ((0, 0, 0, 0), False)
    (log.folder / "log/2024-05.parquet").rename(log.folder / "log/2024-06.parquet")
    assert log.update() == ((0, 0, 0, 0), False)  # and rejects name it as it is called now
    shutil.copy(log.folder / "log/2024-04.parquet", log.folder / "log/2024-07.parquet")
    assert log.update() == ((0, 0, 0, 0), False)
    (log.folder / "log/2024-04.parquet").unlink()
    assert log.update() == ((0, 0, 0, 0), True)


def test_where_log_yaml_reads_files_otherwise_all_rows_are_compared(log: Log) -> None:
    (log.folder / "club/log.yaml").write_text("events: {activities: {visits: visit}}\n")
    assert log.update()[1] is True


def test_a_full_run_and_one_of_before_leave_what_the_next_one_needs(log: Log) -> None:
    seen = log.folder / "own/seen.parquet"
    metadata = "SELECT decode(value) FROM parquet_kv_metadata('{}') WHERE decode(key) = 'mark'"
    [(mark,)] = duckdb.sql(metadata.format(seen)).fetchall()
    assert len(json.loads(mark)["files"]) == 2
    # As a run of before this was kept has left it, and as somebody has damaged it.
    for kept in (None, "nonsense", '{"files": 3}', '{"files": [[]]}', '{"files": {"x": "y"}}', "[" * 9999):
        _with_mark(seen, kept)
        assert log.update() == ((0, 0, 0, 0), True)
        assert log.update() == ((0, 0, 0, 0), False)


def _with_mark(path: Path, mark: str | None) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - for this alone

    table = pq.read_table(path)
    metadata = {key: value for key, value in table.schema.metadata.items() if key != b"mark"}
    if mark is not None:
        metadata[b"mark"] = mark.encode()
    pq.write_table(table.replace_schema_metadata(metadata), path)


def test_tables_of_a_database_keep_the_digests_of_files_too(log: Log) -> None:
    to = ("--backend", f"duckdb://{log.folder}/results.duckdb", "--output-format", "table")
    log.run(*to)
    log.write(
        "2024-05",
        "SELECT 'new' AS event_id, 'm7' AS member_id, 'visit' AS activity, DATE '2024-05-01' AS occurred_at",
    )
    log.compared.clear()
    log.run(*to, "--update")
    assert log.compared == [False]
    log.run(*to, "--table-prefix", "whole_")
    with duckdb.connect(str(log.folder / "results.duckdb")) as connection:
        for name in FILES:
            rows = f"SELECT * FROM {{}}_{name} ORDER BY ALL"
            own, whole = (
                connection.execute(rows.format(prefix)).fetchall() for prefix in ("pointbook", "whole")
            )
            assert own == whole, name
        marks = connection.execute("SELECT mark FROM pointbook_runs ORDER BY started_at").fetchall()
    assert [len(json.loads(mark)["files"]) for (mark,) in marks] == [2, 3]


def test_a_mark_of_another_run_than_the_digests_counts_for_nothing(log: Log) -> None:
    database = log.folder / "results.duckdb"
    to = ("--backend", f"duckdb://{database}", "--output-format", "table")
    log.run(*to)
    before = (log.folder / "log/2024-04.parquet").read_bytes()
    log.write("2024-04", f"FROM ({VISITS.format(100, 200)}) WHERE event_id <> 'e150'")
    log.run(*to, "--update")
    with duckdb.connect(str(database)) as connection:
        last = "finished_at = (SELECT MAX(finished_at) FROM pointbook_runs)"
        connection.execute(f"DELETE FROM pointbook_runs WHERE {last}")
    (log.folder / "log/2024-04.parquet").write_bytes(before)
    log.run(*to, "--update")
    with duckdb.connect(str(database)) as connection:
        [(found,)] = connection.execute("SELECT COUNT(*) FROM pointbook_ledger").fetchall()
    assert found == 200


def test_a_file_that_is_replaced_while_it_is_read_is_told_and_nothing_is_written(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, kept = narrowing.put_needed, (log.folder / "own/ledger.parquet").read_bytes()

    def replaced(*arguments: Any) -> Any:
        log.write("2024-04", VISITS.format(100, 200).replace("n % 20", "n % 19"))
        return own(*arguments)

    monkeypatch.setattr(narrowing, "put_needed", replaced)
    options = ("--events", "log", "--members", "members.parquet", "--as-of", DAY, "--out", "own")
    form = ("--output-format", "parquet", "--update")
    code, _, err = run_here(("evaluate", "club", *options, *form), log.folder)
    assert (code, (log.folder / "own/ledger.parquet").read_bytes()) == (3, kept)
    assert "log/2024-04.parquet: it was replaced or written to while it was read" in err.decode()
    monkeypatch.undo()
    assert "all members are evaluated, because" in log.run("--update")


def test_what_was_seen_can_go_while_a_log_is_read(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    own = narrowing.mark_of_last

    def gone(*arguments: Any) -> Any:
        (log.folder / "own/seen.parquet").unlink()
        return own(*arguments)

    monkeypatch.setattr(narrowing, "mark_of_last", gone)
    assert "all members are evaluated, because seen.parquet cannot be read" in log.run("--update")


@pytest.mark.parametrize("seed", range(2))
def test_random_nights_over_a_folder_come_to_a_full_run(log: Log, seed: int) -> None:
    """Files come, go, are edited, renamed and copied; ids are used again, members come and go."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    compared = set()
    files = log.folder / "log"

    def rows(many: int) -> str:
        listed = [
            f"('{chance.choice('eeen')}{chance.randrange(260)}', 'm{chance.randrange(23)}',"
            f" '{chance.choice(['visit', 'review', 'course', 'viist'])}',"
            f" TIMESTAMP '2024-03-02' + to_days({chance.randrange(330)}))"
            for _ in range(many)
        ]
        return f"SELECT * FROM (VALUES {', '.join(listed)}) AS v(event_id, member_id, activity, occurred_at)"

    for night in range(10):
        there = sorted(files.iterdir())
        event = chance.choice(["comes"] * 6 + ["edited", "goes", "renamed", "copied", "quiet", "member"])
        one = chance.choice(there)
        if event == "comes":
            log.write(f"night-{chance.randrange(1000):03}", rows(chance.randrange(1, 9)))
        elif event == "edited":
            log.write(one.stem, f"FROM '{one}' WHERE hash(event_id) % 7 <> {chance.randrange(7)}")
        elif event == "goes" and len(there) > 2:
            one.unlink()
        elif event == "renamed":
            one.rename(files / f"renamed-{night}.parquet")
        elif event == "copied":
            shutil.copy(one, files / f"copy-{night}.parquet")
        elif event == "member":
            last = chance.randrange(18, 24)
            members = (
                f"SELECT 'm' || n AS member_id, DATE '2024-03-01' AS signed_up_on FROM range({last}) AS r(n)"
            )
            duckdb.sql(f"COPY ({members}) TO '{log.folder}/members.parquet'")
        compared.add(log.update(f"2025-01-{20 + night // 2}")[1])
    assert False in compared
