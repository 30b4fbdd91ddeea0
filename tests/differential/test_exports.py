"""A log under other names: by every way the same bytes as under ours, with its references at the end."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from input_logs import INPUTS, as_put, as_read
from pyarrow import parquet

from pointbook.loading import load_program
from pointbook.relational.engines.duckdb_session import DuckDBSession

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

PROGRAM = """\
id: demo
title: Demo
timezone: Europe/Brussels
level_balance: points
balances:
  points: {resets: membership_year}
  coins: {resets: never}
"""
VERSION = """\
id: "1"
effective_from: 2023-01-01
source: {document: Program page}
levels:
  member: {threshold: 15, source: {section: Levels}}
activities:
  qa.answer: {points: 10, source: {section: Questions}, caps: [{points: 15, per: calendar_month}]}
  qa.question: {points: 5, balance: coins, source: {section: Questions}}
  its: {points: 1, source: {section: Questions}}
life_cycle: {demotion: to_earned, leap_day: feb_28, source: {section: Levels}}
"""
LOG = r"""
events:
  columns: {Id: event_id, user: member_id, type: activity, created_at: occurred_at}
  activities: {"Answered a question": qa.answer, "don't \\ know": its}
  ignore: [session]
  reference: [post_id, "Über ref"]
  empty: ["NULL", "-"]
  times: {timezone: Europe/London}
members:
  columns: {uid: member_id, created: signed_up_on}
sources:
  - files: shop-*
    events:
      columns: {receipt: event_id, customer: member_id, what: activity, day: occurred_at}
      reference: [till, post_id]
      times: {form: day_first}
"""
EVENTS = [
    ("e1", "anna", "Answered a question", "2024-04-03T10:30:00", "s", "77", "é"),
    ("e2", "anna", "Answered a question", "2024-04-03T10:30:00Z", "s", "", "x"),
    ("e3", "ben", "qa.question", "2024-04-04", "s", "78", "-"),
    ("e4", "ben", "don't \\ know", "2024-04-05T00:00:00", "s", "NULL", "y"),
    ("e5", "NULL", "qa.answer", "2024-04-05", "s", "79", "z"),
    ("-", "ben", "qa.answer", "2024-04-05", "s", "79", "z"),
    ("e6", "ben", "qa.answer", "2024-04-06T23:30:00", "s", "79", "z"),
    ("e6", "ben", "qa.answer", "2024-04-06T23:30:00", "s", "79", "z"),
    ("e7", "zoe", "qa.answer", "2024-04-06", "s", "80", "z"),
    ("e9", "anna", "Answered a question", "2024-04-09", "s", "81", "late"),
]
SHOP = [
    ("s1", "ben", "qa.answer", "3/4/2024 9:15 AM", "till-1", "90"),
    ("s2", "ben", "qa.answer", "31/4/2024", "t", ""),
]
HEADER, SHOP_HEADER = (
    ("Id", "user", "type", "created_at", "session", "post_id", "Über ref"),
    ("receipt", "customer", "what", "day", "till", "post_id"),
)
OURS = """\
event_id,member_id,activity,occurred_at
e1,anna,qa.answer,2024-04-03T10:30:00+01:00
e2,anna,qa.answer,2024-04-03T10:30:00Z
e3,ben,qa.question,2024-04-04
e4,ben,its,2024-04-05T00:00:00+01:00
e5,,qa.answer,2024-04-05
,ben,qa.answer,2024-04-05
e6,ben,qa.answer,2024-04-06T23:30:00+01:00
e6,ben,qa.answer,2024-04-06T23:30:00+01:00
e7,zoe,qa.answer,2024-04-06
e9,anna,qa.answer,2024-04-09
s1,ben,qa.answer,2024-04-03T09:15
s2,ben,qa.answer,2024-04-31
"""
CARRIED = {
    "e1": ("77", "é", ""),
    "e2": ("", "x", ""),
    "e3": ("78", "", ""),
    "e4": ("", "y", ""),
    "e6": ("79", "z", ""),
    "s1": ("90", "", "till-1"),
}
AS_OF = ("--as-of", "2024-04-07")


def as_csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def as_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> pa.Table:
    return pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program without a log.yaml in `ours`, with one in `theirs`, and the log in every form."""
    folder = tmp_path_factory.mktemp("exports")
    for name in ("ours", "theirs"):
        (folder / name / "versions").mkdir(parents=True)
        (folder / name / "program.yaml").write_text(PROGRAM)
        (folder / name / "versions/1.yaml").write_text(VERSION)
    (folder / "theirs/log.yaml").write_text(LOG, encoding="utf-8")
    (folder / "ours.csv").write_text(OURS)
    (folder / "ours-members.csv").write_text("member_id,signed_up_on\nanna,2023-01-15\nben,2023-02-01\n")
    (folder / "members.csv").write_text("uid,created\nanna,2023-01-15\nben,2023-02-01\n")
    for name, header, rows in (("events", HEADER, EVENTS), ("shop-1", SHOP_HEADER, SHOP)):
        (folder / f"{name}.csv").write_text(as_csv(header, rows), encoding="utf-8")
        parquet.write_table(as_table(header, rows), folder / f"{name}.parquet", row_group_size=4)
    return folder


