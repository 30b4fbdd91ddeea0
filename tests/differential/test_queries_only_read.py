"""What a user writes behind `query:` and `table:` is one query that reads, on every engine."""

# ruff: noqa: S608 - queries of a user are what is tried
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from input_logs import INPUTS, as_put

from pointbook.diagnostics import InputError
from pointbook.relational.engines.duckdb_session import DuckDBSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.relational.engines.sessions import Session

ROWS = (
    "SELECT 'e1' AS event_id, 'anna' AS member_id, 'course' AS activity,"
    " CAST('2024-03-13' AS DATE) AS occurred_at"
)
MEMBERS = "query:SELECT 'anna' AS member_id, CAST('2024-01-10' AS DATE) AS signed_up_on"
READ = (
    ROWS,
    f"{ROWS} ; ;",
    f"{ROWS} -- all of them",
    f"{ROWS} -- all of them;\n",
    f"WITH one AS ({ROWS}) SELECT * FROM one ORDER BY event_id",
    f"{ROWS}, ';' AS kind",
)
REFUSED = (
    f"{ROWS}) AS q; DROP TABLE victim; --",
    f"{ROWS}) AS q; DROP TABLE victim; SELECT * FROM (SELECT 1",
    f"{ROWS}; DROP TABLE victim",
    "INSERT INTO victim SELECT 2",
    f"WITH new AS (INSERT INTO victim SELECT 2 RETURNING *) {ROWS} FROM new",
    "DROP TABLE victim",
    "CREATE TABLE another AS SELECT 1 AS one",
    f"{ROWS} /* never closed",
    "",
    ";",
)


@pytest.fixture
def in_duckdb() -> Iterator[tuple[Session, Any]]:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE victim AS SELECT 1 AS one; CREATE SEQUENCE numbers")
    session = DuckDBSession(connection=connection)
    yield session, lambda: connection.execute("SELECT one FROM main.victim").fetchall()
    session.close()


@pytest.fixture
def in_postgresql(server: tuple[str, Any]) -> tuple[Session, Any]:
    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    connection = server[1]
    connection.execute("DISCARD TEMP")
    connection.execute("CREATE TABLE victim AS SELECT 1 AS one")
    connection.execute(
        "CREATE FUNCTION vandal() RETURNS int LANGUAGE plpgsql AS 'BEGIN DROP TABLE victim; RETURN 1; END'"
    )
    return PostgresSession(connection), lambda: connection.execute("SELECT one FROM victim").fetchall()


def _tried(session: Session, *sources: str) -> None:
    for source in sources:
        with pytest.raises(InputError) as refused:
            as_put(INPUTS, [MEMBERS], [source], session)
        assert "\n" not in refused.value.message, source


@pytest.mark.parametrize("engine", ["in_duckdb", "in_postgresql"])
def test_a_query_is_one_statement_that_reads(engine: str, request: pytest.FixtureRequest) -> None:
    session, victim = request.getfixturevalue(engine)
    for query in READ:
        log = as_put(INPUTS, [MEMBERS], [f"query:{query}"], session)
        assert [row["event_id"] for row in log.events] == ["e1"], query
    _tried(session, *(f"query:{query}" for query in REFUSED))
    assert victim() == [(1,)]


@pytest.mark.parametrize("engine", ["in_duckdb", "in_postgresql"])
def test_the_name_of_a_table_is_no_sql(engine: str, request: pytest.FixtureRequest) -> None:
    session, victim = request.getfixturevalue(engine)
    _tried(session, 'table:victim"; DROP TABLE victim; --', "table:a.b.c.d", "table:", "table:.victim")
    assert victim() == [(1,)]


def test_what_a_query_calls_cannot_write_in_postgresql(in_postgresql: tuple[Session, Any]) -> None:
    session, victim = in_postgresql
    _tried(session, f"query:{ROWS} WHERE vandal() = 1", f"query:{ROWS}, vandal() AS points")
    assert victim() == [(1,)]


def test_functions_of_duckdb_that_do_more_than_read_are_refused(in_duckdb: tuple[Session, Any]) -> None:
    _tried(
        in_duckdb[0],
        f"query:{ROWS}, NextVal('numbers') AS points",
        "query:FROM enable_logging()",
        f"query:WITH one AS (SELECT * FROM checkpoint()) {ROWS} FROM one",
        """query:FROM query('SELECT nextval(''numbers'')')""",
    )


def test_a_query_is_one_statement_that_reads_in_spark(spark_session: Any) -> None:
    from pointbook.relational.engines.spark_session import SparkEngine  # noqa: PLC0415 - an extra

    session = SparkEngine(spark_session)
    spark_session.sql("SELECT 1 AS one").createOrReplaceTempView("victim")
    log = as_put(INPUTS, [MEMBERS], [f"query:{ROWS} -- all of them"], session)
    assert [row["event_id"] for row in log.events] == ["e1"]
    _tried(
        session,
        *(f"query:{query}" for query in REFUSED),
        f"query:{ROWS}) AS q; DROP VIEW victim; --",
        "query:DROP VIEW victim",
        "query:CREATE OR REPLACE TEMP VIEW victim AS SELECT 2 AS one",
        "table:victim`; DROP VIEW victim; --",
    )
    assert spark_session.sql("SELECT one FROM victim").collect()[0].one == 1
