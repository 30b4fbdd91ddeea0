"""Whether many nightly updates equal full runs: `python tests/performance/nights.py [--nights N]`.

A log of four years comes in night by night. Most events come on their day, some weeks later; some are
corrected after they came, some go again, some ids are used by another member for a while; members come with
their sign-up. Days without a run, two runs on a day, anniversaries, years and versions come by themselves.
After every so manieth update, and the last, a full run of the same log must come to the same bytes; with
--postgres, where the log and the results are tables, to the same rows. Needs the extra `duckdb`. Exit code 1
where they differ.
"""

# ruff: noqa: S608 - queries are put together from names made here

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from server_tables import put_table

from pointbook_cli.main import exit_code_of

RULES = Path(__file__).resolve().parents[2] / "rules" / "dataminer-devops"
FIRST, LAST = date(2022, 10, 1), date(2026, 12, 1)
RESULTS = ("ledger", "standings", "history", "rejects", "seen")
NIGHTLY = """
SELECT event_id, member_id, activity, occurred_at,
       CASE WHEN h % 40 = 3 AND night >= came + 5 THEN points + 1 ELSE points END AS points, days, released_on
FROM (SELECT *, hash(event_id) AS h, CAST({day} AS INTEGER) AS night FROM log)
WHERE came <= night AND NOT (h % 40 = 7 AND night >= came + 200)
UNION ALL
SELECT event_id, other, activity, occurred_at, points, days, released_on
FROM log WHERE hash(event_id) % 40 = 11 AND {day} BETWEEN came + 9 AND came + 12
"""


def run(*arguments: str) -> None:
    """Run the command in this process; its log may have rejects."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = exit_code_of(list(arguments))
    assert code in {0, 1}, err.getvalue()


class Files:
    """Logs and results in files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.log = ("--events", str(folder / "nightly.parquet"), "--members", str(folder / "come.parquet"))

    def put(self, connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
        """Write the log's rows."""
        connection.execute(f"COPY ({query}) TO '{self._folder / name}.parquet'")

    def to(self, name: str) -> tuple[str, ...]:
        """Options for where results go."""
        return ("--out", str(self._folder / name), "--output-format", "parquet")

    def found(self, name: str, result: str) -> Any:
        """Results as they can be compared."""
        return (self._folder / name / f"{result}.parquet").read_bytes()


class Tables:
    """Logs and results in tables of PostgreSQL."""

    log = ("--events", "table:nightly", "--members", "table:come")

    def __init__(self, folder: Path, url: str) -> None:
        import psycopg  # noqa: PLC0415 - an extra

        self._folder, self._url = folder, url
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=None)
        for prefix in ("own", "full"):
            for name in (*RESULTS, "runs"):
                self._connection.execute(f"DROP TABLE IF EXISTS {prefix}_{name}".encode())

    def put(self, connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
        """Write the log's rows."""
        put_table(self._connection, name, connection, query, self._folder)

    def to(self, name: str) -> tuple[str, ...]:
        """Options for where results go."""
        out = ("--out", str(self._folder / name), "--output-format", "table", "--backend", self._url)
        return (*out, "--table-prefix", f"{name}_")

    def found(self, name: str, result: str) -> Any:
        """Results as they can be compared."""
        return sorted(
            self._connection.execute(f"SELECT * FROM {name}_{result}".encode()).fetchall(), key=repr
        )


def put_log(folder: Path, connection: duckdb.DuckDBPyConnection, size: tuple[str, ...]) -> None:
    """A log, with the number of the day on which each event comes, and another member."""
    run("sample", str(RULES), "--out", str(folder), "--output-format", "parquet", *size)
    late = "CASE WHEN hash(event_id) % 20 = 0 THEN hash(e.member_id) % 60 ELSE hash(event_id) % 2 END"
    came = f"CAST(occurred_at::DATE - DATE '{FIRST}' + {late} AS INTEGER)"
    connection.execute(
        f"CREATE TABLE log AS SELECT e.*, {came} AS came,"
        f" m.member_id AS other FROM '{folder}/events.parquet' AS e POSITIONAL JOIN"
        f" (SELECT member_id FROM '{folder}/members.parquet', range(1000)) AS m WHERE e.event_id IS NOT NULL"
    )


def main() -> int:
    """Live through the nights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nights", type=int, default=2000)
    parser.add_argument("--every", type=int, default=100, metavar="N", help="compare after every Nth update")
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--events", type=int, default=12_000)
    parser.add_argument("--postgres", metavar="URL", help="a server with tables of its own for this")
    options = parser.parse_args()
    begun, ways = time.perf_counter(), Counter[str]()
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        folder = Path(name)
        place = Files(folder) if options.postgres is None else Tables(folder, options.postgres)
        put_log(folder, connection, ("--members", str(options.members), "--events", str(options.events)))
        for night in range(1, options.nights + 1):
            day = (LAST - FIRST).days * night // options.nights
            as_of = FIRST + timedelta(day)
            place.put(connection, "nightly", NIGHTLY.format(day=day))
            members = f"SELECT * FROM '{folder}/members.parquet' WHERE signed_up_on <= DATE '{as_of}'"
            place.put(connection, "come", members)
            own = ("evaluate", str(RULES), *place.log, "--as-of", as_of.isoformat(), "--via", "fold")
            run(*own, *place.to("own"), "--update")
            evaluated = json.loads((folder / "own/summary.json").read_text())["evaluated"]
            ways["updates" if "update" in evaluated else "full runs"] += 1
            if night % options.every and night != options.nights:
                continue
            run(*own, *place.to("full"))
            for result in RESULTS:
                if place.found("own", result) != place.found("full", result):
                    print(f"night {night}, {as_of}: {result} is another than that of a full run")
                    return 1
            seconds = time.perf_counter() - begun
            print(
                f"night {night:,}, {as_of}: equal to a full run; {dict(ways)} in {seconds:.0f} s", flush=True
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
