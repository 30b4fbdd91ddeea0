# ruff: noqa: S608 - all that becomes SQL stands here
"""Tables that stay, on each engine: all rows are replaced, those of some members, or rows are added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

import pyarrow as pa

from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.sessions import EngineError, TableRows
from pointbook.relational.engines.spark_session import SparkEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.relational.engines.sessions import Session

COLUMNS = pa.schema([("member_id", pa.string()), ("as_of", pa.date32()), ("points", pa.int64())])
OTHERS = pa.schema([*COLUMNS, ("level", pa.string())])
TYPES = {"duckdb": ("BIGINT", "VARCHAR"), "postgres": ("bigint", "text"), "spark": ("bigint", "string")}
ROWS = ("('ann', DATE '2026-01-01', 10)", "('bob', DATE '2026-01-01', 20)")


def _query(*rows: str) -> str:
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS q (member_id, as_of, points)"


@pytest.fixture(params=["duckdb", "postgres", pytest.param("spark", marks=pytest.mark.xdist_group("spark"))])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    match request.param:
        case "duckdb":
            own = DuckDBSession()
            yield own
            own.close()
        case "postgres":
            from pointbook.relational.engines.postgres_session import PostgresSession  # noqa: PLC0415 - an extra

            yield PostgresSession(request.getfixturevalue("server")[1])
        case _:
            spark = request.getfixturevalue("spark_session")
            yield SparkEngine(spark)
            spark.sql("DROP TABLE IF EXISTS kept")
            spark.sql("DROP TABLE IF EXISTS log")


def _rows(session: Session, table: str = "kept") -> list[tuple[Any, ...]]:
    found = session.rows(f"SELECT member_id, CAST(as_of AS VARCHAR(10)), points FROM {table}").read_all()
    return sorted(zip(*(column.to_pylist() for column in found.columns), strict=True))


def test_all_rows_are_replaced_and_columns_go_by_their_names(session: Session) -> None:
    for query in (_query(*ROWS), f"SELECT points, as_of, member_id FROM ({_query(ROWS[1])}) AS r"):
        session.write_tables({"kept": TableRows(COLUMNS, query)}, replace=False)
    assert _rows(session) == [("bob", "2026-01-01", 20)]
    batches = pa.Table.from_pylist([{"member_id": "eve", "as_of": None, "points": None}], COLUMNS).to_reader()
    session.write_tables({"kept": TableRows(COLUMNS, batches)}, replace=False)
    assert _rows(session) == [("eve", None, None)]


def test_rows_of_some_members_are_replaced_and_the_others_are_given_a_day(session: Session) -> None:
    session.write_tables({"kept": TableRows(COLUMNS, _query(*ROWS))}, replace=False)
    session.store("changed", "SELECT 'ann' AS member_id UNION ALL SELECT 'eve'")
    new = _query("('ann', DATE '2026-02-01', 15)", "('eve', DATE '2026-02-01', 5)")
    table = TableRows(COLUMNS, new, of_members="changed", set_to={"as_of": "DATE '2026-02-01'"})
    for _ in range(2):  # the same once more is the same
        session.write_tables({"kept": table}, replace=False)
        assert _rows(session) == [
            ("ann", "2026-02-01", 15),
            ("bob", "2026-02-01", 20),
            ("eve", "2026-02-01", 5),
        ]
    none = TableRows(COLUMNS, f"{_query(ROWS[0])} WHERE points < 0", of_members="changed")
    session.write_tables({"kept": none}, replace=False)
    assert _rows(session) == [("bob", "2026-02-01", 20)]


def test_rows_are_added_to_what_is_there(session: Session) -> None:
    for row in ROWS:
        session.write_tables({"log": TableRows(COLUMNS, _query(row), adds=True)}, replace=False)
    assert _rows(session, "log") == [("ann", "2026-01-01", 10), ("bob", "2026-01-01", 20)]


def test_other_columns_are_refused_with_what_differs_unless_the_table_may_be_made_anew(
    session: Session,
) -> None:
    integer, text = TYPES[session.dialect.name]
    session.write_tables(
        {"kept": TableRows(OTHERS, f"SELECT q.*, 'a' AS level FROM ({_query(*ROWS)}) AS q")}, replace=False
    )
    wanted = pa.schema([COLUMNS.field(0), COLUMNS.field(1), ("points", pa.string()), ("stars", pa.int64())])
    differs = (
        f"kept` has other columns than the results: `points` is {integer} and would be {text},"
        f" `stars` is missing and would be {integer}, `level` is {text} and would be gone"
    )
    rows = TableRows(
        wanted, f"SELECT member_id, as_of, 'x' AS points, 7 AS stars FROM ({_query(*ROWS)}) AS q"
    )
    with pytest.raises(EngineError) as refused:
        session.write_tables({"kept": rows}, replace=False)
    assert refused.value.message.endswith(differs)
    assert refused.value.hint.startswith("`--replace` drops this table and makes it anew")
    assert len(_rows(session)) == 2
    session.write_tables({"kept": rows}, replace=True)
    assert _rows(session) == [("ann", "2026-01-01", "x"), ("bob", "2026-01-01", "x")]


@pytest.mark.parametrize("session", ["duckdb", "postgres"], indirect=True)
def test_all_tables_are_written_or_none(session: Session) -> None:
    session.write_tables({"kept": TableRows(COLUMNS, _query(*ROWS))}, replace=False)
    good, bad = (
        TableRows(COLUMNS, f"{_query(ROWS[0])} WHERE {condition}")
        for condition in ("points > 0", "CAST(member_id AS INT) = 1")
    )
    with pytest.raises(EngineError, match="the tables cannot be written"):
        session.write_tables({"kept": good, "log": bad}, replace=False)
    assert len(_rows(session)) == 2


@pytest.mark.parametrize(
    ("session", "made", "message"),
    [
        ("duckdb", "VIEW kept AS SELECT 1 AS one", "`main.kept` is a view, and results are tables"),
        ("postgres", "MATERIALIZED VIEW kept AS SELECT 1 AS one", ".kept` is a materialized view, and"),
        ("postgres", "TABLE kept (one INT) PARTITION BY LIST (one)", ".kept` is a partitioned table, and"),
        ("postgres", "SEQUENCE kept", ".kept` is a sequence, and results"),
    ],
    indirect=["session"],
)
def test_a_name_that_is_taken_is_found_before_anything_is_computed(
    session: Any, made: str, message: str
) -> None:
    session.execute(f"CREATE {made}")
    with pytest.raises(EngineError) as refused:
        session.check_tables({"kept": COLUMNS}, replace=True)
    assert message in refused.value.message
    assert refused.value.hint == "name other tables with `--table-prefix`"


def test_a_schema_that_does_not_exist_is_found_before_anything_is_computed(session: Session) -> None:
    with pytest.raises(EngineError, match=r"keeps its tables in memory|there is no schema `nowhere`"):
        session.check_tables({"nowhere.kept": COLUMNS}, replace=False)
    with pytest.raises(EngineError, match="there is no schema `nowhere` for the tables of results"):
        session.write_tables({"nowhere.kept": TableRows(COLUMNS, _query(*ROWS))}, replace=False)
