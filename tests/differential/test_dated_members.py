"""Members whose attributes are dated: the same results from every kind of file, by every way and engine.

Ann is no partner before 2025-06-01, Bob nothing is known of before 2025-03-01, Cid contradicts himself, and
Dan is what he always was.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from pointbook_cli.evaluation import by_fold, comparison_ways

if TYPE_CHECKING:
    from club_shell import Shell

TABLES = ("ledger", "standings", "history", "rejects")
COLUMNS = ("member_id", "signed_up_on", "valid_from", "partner", "town", "share", "born", "rank")
ROWS = (
    ("ann", "2024-01-10", "2025-06-01", "true", "Ghent", "0.50", "1990-01-01", "3"),
    ("ann", "2024-01-10", "", "false", "Bruges", "", "", "2"),
    ("bob", "2024-02-29", "2025-03-01", "true", "", "", "", ""),
    ("cid", "2024-01-10", "2025-03-01", "true", "", "", "", ""),
    ("cid", "2024-01-10", "2025-03-01", "false", "", "", "", ""),
    ("dan", "2024-01-10", "", "true", "", "", "", ""),
)
EVENTS = """\
event_id,member_id,activity,occurred_at
e1,ann,kata,2025-05-31
e2,ann,kata,2025-06-01
e3,bob,kata,2025-02-28
e4,bob,kata,2025-03-01
e5,cid,kata,2025-03-01
e6,dan,kata,2025-03-01
e7,ann,walk,2025-05-30
e8,ann,walk,2025-06-02
"""
PARTS = (("town", "Ghent"), ("rank", 3))
AWARDED = {"e1": 0, "e2": 10, "e3": 0, "e4": 10, "e6": 10, "e7": 1, "e8": 3}
"""A walk gives 1, and 1 more in Ghent and with a rank of 3 each."""
NEWER = '{id: "2025", based_on: "2024", effective_from: 2025-01-01, activities: {kata: {points: 12}}}\n'


@pytest.fixture
def club(shell: Shell) -> Shell:
    kinds = "partner: {type: boolean}, town: {type: text}, share: {type: decimal}, born: {type: date}"
    shell.edit(
        "club/program.yaml", "source:", f"member_attributes: {{{kinds}, rank: {{type: integer}}}}\nsource:"
    )
    bonuses = [{"points": 1, "if": {"attribute": f"member.{name}", "is": value}} for name, value in PARTS]
    shell.edit(
        "club/versions/2024.yaml",
        "  gift:\n",
        "  kata: {eligible_if: {attribute: member.partner, is: true}, points: 10}\n"
        f"  walk: {{points: 1, bonuses: {json.dumps(bonuses)}}}\n  gift:\n",
    )
    shell.write("club/versions/2025.yaml", NEWER)
    shell.write("events.csv", EVENTS)
    shell.write("members.csv", "\n".join(map(",".join, (COLUMNS, *ROWS))) + "\n")
    return shell


def _found(shell: Shell) -> tuple[dict[str, bytes], dict[str, Any]]:
    folder = shell.folder / "out"
    summary = json.loads((folder / "summary.json").read_bytes())
    del summary["evaluated"]
    return {table: (folder / f"{table}.csv").read_bytes() for table in TABLES}, summary


def _evaluated(shell: Shell, *options: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    done = shell.evaluate("--version", "2024", *options)
    assert done.code == 1, done.err  # of rejected rows
    return _found(shell)


def _evaluated_from(
    shell: Shell, members: str, *options: str, events: str = "events.csv"
) -> tuple[dict[str, bytes], dict[str, Any]]:
    log = ("--events", events, "--members", members, "--out", "out")
    done = shell.run("evaluate", "club", *log, "--version", "2024", *options)
    assert done.code == 1, done.err
    is_plan_asked = options[:2] != ("--backend", "python") and "--via" not in options
    why = "evaluated by the fold: members: the plan cannot evaluate members whose attributes are dated"
    assert (why in done.err) is is_plan_asked
    return _found(shell)


def test_events_are_awarded_by_hand(club: Shell) -> None:
    tables, summary = _evaluated(club)
    ledger = [row.split(",") for row in tables["ledger"].decode().splitlines()[1:]]
    assert {row[0]: int(row[7]) for row in ledger} == AWARDED
    assert (summary["counts"]["members_read"], summary["counts"]["member_rejects"]) == (6, 2)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("options", [(), ("--backend", "duckdb"), ("--backend", "duckdb", "--via", "fold")])
def test_every_kind_of_file_and_way_gives_the_same(
    club: Shell, kind: str, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, summary = _evaluated(club)
    monkeypatch.setattr(by_fold, "EVENTS_OF_A_PIECE", 2)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    if kind == "jsonl":
        lines = (json.dumps({name: text for name, text in row.items() if text}) for row in rows)
        club.write("members.jsonl", "".join(f"{line}\n" for line in lines))
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), club.folder / "members.parquet")
    found, counted = _evaluated_from(club, f"members.{kind}", *(options or ("--backend", "python")))
    assert {name: found[name] for name in TABLES[:3]} == {name: wanted[name] for name in TABLES[:3]}
    assert counted["counts"] == summary["counts"]


def test_the_plan_asked_for_refuses(club: Shell) -> None:
    done = club.evaluate("--backend", "duckdb", "--via", "plan")
    assert done.code == 3
    assert "the plan cannot evaluate members whose attributes are dated (2 members)" in done.err


def test_events_of_parquet_in_place_give_the_same(club: Shell) -> None:
    wanted = _evaluated(club)
    header, *rows = (line.split(",") for line in EVENTS.splitlines())
    table = pa.Table.from_pylist([dict(zip(header, row, strict=True)) for row in rows])
    pq.write_table(table, club.folder / "events.parquet")
    tables, summary = _evaluated_from(club, "members.csv", "--backend", "duckdb", events="events.parquet")
    assert {name: tables[name] for name in TABLES[:3]} == {name: wanted[0][name] for name in TABLES[:3]}
    assert summary["counts"] == wanted[1]["counts"]


def test_workers_give_the_same(club: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = _evaluated(club)
    monkeypatch.setattr(by_fold, "LEAST_EVENTS_OF_A_WORKER", 1)
    monkeypatch.setattr(by_fold, "EVENTS_OF_A_PIECE", 2)
    assert _evaluated(club, "--workers", "2") == wanted
    assert _evaluated(club, "--backend", "duckdb", "--workers", "2") == wanted


def test_compare_is_the_same_by_every_way(club: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    log = ("--events", "events.csv", "--members", "members.csv")
    monkeypatch.setattr(comparison_ways, "LEAST_EVENTS_OF_A_WORKER", 1)
    monkeypatch.setattr(comparison_ways, "EVENTS_OF_A_PIECE", 2)
    found = []
    for options in ((), ("--workers", "2"), ("--backend", "duckdb")):
        done = club.run("compare", "club", "2024", "2025", *log, "--out", "out.csv", *options)
        assert done.code == 0, done.err
        found.append((club.folder / "out.csv").read_text(encoding="utf-8"))
    assert found[0] == found[1] == found[2]
    # Kata gives 2 more: once to each of Ann, Bob and Dan.
    header, *rows = (row.split(",") for row in found[0].splitlines())
    assert [row[header.index("points_change")] for row in rows] == ["2", "2", "2"]


@pytest.mark.parametrize("source", ["files", "tables"])
def test_postgresql_gives_the_same(club: Shell, server: tuple[str, Any], source: str) -> None:
    url, connection = server
    wanted = _evaluated(club)
    names = ", ".join(f"{name} TEXT" for name in COLUMNS)
    connection.execute(f"CREATE TABLE members ({names})")
    for row in ROWS:
        connection.execute("INSERT INTO members VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", row)
    members = "members.csv" if source == "files" else "table:members"
    tables, summary = _evaluated_from(club, members, "--backend", url)
    assert {name: tables[name] for name in TABLES[:3]} == {name: wanted[0][name] for name in TABLES[:3]}
    assert summary["counts"] == wanted[1]["counts"]


@pytest.mark.usefixtures("spark_session")
def test_spark_gives_the_same(club: Shell) -> None:
    wanted = _evaluated(club)
    assert _evaluated(club, "--backend", "spark") == wanted


def test_the_query_says_that_a_member_has_one_row(club: Shell) -> None:
    printed = club.run("sql", "club", "--as-of", "2025-12-31")
    assert printed.code == 0, printed.err
    assert "\n-- A member has one row: where attributes change (`valid_from`), take" in printed.out
