"""The grants that docs/warehouse.md gives are enough, and no more than that."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from conftest import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from club_shell import Finished, Shell

pytestmark = pytest.mark.xdist_group("club")  # one server has one database of this name, and one role
GRANTS = (Path(__file__).resolve().parents[2] / "docs/warehouse/grants.sql").read_text(encoding="utf-8")
ROLES = ("pointbook_reader", "pointbook_writer", "dashboards")
LOG = (
    "CREATE SCHEMA app",
    "CREATE TABLE app.members (member_id TEXT, signed_up_on DATE)",
    "INSERT INTO app.members VALUES ('ann', '2024-01-10'), ('bob', '2024-02-29')",
    "CREATE TABLE app.events (event_id TEXT, member_id TEXT, activity TEXT, occurred_at TIMESTAMP)",
    "INSERT INTO app.events VALUES ('e1', 'ann', 'visit', '2024-03-13 10:00')",
)


@pytest.fixture
def club() -> Iterator[str]:
    """The place of a database `club` with a log, to which the grants were given."""
    url = os.environ.get("POINTBOOK_POSTGRES")
    if not url:
        missing("POINTBOOK_POSTGRES does not name a server")
        return
    parts = conninfo_to_dict(url)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        _cleared(connection)
        connection.execute("CREATE DATABASE club")
        with closing(psycopg.connect(url, dbname="club", autocommit=True)) as inside:
            inside.execute("REVOKE ALL ON DATABASE club FROM PUBLIC")
            for statement in LOG:
                inside.execute(statement)
            inside.execute(GRANTS.encode())
        yield f"{parts['host']}:{parts['port']}/club"
        _cleared(connection)


def _cleared(connection: psycopg.Connection) -> None:
    connection.execute("DROP DATABASE IF EXISTS club WITH (FORCE)")
    for role in ROLES:
        connection.execute(f"DROP ROLE IF EXISTS {role}".encode())


def _run(shell: Shell, user: str, place: str, *more: str) -> Finished:
    log = ("--events", "table:app.events", "--members", "table:app.members", "--as-of", "2025-01-31")
    return shell.run("evaluate", "club", *log, "--backend", f"postgresql://{user}@{place}", "--out", *more)


def test_the_reader_evaluates_into_files_and_writes_nothing(shell: Shell, club: str) -> None:
    done = _run(shell, "pointbook_reader", club, "out")
    assert done.code == 0, done.err
    done = _run(
        shell, "pointbook_reader", club, "t", "--output-format", "table", "--table-prefix", "points.p_"
    )
    assert done.code == 3, done.err
    for statement in (
        "DELETE FROM app.events",
        "CREATE TABLE app.x (y INT)",
        "CREATE TABLE public.x (y INT)",
    ):
        with (
            closing(psycopg.connect(f"postgresql://pointbook_reader@{club}")) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.encode())


def test_the_writer_makes_replaces_and_updates_its_tables_and_no_others(shell: Shell, club: str) -> None:
    table = ("--output-format", "table", "--table-prefix", "points.pointbook_")
    for more in ((), (), ("--update",), ("--update", "--full")):
        done = _run(shell, "pointbook_writer", club, "out", *table, *more)
        assert done.code == 0, done.err
    url = os.environ["POINTBOOK_POSTGRES"]
    with closing(psycopg.connect(url, dbname="club", options="-c role=dashboards")) as connection:
        rows = connection.execute("SELECT member_id FROM points.pointbook_standings ORDER BY 1").fetchall()
        runs = connection.execute("SELECT count(*) FROM points.pointbook_runs").fetchall()
    assert (rows, runs) == ([("ann",), ("bob",)], [(4,)])
    for statement in ("DELETE FROM app.events", "INSERT INTO app.members VALUES ('x', '2024-01-01')"):
        with (
            closing(psycopg.connect(f"postgresql://pointbook_writer@{club}")) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.encode())
    done = _run(shell, "pointbook_writer", club, "t", "--output-format", "table", "--table-prefix", "app.p_")
    assert done.code == 3, done.err
