"""The fold over pieces writes what one process writes: any source, any number of workers, every form."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb

from pointbook_cli.evaluation import by_fold
from pointbook_cli.main import exit_code_of

RULES = Path(__file__).parents[2] / "rules" / "dataminer-devops"
SIZES = (1, 7, 64, 1 << 15)


def made(folder, members, events):
    for name, header, rows in (
        ("members", ("member_id", "signed_up_on"), members),
        ("events", ("event_id", "member_id", "activity", "occurred_at", "points"), events),
    ):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *rows])
    return folder


def sampled(folder):
    command = ["sample", str(RULES), "--out", str(folder), "--seed", "5"]
    assert exit_code_of([*command, "--members", "12", "--events", "400"]) == 0
    return folder


def lopsided(folder):
    """Nine of ten events are one member's; the first and the last members, and two between, have none."""
    with (sampled(folder) / "events.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    wanted = ("activity", "occurred_at", "points")
    events = [
        (f"e{number:04}", "m5" if number % 10 else "m3", *(row[name] for name in wanted))
        for number, row in enumerate(rows)
    ]
    return made(folder, [(f"m{number}", "2022-01-01") for number in range(9)], events)


def without_events(folder):
    return made(folder, [(f"m{number:02}", "2024-01-01") for number in range(20)], [])


def empty(folder):
    return made(folder, [], [])


def with_texts_that_need_quotes(folder):
    members = [('m"1,', "2024-01-01"), ("m\u00e9", "2024-01-01"), ("m=2", "2024-01-01")]
    activities = ("unknown, activity", 'x"y')
    events = [
        (f"e,{number}'", members[number % 3][0], activities[number % 2], "2024-05-01T10:00", "")
        for number in range(30)
    ]
    return made(folder, members, events)


LOGS = (sampled, lopsided, without_events, empty, with_texts_that_need_quotes)


def evaluated(log, out, backend, output_format, *options):
    command = [
        "evaluate",
        str(RULES),
        "--events",
        str(log / "events.csv"),
        "--members",
        str(log / "members.csv"),
    ]
    command += ["--out", str(out), "--backend", backend, "--output-format", output_format, *options]
    if "\n" not in (log / "members.csv").read_text(encoding="utf-8").strip():
        command += ["--as-of", "2024-12-31"]  # nothing says a day
    assert exit_code_of(command) in {0, 1}
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != "summary.json"}


@pytest.fixture(params=LOGS, ids=lambda make: make.__name__)
def log(request, tmp_path):
    (tmp_path / "log").mkdir()
    return request.param(tmp_path / "log")


@pytest.mark.parametrize("output_format", ["csv", "jsonl", "parquet"])
def test_any_cut_from_any_source_gives_the_same_files(log, tmp_path, monkeypatch, output_format):
    plan = evaluated(log, tmp_path / "plan", "duckdb", output_format, "--via", "plan")
    here = evaluated(log, tmp_path / "here", "python", output_format, "--workers", "1")
    for size in SIZES:
        monkeypatch.setattr(by_fold, "EVENTS_OF_A_PIECE", size)
        by_duckdb = evaluated(
            log, tmp_path / f"duckdb-{size}", "duckdb", output_format, "--via", "fold", "--workers", "1"
        )
        assert by_duckdb == plan
        assert evaluated(log, tmp_path / f"here-{size}", "python", output_format, "--workers", "1") == here
    if output_format != "parquet":  # which pyarrow and DuckDB write each in its own way
        assert here == plan


@pytest.mark.parametrize("make", [lopsided, with_texts_that_need_quotes, without_events, empty])
@pytest.mark.parametrize("workers", ["2", "5"])
def test_workers_give_the_same_files(make, workers, tmp_path, monkeypatch):
    (tmp_path / "log").mkdir()
    log = make(tmp_path / "log")
    expected = {}
    for form in ("csv", "parquet"):
        expected[form] = evaluated(log, tmp_path / f"plan-{form}", "duckdb", form, "--via", "plan")
    monkeypatch.setattr(by_fold, "LEAST_EVENTS_OF_A_WORKER", 1)
    monkeypatch.setattr(by_fold, "EVENTS_OF_A_PIECE", 13)
    for form, files in expected.items():
        found = evaluated(log, tmp_path / form, "duckdb", form, "--via", "fold", "--workers", workers)
        assert found == files


def test_tables_of_duckdb_are_the_plan_s(tmp_path, monkeypatch):
    (tmp_path / "log").mkdir()
    log = sampled(tmp_path / "log")
    monkeypatch.setattr(by_fold, "EVENTS_OF_A_PIECE", 7)
    found = {}
    for way in ("plan", "fold"):
        database = tmp_path / f"{way}.db"
        options = ("--via", way, "--workers", "1")
        evaluated(log, tmp_path / way, f"duckdb://{database}", "table", *options)
        with duckdb.connect(str(database), read_only=True) as connection:
            found[way] = {
                name: (connection.table(name).description, connection.table(name).fetchall())
                for name in map("pointbook_{}".format, ("ledger", "standings", "history", "rejects"))
            }
    assert found["fold"] == found["plan"]
