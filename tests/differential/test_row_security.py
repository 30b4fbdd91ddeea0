"""A log of which PostgreSQL's row security hides rows from the account that reads it: said, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

import psycopg
from club_shell import Shell, club_in

from pointbook.relational.engines.postgres_reading import ReadingPostgresSession
from pointbook.relational.inputs.functions_called import hides_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = (
    "CREATE TABLE visits (event_id TEXT, member_id TEXT, activity TEXT, occurred_at TIMESTAMP)",
    "INSERT INTO visits VALUES ('e1', 'm1', 'visit', '2024-05-01'), ('e2', 'm2', 'visit', '2024-05-01')",
    "CREATE TABLE people (member_id TEXT, signed_up_on DATE)",
    "INSERT INTO people VALUES ('m1', '2024-03-01'), ('m2', '2024-03-01')",
    "ALTER TABLE visits ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY of_one ON visits USING (member_id = 'm1')",
)
LOG = ("--members", "table:people", "--as-of", "2025-01-20", "--out", "out")
WARNING = "warning: {}: row security may hide rows from this account"


@pytest.fixture
def reader(tmp_path: Path, server: tuple[str, Any]) -> Iterator[tuple[Shell, str, str]]:
    """A club, the URL of the owner of its tables, and that of an account that sees some rows."""
    url, connection = server
    shell = club_in(tmp_path)
    for statement in SETTINGS:
        connection.execute(statement)
    [(schema,)] = connection.execute("SELECT current_schema()").fetchall()
    role = f"sees_some_{schema}"
    connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
    try:
        connection.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}")
        connection.execute(f"GRANT SELECT ON visits, people TO {role}")
        rest = url.removeprefix("postgresql://").rpartition("@")[2]
        yield shell, url, f"postgresql://{role}:secret@{rest}"
    finally:
        connection.execute(f"DROP OWNED BY {role} CASCADE")
        connection.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize("source", ["table:visits", "query:SELECT * FROM visits WHERE activity <> 'none'"])
def test_rows_that_may_be_hidden_are_warned_of(reader: tuple[Shell, str, str], source: str) -> None:
    shell, owner, some = reader
    for options in (("--output-format", "table"), ("--output-format", "table", "--update"), ()):
        done = shell.run("evaluate", "club", "--backend", some, *LOG, "--events", source, *options)
        assert done.code == 0, done.err
        assert done.err.count(WARNING.format(source)) == 1
        assert "one with BYPASSRLS or a policy for all rows" in done.err
    done = shell.run("compare", "club", "latest", "latest", "--backend", some, *LOG[:4], "--events", source)
    assert done.err.count(WARNING.format(source)) == 1
    done = shell.run("evaluate", "club", "--backend", owner, *LOG, "--events", source)
    assert (done.code, "row security" in done.err) == (0, False), done.err


@pytest.mark.parametrize(
    ("make", "source", "hides"),
    [
        ("CREATE TABLE visits_of_all AS SELECT * FROM visits", "table:visits_of_all", False),
        ("CREATE VIEW shown AS SELECT * FROM visits", "table:shown", False),
        ("CREATE VIEW shown WITH (security_invoker = on) AS SELECT * FROM visits", "table:shown", True),
        (
            "CREATE FUNCTION shown() RETURNS SETOF visits LANGUAGE sql STABLE AS 'SELECT * FROM visits'",
            "query:SELECT * FROM shown()",
            True,
        ),
        ('ALTER TABLE visits RENAME TO "Str,ange ""n"', 'query:SELECT * FROM "Str,ange ""n"', True),
        ('ALTER TABLE visits RENAME TO "Str,ange ""n"', 'table:Str,ange "n', True),
    ],
    ids=["another-table", "view-of-its-owner", "view-of-who-asks", "function", "odd-name", "odd-table"],
)
def test_who_reads_by_whose_rights_is_told_apart(
    reader: tuple[Shell, str, str], server: Any, make: str, source: str, hides: bool
) -> None:
    shell, _, some = reader
    server[1].execute(make)
    if make.startswith("CREATE") and "FUNCTION" not in make:
        server[1].execute(f"GRANT SELECT ON {source.removeprefix('table:')} TO PUBLIC")
    done = shell.run("evaluate", "club", "--backend", some, *LOG, "--events", source)
    assert (done.code, WARNING.format(source) in done.err) == (0, hides), done.err


def test_a_secured_table_of_the_same_name_elsewhere_is_another(
    reader: tuple[Shell, str, str], server: Any
) -> None:
    shell, _, some = reader
    schema = server[1].execute("SELECT current_schema()").fetchone()[0]
    other = f"{schema}_beside"
    for statement in (
        f"DROP SCHEMA IF EXISTS {other} CASCADE",
        f"CREATE SCHEMA {other}",
        f"CREATE TABLE {other}.people (x INT)",
        f"ALTER TABLE {other}.people ENABLE ROW LEVEL SECURITY",
        f"GRANT USAGE ON SCHEMA {other} TO PUBLIC",
        f"GRANT SELECT ON {other}.people TO PUBLIC",
    ):
        server[1].execute(statement)
    try:
        done = shell.run("evaluate", "club", "--backend", some, *LOG, "--events", "table:visits")
    finally:
        server[1].execute(f"DROP SCHEMA {other} CASCADE")
    assert done.code == 0, done.err
    assert done.err.count("row security may hide") == 1
    assert WARNING.format("table:visits") in done.err


def test_an_account_that_may_only_read_is_told_too(reader: tuple[Shell, str, str]) -> None:
    with psycopg.connect(reader[2], autocommit=True) as connection:
        session = ReadingPostgresSession(connection)
        assert hides_rows(session, "SELECT * FROM visits")
        assert not hides_rows(session, "SELECT * FROM people")
        assert not hides_rows(session, "SELECT * FROM nothing")
        assert session.values("SHOW row_security") == [("on",)]


@pytest.mark.parametrize("source", ["table:vists", "query:SELECT * FROM vists", "table:nos.visits"])
def test_a_name_that_nothing_has_is_told_as_one(reader: tuple[Shell, str, str], source: str) -> None:
    shell, owner, _ = reader
    for options in (("--events", source, *LOG), ("--events", "table:visits", "--members", source, *LOG[2:])):
        done = shell.run("evaluate", "club", "--backend", owner, *options)
        assert done.code == 3
        assert "does not exist" in done.err
        assert "check the names of tables and columns; a query is one statement, which only reads" in done.err
        assert "meanwhile" not in done.err
        assert "the server has stopped this" not in done.err