def evaluated(
    shell: Shell, folder: Path, out: Path, *options: str, events: tuple[str, ...]
) -> dict[str, str]:
    given = [part for name in events for part in ("--events", name if ":" in name else str(folder / name))]
    members = "ours-members.csv" if events == ("ours.csv",) else "members.csv"
    program = "ours" if events == ("ours.csv",) else "theirs"
    done = shell.run(
        "evaluate", str(folder / program), *given, "--members", str(folder / members),
        "--out", str(out), *AS_OF, *options,
    )  # fmt: skip
    assert done.code == 1, done.err
    return {path.stem: path.read_text(encoding="utf-8") for path in out.iterdir() if path.suffix == ".csv"}


def cut(ledger: str) -> tuple[list[list[str]], dict[str, tuple[str, ...]]]:
    """The ledger without its references, and these by event."""
    rows = list(csv.reader(io.StringIO(ledger, newline="")))
    assert rows[0][13:] == ["post_id", "Über ref", "till"]
    return [row[:13] for row in rows], {row[0]: tuple(row[13:]) for row in rows[1:]}


@pytest.fixture(scope="module")
def by_ours(repository: Shell, folder: Path) -> dict[str, str]:
    return evaluated(repository, folder, folder / "out-ours", "--backend", "python", events=("ours.csv",))


@pytest.fixture(scope="module")
def by_python(repository: Shell, folder: Path) -> dict[str, str]:
    return evaluated(
        repository, folder, folder / "out-python", "--backend", "python", events=("events.csv", "shop-1.csv")
    )


def test_figures_are_those_of_the_log_under_our_names(by_ours, by_python):
    ledger, carried = cut(by_python["ledger"])
    assert ledger == list(csv.reader(io.StringIO(by_ours["ledger"], newline="")))
    assert carried == CARRIED
    for name in ("standings", "history"):
        assert by_python[name] == by_ours[name]
    assert reasons(by_python["rejects"]) == reasons(by_ours["rejects"])


def reasons(rejects: str) -> list[list[str]]:
    return [[row["event_id"], row["reason"]] for row in csv.DictReader(io.StringIO(rejects, newline=""))]


@pytest.mark.parametrize(("via", "form"), [*product(("plan", "fold"), ("csv", "parquet"))])
def test_duckdb_gives_the_same_bytes(shell, folder, by_python, via, form):
    events = (f"events.{form}", f"shop-1.{form}")
    options = ("--backend", "duckdb", "--via", via)
    found = evaluated(shell, folder, folder / f"out-{via}-{form}", *options, events=events)
    if form == "parquet":  # whose rejects are of other files
        del found["rejects"]
    assert found == {name: by_python[name] for name in found}
    assert "ledger" in found


@pytest.mark.parametrize(("backend", "via"), [("python", "fold"), ("duckdb", "plan"), ("duckdb", "fold")])
def test_parquet_has_the_same_references(shell, folder, tmp_path, backend, via):
    options = ("--backend", backend, "--via", via, "--output-format", "parquet")
    evaluated(shell, folder, tmp_path / "out", *options, events=("events.parquet", "shop-1.parquet"))
    table = parquet.read_table(tmp_path / "out/ledger.parquet")
    assert table.column_names[13:] == ["post_id", "Über ref", "till"]
    found = zip(
        *(table.column(name).to_pylist() for name in ("event_id", *table.column_names[13:])), strict=True
    )
    assert {event_id: tuple(text or "" for text in rest) for event_id, *rest in found} == CARRIED


def in_tables(connection: Any, kind: str) -> None:
    for name, header, rows in (("events", HEADER, EVENTS), ("shop_1", SHOP_HEADER, SHOP)):
        columns = ", ".join(f'"{column}" {kind}' for column in header)
        connection.execute(f'CREATE TABLE "{name}" ({columns})')
        for row in rows:
            values = ", ".join("'" + cell.replace("'", "''") + "'" for cell in row)
            connection.execute(f'INSERT INTO "{name}" VALUES ({values})')  # noqa: S608 - of this test


FROM_TABLES = ("table:events", "query:SELECT * FROM shop_1")


