"""Columns of the wrong type are told with a query to copy, and what is copied works."""

# The queries here are those that a test expects or makes; nobody else's text is in one.
# ruff: noqa: S608

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from typing import Any

    from club_shell import Shell

CREATED = (
    "CREATE TABLE people (member_id {text}, signed_up_on {type})",
    "INSERT INTO people VALUES ('ann', TIMESTAMP '2024-01-10 09:30:00')",
    "CREATE TABLE deeds (event_id {text}, member_id {text}, activity {text}, occurred_at DATE, points {n})",
    "INSERT INTO deeds VALUES ('e1', 'ann', 'course', DATE '2024-03-13', 5.5)",
)


def _made(connection: Any, kind: str, text: str, number: str) -> None:
    for statement in CREATED:
        connection.execute(statement.format(text=text, type=kind, n=number))


def _told(shell: Shell, url: str, *more: str, members: str = "table:people") -> str:
    """What the command says, and of each rejected row."""
    events = "query:SELECT event_id, member_id, activity, occurred_at FROM deeds"
    log = ("--members", members, "--events", *(more or (events,)), "--out", "out", "--as-of", "2024-12-31")
    rejects = shell.folder / "out/rejects.csv"
    shutil.rmtree(rejects.parent, ignore_errors=True)
    said = shell.run("evaluate", "club", *log, "--backend", url).err
    return said + rejects.read_text() if rejects.exists() else said


@pytest.fixture
def file(shell: Shell) -> str:
    with duckdb.connect(str(shell.folder / "club.duckdb")) as connection:
        _made(connection, "TIMESTAMP", "VARCHAR", "DOUBLE")
    return "duckdb://club.duckdb"


def _cast_in(said: str) -> str:
    found = re.search(r"cast the column: `(query:.*?)`", said)
    assert found, said
    return found[1]


def test_a_timestamp_for_a_day_in_duckdb(shell: Shell, file: str) -> None:
    said = _told(shell, file)
    wanted = "query:SELECT member_id, CAST(signed_up_on AS DATE) AS signed_up_on FROM people"
    wrong = "'2024-01-10T09:30:00' is not a date: write the day without its time: 2024-01-10"
    assert f"{wrong}; cast the column: `{wanted}`" in said
    assert "is not a date" not in _told(shell, file, members=wanted)


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
def test_a_timestamp_for_a_day_in_postgresql(shell: Shell, server: tuple[str, Any], kind: str) -> None:
    url, connection = server
    _made(connection, kind, "TEXT", "DOUBLE PRECISION")
    cast = _cast_in(_told(shell, url))
    day = "CAST(signed_up_on AS DATE)"
    if kind == "TIMESTAMPTZ":
        day = "CAST(signed_up_on AT TIME ZONE 'Europe/Brussels' AS DATE)"
    assert cast == f"query:SELECT member_id, {day} AS signed_up_on FROM people"
    assert "is not a date" not in _told(shell, url, members=cast)


def test_points_with_fractions_in_a_table(shell: Shell, file: str) -> None:
    members = _cast_in(_told(shell, file))
    cast = _cast_in(_told(shell, file, "table:deeds", members=members))
    rounded = "CAST(ROUND(points) AS BIGINT) AS points"
    assert cast == f"query:SELECT event_id, member_id, activity, occurred_at, {rounded} FROM deeds"
    assert "not a whole number" not in _told(shell, file, cast, members=members)


def test_a_timestamp_for_a_day_in_parquet(shell: Shell) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{shell.folder}'")
        _made(connection, "TIMESTAMP", "VARCHAR", "DOUBLE")
        connection.execute(f"COPY people TO '{shell.folder}/members.parquet'")
        for backend in ("python", "duckdb"):
            log = ("--members", "members.parquet", "--events", "events.csv", "--out", "out")
            done = shell.run("evaluate", "club", *log, "--backend", backend)
            assert done.code == 3
            wanted = (
                "COPY (SELECT member_id, CAST(signed_up_on AS DATE) AS signed_up_on FROM 'members.parquet')"
                " TO 'members-cast.parquet'"
            )
            assert f'cast the column: `duckdb -c "{wanted}"`' in done.err
        connection.execute(wanted.replace("TO '", f"TO '{shell.folder}/"))
    log = ("--members", "members-cast.parquet", "--events", "events.csv", "--out", "out")
    assert "is not a date" not in shell.run("evaluate", "club", *log).err


def test_a_type_that_no_row_can_have_is_told_with_its_cast(shell: Shell) -> None:
    with duckdb.connect(str(shell.folder / "club.duckdb")) as connection:
        connection.execute("CREATE TABLE people (member_id BLOB, signed_up_on DATE)")
        connection.execute(
            "CREATE TABLE deeds (event_id INT, member_id TEXT, activity TEXT, occurred_at DATE)"
        )
    said = _told(shell, "duckdb://club.duckdb")
    assert "the column 'member_id' is of type BLOB, which a row cannot have" in said
    assert _cast_in(said) == "query:SELECT CAST(member_id AS VARCHAR) AS member_id, signed_up_on FROM people"
