"""Databases that are no backends are told with the way to their rows."""

from __future__ import annotations

import pytest

from pointbook_cli.backends import backend_from

EXPORT = "export its tables as Parquet or CSV, and give these to --events and --members"
QUERY = "`pointbook sql PROGRAM --dialect {} --as-of DATE` prints the rules as a query for it; or " + EXPORT


OF_SQLITE = "of SQLite, export its tables:"
FILE = "`sqlite3 -header -csv {} 'SELECT * FROM events' > events.csv`"


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("snowflake://ann:secret@account/club", f"Snowflake is none: {QUERY.format('snowflake')}"),
        ("bigquery://project", f"BigQuery is none: {QUERY.format('bigquery')}"),
        ("databricks+connector://token:secret@host", f"Databricks is none: {QUERY.format('spark')}"),
        ("md:club", f"MotherDuck is none: {QUERY.format('duckdb')}"),
        ("duckdb://md:club", f"MotherDuck is none: {QUERY.format('duckdb')}"),
        ("duckdb:///md:club?motherduck_token=x", f"MotherDuck is none: {QUERY.format('duckdb')}"),
        ("redshift+psycopg2://ann:secret@host/club", f"Redshift is none: {EXPORT}"),
        ("trino://ann@host/club", f"Trino is none: {EXPORT}"),
        ("mysql+pymysql://ann:secret@host/club", f"MySQL is none: {EXPORT}"),
        (
            "sqlite:///a b.db",
            f"SQLite is none: export its tables: {FILE.format(chr(39) + 'a b.db' + chr(39))}",
        ),
        (
            "postgresql+psycopg2://ann:secret@host/club",
            "drivers are not named here: write `postgresql://user@host/database`",
        ),
        (
            "jdbc:postgresql://host/club",
            "drivers are not named here: write `postgresql://user@host/database`",
        ),
        (
            "service=club",
            "settings go into a URL: `postgresql://?service=NAME`, or `postgresql://user@host/database`",
        ),
        ("club.duckdb", "a file of DuckDB is named `duckdb://club.duckdb`"),
        ("duckdb:club.ddb", "a file of DuckDB is named `duckdb://club.ddb`"),
        (
            "club.db",
            f"a file of DuckDB is named `duckdb://club.db`; {OF_SQLITE} {FILE.format('club.db')}",
        ),
    ],
)
def test_what_is_no_backend_is_told_with_the_way(text: str, way: str) -> None:
    with pytest.raises(ValueError, match="is not a backend") as error:
        backend_from(text)
    assert str(error.value) == f"'{text.replace('secret', '***')}' is not a backend; {way}"


@pytest.mark.parametrize("text", ["duckdb://club.db", "postgresql://?service=club", "postgres://h/d"])
def test_backends_are_not_taken_for_others(text: str) -> None:
    assert backend_from(text).kind in {"duckdb", "postgresql"}
