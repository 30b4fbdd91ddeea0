"""Events in tables of PostgreSQL and Spark: they make the log that the reader makes of the same Parquet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from input_logs import INPUTS, as_put, as_read, contents
from input_tables import KINDS, MEMBERS, tables
from pyarrow import parquet

from conftest import missing
from pointbook.diagnostics import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from pointbook.relational.engines.sessions import Session

POSTGRES_TYPES = {
    "text": "TEXT",
    "number text": "VARCHAR(40)",
    "time text": "TEXT",
    "bool text": "TEXT",
    "int64": "BIGINT",
    "int8": "SMALLINT",
    "double": "DOUBLE PRECISION",
    "float": "REAL",
    "decimal 6": "NUMERIC(22, 6)",
    "decimal 8": "NUMERIC",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "micros": "TIMESTAMP",
    "instants": "TIMESTAMPTZ",
}
SPARK_KINDS = frozenset(KINDS) - {"uint64", "nanos", "nano instants", "uuid", "words", "nothing", "seconds"}
WORK = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def without_nul(table: pa.Table) -> pa.Table:
    """PostgreSQL has no text with a NUL character."""
    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            table = table.set_column(index, field, pc.replace_substring(table.column(index), "\0", ""))
    return table


@pytest.fixture(scope="module")
def connection() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the PostgreSQL server, in an empty schema of our own."""
    url = os.environ.get("POINTBOOK_POSTGRES")
    if url is None:
        missing("POINTBOOK_POSTGRES does not name a server")
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    schema = f"inputs_{os.getpid()}"
    with psycopg.connect(str(url), autocommit=True) as opened:
        opened.execute(f"CREATE SCHEMA {schema}")
        opened.execute(f"SET search_path = {schema}")
        yield opened
        opened.execute(f"DROP SCHEMA {schema} CASCADE")


def same_log(session: Session, table: pa.Table) -> None:
    """What the engine makes of its table `given` is what the reader makes of the same rows in Parquet."""
    parquet.write_table(table, "given.parquet")
    read = as_read(INPUTS, ["members.csv"], ["given.parquet"])
    put = as_put(INPUTS, ["members.csv"], ["table:given"], session)
    assert (put.members, put.events) == (read.members, read.events)
    assert (put.facts.latest, put.facts.events_read) == (read.facts.latest, read.facts.events_read)
    assert contents(put) == contents(read)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "members.csv").write_text(MEMBERS, encoding="utf-8")


@pytest.mark.usefixtures("here")
@settings(max_examples=60, **WORK)
@given(table=tables(tuple(POSTGRES_TYPES)))
def test_a_table_in_postgresql(connection: psycopg.Connection[Any], table: pa.Table) -> None:
    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    table = without_nul(table)
    types = {str(KINDS[kind][0]): name for kind, name in POSTGRES_TYPES.items()}
    columns = ", ".join(f"{field.name} {types[str(field.type)]}" for field in table.schema)
    connection.execute(f"DROP TABLE IF EXISTS given CASCADE; CREATE TABLE given ({columns})")
    with connection.cursor() as cursor, cursor.copy("COPY given FROM STDIN") as copy:
        for row in table.to_pylist():
            copy.write_row(tuple(row.values()))
    same_log(PostgresSession(connection), table)


# PySpark leaves sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("here")
@settings(max_examples=2, derandomize=True, **WORK)  # each takes seconds
@given(table=tables(tuple(SPARK_KINDS)))
def test_a_table_in_spark(spark_session: Any, table: pa.Table) -> None:
    from pointbook.relational.engines.spark_session import SparkEngine  # noqa: PLC0415 - an extra

    session = SparkEngine(spark_session)
    spark_session.createDataFrame(table).createOrReplaceTempView("given")
    same_log(session, table)


@pytest.mark.usefixtures("here")
def test_what_is_good_about_one_value_excuses_no_other_in_postgresql(
    connection: psycopg.Connection[Any],
) -> None:
    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    connection.execute("DISCARD TEMP")
    connection.execute(
        "DROP TABLE IF EXISTS excused CASCADE;"
        "CREATE TABLE excused (event_id TEXT, member_id TEXT, activity TEXT, occurred_at DATE,"
        " released_on TEXT);"
        "INSERT INTO excused VALUES ('', 'anna', 'course', '2024-03-13', ''),"
        " ('e2', 'anna', 'course', '2024-03-13', '')"
    )
    log = as_put(INPUTS, ["members.csv"], ["table:excused"], PostgresSession(connection))
    assert [row["event_id"] for row in log.events] == ["e2"]
    assert [(reject.column, reject.reason) for reject in log.facts.rejects] == [("event_id", "missing_value")]


@pytest.mark.usefixtures("here")
def test_a_table_of_postgresql_named_like_one_of_ours_is_read(connection: psycopg.Connection[Any]) -> None:
    from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

    connection.execute("DISCARD TEMP")  # or its own rows would go to a table of an earlier log
    connection.execute(
        "CREATE TYPE mood AS ENUM ('course');"
        "CREATE TABLE events (event_id UUID, member_id CHAR(9), activity mood, occurred_at TIMESTAMPTZ);"
        "INSERT INTO events VALUES"
        " ('00000000-0000-0000-0000-000000000007', 'anna', 'course', '2024-03-13 14:05+01'),"
        " ('00000000-0000-0000-0000-000000000008', 'anna', 'course', 'infinity')"
    )
    for source in ("table:events", "query:SELECT * FROM events;"):
        log = as_put(INPUTS, ["members.csv"], [source], PostgresSession(connection))
        assert [(row["event_id"][-1], row["member_id"], str(row["local"])) for row in log.events] == [
            ("7", "anna", "2024-03-13 14:05:00")
        ]
        assert [(reject.line, reject.column, reject.reason) for reject in log.facts.rejects] == [
            (0, "occurred_at", "bad_value")
        ]
    with pytest.raises(InputError, match='table:nothing: relation "nothing" does not exist'):
        as_put(INPUTS, ["members.csv"], ["table:nothing"], PostgresSession(connection))
