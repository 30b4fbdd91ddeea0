"""Databases that are no backends, each with the way to its rows."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DIALECTS = {
    "snowflake": ("Snowflake", "snowflake"),
    "bigquery": ("BigQuery", "bigquery"),
    "databricks": ("Databricks", "spark"),
    "hive": ("Hive", "spark"),
    "hive2": ("Hive", "spark"),
    "md": ("MotherDuck", "duckdb"),
    "motherduck": ("MotherDuck", "duckdb"),
}
"""By scheme, the name of a warehouse and the dialect of `pointbook sql` that it runs."""

_OTHERS = {
    "redshift": "Redshift",
    "trino": "Trino",
    "presto": "Presto",
    "athena": "Athena",
    "awsathena": "Athena",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
    "sqlserver": "SQL Server",
    "synapse": "Synapse",
    "oracle": "Oracle",
    "clickhouse": "ClickHouse",
    "teradata": "Teradata",
    "db2": "Db2",
    "mongodb": "MongoDB",
}
_SQLITE = b"SQLite format 3\0"
_EXPORT = "export its tables as Parquet or CSV, and give these to --events and --members"
_MOTHERDUCK = re.compile(r"(?:duckdb:(?://)?/?)?(md|motherduck):(?!//)", re.IGNORECASE)
_DUCKDB_FILES, _SQLITE_FILES = (".duckdb", ".ddb"), (".db", ".sqlite", ".sqlite3", ".db3")


def way_to(text: str) -> str | None:
    """How the database that was named as a backend is used, or how the right backend is written.

    None where nothing is known of it.

    Args:
        text: As it was typed.
    """
    return next(_ways(text), None)


def _ways(text: str) -> Iterator[str]:
    motherduck = _MOTHERDUCK.match(text) is not None
    head, separator, rest = text.partition("://")
    scheme = "md" if motherduck else head.removeprefix("jdbc:").partition("+")[0].lower()
    if separator or motherduck:
        if scheme in _DIALECTS:
            name, dialect = _DIALECTS[scheme]
            query = (
                f"`pointbook sql PROGRAM --dialect {dialect} --as-of DATE` prints the rules as a query for it"
            )
            yield f"{name} is none: {query}; or {_EXPORT}"
        if scheme in _OTHERS:
            yield f"{_OTHERS[scheme]} is none: {_EXPORT}"
        if scheme == "sqlite":
            yield f"SQLite is none: {_of_sqlite(rest.removeprefix('/') or 'FILE')}"
        if scheme in {"postgresql", "postgres"} and head != scheme:
            yield "drivers are not named here: write `postgresql://user@host/database`"
        return
    file = text.removeprefix("duckdb:").removeprefix("sqlite:")
    if re.match(r"(service|host|hostaddr|dbname|user|port|password)=", text):
        yield "settings go into a URL: `postgresql://?service=NAME`, or `postgresql://user@host/database`"
    if file.lower().endswith(_DUCKDB_FILES):
        yield f"a file of DuckDB is named `duckdb://{file}`"
    if file.lower().endswith(_SQLITE_FILES):
        yield f"a file of DuckDB is named `duckdb://{file}`; of SQLite, {_of_sqlite(file)}"


def refuse_sqlite(file: Path, shown: str) -> None:
    """Refuse a file of SQLite, for which DuckDB would fetch an extension.

    Raises:
        InputError: It is one.
    """
    try:
        with file.open("rb") as stream:
            is_sqlite = stream.read(len(_SQLITE)) == _SQLITE
    except OSError:  # DuckDB says why
        return
    if is_sqlite:
        raise InputError(shown, "this is a file of SQLite, which is no backend", _of_sqlite(str(file)))


def _of_sqlite(file: str) -> str:
    command = ("sqlite3", "-header", "-csv", file, "SELECT * FROM events")
    return f"export its tables: `{shlex.join(command)} > events.csv`"
