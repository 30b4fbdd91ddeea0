"""Events of several entries, spends, balances with decimals, dated members: the same from every server.

By hand: a stay of Ann's, no partner yet, gives 10.5 coins; one from June on gives 21. A prize costs 30 coins,
which she has after the second stay, and never again; half its stars come with it.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from club_shell import Shell

TABLES = ("ledger", "standings", "history", "rejects")
ACTIVITIES = """\
activities:
  stay:
    attributes: {nights: {type: integer}}
    earns:
      stars: {points: {per: {attribute: nights, points: 50}}, caps: [{points: 120, per: calendar_year}]}
      coins:
        points: 10.5
        bonuses: [{percent: 100, if: {attribute: member.partner, is: true}}]
      gems: {points: {same_as: coins}, if: {attribute: nights, at_least: 2}}
  prize:
    spends: {coins: 30}
    earns: {stars: {points: 20}}
"""
EVENTS = """\
event_id,member_id,activity,occurred_at,nights
e1,ann,stay,2024-05-01,1
e2,ann,stay,2024-06-01,2
e3,ann,prize,2024-06-02,
e4,ann,prize,2024-06-03,
e5,bob,stay,2024-06-01,
e6,ann,visit,2024-06-04,
"""
MEMBERS = """\
member_id,signed_up_on,valid_from,partner
ann,2024-01-10,,false
ann,2024-01-10,2024-06-01,true
bob,2024-02-29,,true
"""
AWARDED = [
    ("e1", "stars", "50"),
    ("e1", "coins", "10.50"),
    ("e2", "stars", "70"),
    ("e2", "coins", "21.00"),
    ("e2", "gems", "21.00"),
    ("e3", "coins", "-30.00"),
    ("e3", "stars", "20"),
    ("e4", "coins", "0.00"),
    ("e4", "stars", "0"),
    ("e6", "stars", "40"),
    ("e5", "stars", "0"),
    ("e5", "coins", "21.00"),
    ("e5", "gems", "0.00"),
]


@pytest.fixture
def wide(shell: Shell) -> Shell:
    """The club with all that, and what the interpreter makes of its log, in `out/`."""
    shell.edit(
        "club/program.yaml",
        "coins: {resets: never}\n",
        "coins: {resets: never, decimals: 2}\n  gems: {resets: never, decimals: 2, round: down}\n"
        "member_attributes: {partner: {type: boolean}}\n",
    )
    shell.edit("club/versions/2024.yaml", "activities:\n", ACTIVITIES)
    shell.write("events.csv", EVENTS)
    shell.write("members.csv", MEMBERS)
    assert shell.evaluate().code == 0
    return shell


def results(shell: Shell, form: str = "csv") -> dict[str, bytes]:
    return {table: (shell.folder / "out" / f"{table}.{form}").read_bytes() for table in TABLES}


def test_entries_are_awarded_by_hand(wide: Shell) -> None:
    with (wide.folder / "out/ledger.csv").open(encoding="utf-8", newline="") as file:
        found = [(row["event_id"], row["balance"], row["awarded"]) for row in csv.DictReader(file)]
    assert found == AWARDED


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_postgresql_gives_the_files_of_the_interpreter(
    wide: Shell, server: tuple[str, Any], form: str
) -> None:
    assert wide.evaluate("--output-format", form).code == 0
    wanted = results(wide, form)
    done = wide.evaluate("--backend", server[0], "--output-format", form)
    assert done.code == 0, done.err
    assert results(wide, form) == wanted


def plain(rows: Iterable[Iterable[str | None]]) -> list[list[str]]:
    """Cells without the zeros that a column of one type has at its end, or a file to its balance's places."""
    return sorted([re.sub(r"(\.\d*?)0+$", r"\1", cell or "").rstrip(".") for cell in row] for row in rows)


def assert_tables(shell: Shell, backend: str, connect: Callable[[], Any]) -> None:
    wanted = {name: data.decode().replace("T00:00:00", " 00:00:00") for name, data in results(shell).items()}
    done = shell.evaluate("--backend", backend, "--output-format", "table")
    assert done.code == 0, done.err
    connection = connect()
    for name in TABLES:
        header, *rows = csv.reader(wanted[name].splitlines())
        columns = ", ".join(f'CAST("{column}" AS VARCHAR)' for column in header)
        found = connection.execute(f"SELECT {columns} FROM pointbook_{name}").fetchall()  # noqa: S608 - names from above
        assert plain(found) == plain(rows)


def test_postgresql_gives_the_rows_of_the_files_as_tables(wide: Shell, server: tuple[str, Any]) -> None:
    assert_tables(wide, server[0], lambda: server[1])


def test_duckdb_gives_the_rows_of_the_files_as_tables(wide: Shell) -> None:
    place = str(wide.folder / "results.db")
    assert_tables(wide, f"duckdb://{place}", lambda: duckdb.connect(place))


@pytest.mark.usefixtures("spark_session")
def test_spark_gives_the_files_of_the_interpreter(wide: Shell) -> None:
    wanted = results(wide)
    done = wide.evaluate("--backend", "spark")
    assert done.code == 0, done.err
    assert results(wide) == wanted
