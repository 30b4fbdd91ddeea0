"""Tables of the user's that are called as relations of an evaluation mean themselves, wherever read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from club_shell import Shell

COLUMNS = "event_id VARCHAR(9), member_id VARCHAR(9), activity VARCHAR(9), occurred_at DATE"
ROWS = ", ".join(f"('{name}', '{who}', 'gift', '2024-02-01')" for name, who in (("a1", "ann"), ("b1", "bob")))
OF_SOME = "SELECT * FROM app_events WHERE member_id IN (SELECT member_id FROM {})"


def _statements(schema: str) -> list[str]:
    """All members and events, and a table `members` of some of these, which somebody else uses."""
    return [
        "CREATE TABLE all_members (member_id VARCHAR(9), signed_up_on DATE)",
        "INSERT INTO all_members VALUES ('ann', '2024-01-02'), ('bob', '2024-01-02')",
        f"CREATE TABLE app_events ({COLUMNS})",
        f"INSERT INTO app_events VALUES {ROWS}",  # noqa: S608 - of this test
        "CREATE TABLE members AS SELECT * FROM all_members WHERE member_id = 'ann'",
        "CREATE TABLE events AS SELECT * FROM app_events WHERE member_id = 'ann'",
        f"CREATE VIEW {schema}.of_some AS {OF_SOME.format('members')}",
    ]


def _ids(shell: Shell, backend: str, source: str, way: str) -> set[str]:
    log = ("--events", source, "--members", "table:all_members", "--backend", backend, "--via", way)
    done = shell.run("evaluate", "club", *log, "--as-of", "2024-12-31", "--out", "out")
    assert done.code == 0, done.err
    lines = (shell.folder / "out/ledger.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split(",")[0] for line in lines}


@pytest.mark.parametrize("way", ["plan", "fold"])
@pytest.mark.parametrize(
    "source",
    [
        *("table:of_some", "table:by_function", "table:main.events", "query:FROM main.events"),
        f"query:{OF_SOME.format('members')}",
        f"query:{OF_SOME.format('main.members')}",
        f"query:{OF_SOME.format('active()')}",
        "query:FROM app_events SEMI JOIN main.members USING (member_id)",
        "query:FROM query_table('events')",
        "query:FROM some_events()",
    ],
)
def test_of_duckdb(shell: Shell, tmp_path: Path, source: str, way: str) -> None:
    with duckdb.connect(str(tmp_path / "log.db")) as connection:
        for statement in _statements("main"):
            connection.execute(statement)
        connection.execute("CREATE MACRO active() AS TABLE SELECT member_id FROM members")
        connection.execute("CREATE MACRO some_events() AS TABLE SELECT * FROM events")
        connection.execute("CREATE MACRO is_known(x) AS x IN (SELECT member_id FROM members)")
        connection.execute("CREATE VIEW by_function AS SELECT * FROM app_events WHERE is_known(member_id)")
    assert _ids(shell, f"duckdb://{tmp_path}/log.db", source, way) == {"a1"}


@pytest.mark.parametrize("way", ["plan", "fold"])
@pytest.mark.parametrize(
    "source",
    [
        *("table:of_some", "table:by_function", "table:by_operator", "table:by_view", "table:secured"),
        f"query:{OF_SOME.format('members')}",
        "query:SELECT * FROM app_events WHERE is_known(member_id)",
        "query:SELECT * FROM some_events()",
        "query:SELECT * FROM app_events WHERE is_known_too(member_id)",
    ],
)
def test_of_postgresql(shell: Shell, server: tuple[str, Any], source: str, way: str) -> None:
    url, connection = server
    [(schema,)] = connection.execute("SELECT current_schema()").fetchall()
    known = "SELECT EXISTS (SELECT 1 FROM members m WHERE m.member_id = x)"
    statements = [
        *_statements(schema),
        f"CREATE FUNCTION is_known(x text) RETURNS boolean LANGUAGE sql STABLE AS '{known}'",
        "CREATE FUNCTION is_known_too(x text) RETURNS boolean LANGUAGE plpgsql AS"  # noqa: ISC004
        " 'BEGIN RETURN is_known(x); END'",
        "CREATE FUNCTION some_events() RETURNS SETOF events LANGUAGE sql STABLE AS 'SELECT * FROM events'",
        "CREATE FUNCTION is_with(x text, y text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT is_known(x)'",
        "CREATE OPERATOR |> (leftarg = text, rightarg = text, function = is_with)",
        "CREATE VIEW by_function AS SELECT * FROM app_events WHERE is_known(member_id)",
        "CREATE VIEW by_operator AS SELECT * FROM app_events WHERE member_id::text |> ''::text",
        "CREATE VIEW by_view AS SELECT * FROM by_function",
        "CREATE TABLE secured AS SELECT * FROM app_events",
        "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE secured FORCE ROW LEVEL SECURITY",
        "CREATE POLICY own ON secured USING (is_known(member_id))",
    ]
    for statement in statements:
        connection.execute(statement)
    role = f"reader_{schema}"
    connection.execute(f"CREATE ROLE {role} LOGIN")
    try:
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")
        assert _ids(shell, url.replace("//pointbook:", f"//{role}:"), source, way) == {"a1"}
    finally:
        connection.execute(f"DROP OWNED BY {role} CASCADE")
        connection.execute(f"DROP ROLE {role}")
