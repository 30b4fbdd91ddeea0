"""Warehouses of a test's own: tables put there, packages written and built, results read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

import duckdb
import psycopg
from this_process import run_here

from pointbook.model.tables import rows_of
from pointbook.relational.engines.postgres_session import PostgresSession

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from urllib.parse import SplitResult

DBT = Path(__file__).parents[2] / "build/dbt/bin/dbt"
_SETTINGS = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "False", "DBT_USE_COLORS": "False", "NO_COLOR": "1"}


class Warehouse:
    """A warehouse in a folder of the test's.

    Attributes:
        dialect: What its SQL is called.
        backend: Its URL.
        profile: How dbt reaches it.
        any_case: A collation that takes capital letters for small ones.
    """

    dialect: str
    backend: str
    profile: Mapping[str, Any]
    any_case: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "package"

    def run(self, *statements: str) -> None:
        """Run statements."""
        raise NotImplementedError

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, with cells as JSON has them."""
        raise NotImplementedError

    def load(self, name: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Put a table there."""
        columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
        self.run(f'CREATE TABLE "{name}" ({columns})', f'INSERT INTO "{name}" VALUES {values}')  # noqa: S608 - ours

    def write_package(self, program: Path, *options: str) -> None:
        """`pointbook sql --dbt`."""
        options = (*options, "--dialect", self.dialect, "--dbt", str(self.package))
        code, _, err = run_here(("sql", str(program), *options), self.folder)
        assert code == 0, err.decode()

    def dbt(self, *arguments: str) -> tuple[int, str]:
        """Exit code of `dbt`, and what it said."""
        settings = {"pointbook": {"target": "test", "outputs": {"test": self.profile}}}
        (self.folder / "profiles.yml").write_text(json.dumps(settings), encoding="utf-8")
        done = subprocess.run(
            [DBT, *arguments, "--project-dir", self.package, "--profiles-dir", self.folder],
            cwd=self.folder,
            env=os.environ | _SETTINGS,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def evaluated(self, program: Path, as_of: str) -> dict[str, list[tuple[Any, ...]]]:
        """The results of `evaluate` over the same tables, their rows in any order."""
        out = self.folder / f"out-{as_of}"
        done = subprocess.run(  # a process of its own, which lets go of the file
            [
                *(sys.executable, "-m", "pointbook_cli", "evaluate", str(program), "--out", str(out)),
                *("--backend", self.backend, "--events", "table:events", "--members", "table:members"),
                *("--as-of", as_of, "--output-format", "jsonl", "--max-rejected", "100%"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        results = {}
        for name in ("ledger", "standings", "history", "rejects"):
            lines = (out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            results[name] = [tuple(json.loads(line).values()) for line in lines]
        return results


class DuckDBFile(Warehouse):
    """A file of DuckDB."""

    dialect = "duckdb"
    any_case = "NOCASE"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._file = folder / "warehouse.duckdb"
        self.backend = f"duckdb://{self._file}"
        self.profile = {"type": "duckdb", "path": str(self._file), "threads": 1}

    def run(self, *statements: str) -> None:
        with duckdb.connect(str(self._file)) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self._file)) as connection:
            return _rows_of(connection.sql(query).to_arrow_reader())


class PostgreSQLSchema(Warehouse):
    """A schema of a PostgreSQL server, which goes at the end."""

    dialect = "postgres"
    any_case = "any_case"

    def __init__(self, folder: Path, url: str, parts: SplitResult) -> None:
        super().__init__(folder)
        self._schema = "dbt_" + "".join(letter for letter in folder.name.lower() if letter.isalnum())[-40:]
        self.backend = f"{url}?options={quote(f'-csearch_path={self._schema}')}"
        self.profile = {
            "type": "postgres",
            "host": parts.hostname,
            "port": parts.port,
            "user": parts.username,
            "password": parts.password,
            "dbname": parts.path.strip("/"),
            "schema": self._schema,
            "threads": 1,
        }
        self._url = url

    def __enter__(self) -> Self:
        self._execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE", f"CREATE SCHEMA {self._schema}")
        made_of = "provider = icu, locale = 'und-u-ks-level2', deterministic = false"
        self.run(f"CREATE COLLATION {self.any_case} ({made_of})")
        return self

    def __exit__(self, *_: object) -> None:
        self._execute(f"DROP SCHEMA {self._schema} CASCADE")

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def run(self, *statements: str) -> None:
        self._execute(f"SET search_path TO {self._schema}", *statements)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.backend, autocommit=True) as connection:
            return _rows_of(PostgresSession(connection).rows(query))


def _rows_of(batches: Any) -> list[tuple[Any, ...]]:
    return [row for rows in rows_of(batches) for row in rows]


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return "'" + str(value).replace("'", "''") + "'"