@pytest.fixture
def for_tables(folder: Path, tmp_path: Path) -> Path:
    """The same program, whose second mapping is for the query."""
    own = tmp_path / "for-tables"
    own.mkdir()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {".yaml", ".csv"}:
            target = own / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    text = LOG.replace("files: shop-*", 'files: "query:*shop_1"')
    (own / "theirs/log.yaml").write_text(text, encoding="utf-8")
    return own


@pytest.mark.parametrize("via", ["plan", "fold"])
def test_tables_of_duckdb_give_the_same_bytes(shell, for_tables, tmp_path, by_python, via):
    database = tmp_path / "log.duckdb"
    with duckdb.connect(str(database)) as connection:
        in_tables(connection, "VARCHAR")
    options = ("--backend", f"duckdb://{database}", "--via", via)
    found = evaluated(shell, for_tables, tmp_path / "out", *options, events=FROM_TABLES)
    for name in ("ledger", "standings", "history"):
        assert found[name] == by_python[name]


@pytest.mark.parametrize("via", ["plan", "fold"])
def test_tables_of_postgresql_give_the_same_bytes(shell, for_tables, by_python, server, via):
    url, connection = server
    in_tables(connection, "TEXT")
    options = ("--backend", url, "--via", via)
    found = evaluated(shell, for_tables, for_tables / "out", *options, events=FROM_TABLES)
    for name in ("ledger", "standings", "history"):
        assert found[name] == by_python[name]


# PySpark leaves sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_table_of_spark_is_read_like_the_file(spark_session: Any, folder: Path, monkeypatch) -> None:
    from pointbook.relational.engines.spark_session import SparkEngine  # noqa: PLC0415 - an extra

    monkeypatch.chdir(folder)
    program = load_program("theirs")
    spark_session.createDataFrame(as_table(HEADER, EVENTS)).createOrReplaceTempView("exported")
    put = as_put(program, ["members.csv"], ["table:exported"], SparkEngine(spark_session))
    read = as_read(program, ["members.csv"], ["events.parquet"])
    assert (put.members, put.events) == (read.members, read.events)
    assert sorted(reject.detail for reject in put.facts.rejects if reject.reason != "duplicate") == sorted(
        reject.detail for reject in read.facts.rejects if reject.reason != "duplicate"
    )


NAMES = """
events:
  columns: {Id: event_id, user: member_id, type: activity, at: occurred_at, DAYS: days}
  activities: {"Took it": course, "1": course}
  reference: [post]
  empty: ["NULL"]
"""


def typed(**columns: Any) -> pa.Table:
    ordinary = {
        "Id": ["e1", "e2", "e3"],
        "user": ["anna", "anna", "NULL"],
        "type": ["Took it", "course", "other"],
        "at": pa.array([datetime(2024, 3, 13, 14, 5)] * 3, pa.timestamp("us")),  # noqa: DTZ001 - a local time
        "DAYS": [1, None, 3],
        "post": ["x", "", "NULL"],
    }
    return pa.table(ordinary | columns)


@pytest.mark.parametrize(
    ("text", "table", "read_again"),
    [
        (NAMES, typed(), 1),
        (NAMES, typed(type=[1, 1, 2]), 1),
        (NAMES.replace('"NULL"', '"1"'), typed(), 3),  # a number that is written so stands for nothing
        (NAMES.replace('"NULL"', '"1"'), typed(DAYS=["1", "2", "x"]), 1),
        (NAMES + "  times: {timezone: Europe/Brussels}\n", typed(), 1),
        (NAMES + "  times: {timezone: Asia/Tokyo}\n", typed(), 3),
        (NAMES + "  times: {form: unix_seconds}\n", typed(at=[1712140200, 1712140201, 0]), 3),
        (NAMES + "  times: {form: day_first}\n", typed(at=["2024-04-03", "3/4/2024", "x"]), 2),
    ],
)
def test_what_stays_in_place_is_what_the_reader_reads(tmp_path, monkeypatch, text, table, read_again):
    from dataclasses import replace  # noqa: PLC0415

    from pointbook.lower.exports import exports_from  # noqa: PLC0415
    from pointbook.source.yaml_reader import read_yaml  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text("member_id,signed_up_on,partner\nanna,2023-01-15,true\n")
    parquet.write_table(table, "events.parquet")
    node, _ = read_yaml("log.yaml", text.encode())
    assert node is not None
    program, session = replace(INPUTS, exports=exports_from(node)), DuckDBSession()
    read = as_read(program, ["members.csv"], ["events.parquet"])
    assert as_put(program, ["members.csv"], ["events.parquet"], session) == read
    assert read.events
    settled = session.rows("SELECT COUNT(*) AS n FROM settled_events").read_all().column(0)[0].as_py()
    assert settled + len(read.facts.rejects) == read_again
