"""What `evaluate --update` costs: `python tests/performance/updating.py [--events N] [--postgres URL]`.

    an update in which one member in a hundred has a new row / a full run, by processor time and the clock

for Parquet by DuckDB, of rules that the plan has and by the fold, with all rows in one file, and with new
ones in a further one. With --postgres also for tables of that server, where new rows are added to the log's
table, and where another table has all; its own processes are not counted, so that the clock counts there.
With --loaded-at instead, updates of tables that look at new rows only stand beside those that look at all, in
DuckDB, and with --postgres there.
Needs the extra `duckdb`.
Exit code 1 if a ratio is above a tenth, unless --report-only.
"""

# ruff: noqa: S608 - queries are put together from names made here

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import duckdb
from server_tables import put_table

RULES = Path(__file__).resolve().parents[2] / "rules" / "dataminer-devops"
COMMAND = [sys.executable, "-m", "pointbook_cli"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
AS_OF = "2026-11-30"
MOST = 0.1


class Cost(NamedTuple):
    """Of a command, with all its processes, in seconds."""

    clock: float
    processors: float


def run(*arguments: str) -> Cost:
    """Run the command; its log may have rejects."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*COMMAND, *arguments], check=False, capture_output=True, env=ENVIRONMENT)
    assert done.returncode in {0, 1}, done.stderr.decode()
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def sample(folder: Path, events: int) -> None:
    """A log before, and one in which one member in a hundred has a further row."""
    size = ["--members", str(max(100, events // 50)), "--events", str(events)]
    run("sample", str(RULES), "--out", str(folder), "--output-format", "parquet", *size)
    before, after = folder / "events.parquet", folder / "after.parquet"
    new = (
        f"SELECT * REPLACE ('new-' || event_id AS event_id) FROM '{before}'"
        f" SEMI JOIN '{folder}/members.parquet' USING (member_id) WHERE hash(member_id) % 100 = 0"
        " QUALIFY ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY event_id) = 1"
    )
    duckdb.sql(f"COPY (SELECT * FROM '{before}' UNION ALL ({new})) TO '{after}' (FORMAT parquet)")
    (folder / "nights").mkdir()
    (folder / "nights/before.parquet").hardlink_to(before)
    duckdb.sql(f"COPY ({new}) TO '{folder}/nights/new.parquet' (FORMAT parquet)")


def parquet(folder: Path, via: str, events: str = "after.parquet") -> tuple[Cost, Cost]:
    """What the update costs, and the full run, in files."""
    members = ("evaluate", str(RULES), "--members", str(folder / "members.parquet"), "--as-of", AS_OF)
    form = ("--output-format", "parquet", "--via", via)
    out, full = folder / f"out-{via}", folder / f"full-{via}"
    run(*members, *form, "--events", str(folder / "events.parquet"), "--out", str(out))
    log = ("--events", str(folder / events), "--out")
    update = run(*members, *form[:2], *log, str(out), "--update")
    whole = run(*members, *form, *log, str(full))
    assert "update" in json.loads((out / "summary.json").read_text())["evaluated"]
    for name in ("ledger", "standings", "history", "rejects", "seen"):
        assert (out / f"{name}.parquet").read_bytes() == (full / f"{name}.parquet").read_bytes(), name
    return update, whole


def tables(folder: Path, url: str, *, anew: bool = False) -> tuple[Cost, Cost]:
    """The same in tables of a server, where the log lies too; `anew`, its table is another one each night."""
    import psycopg  # noqa: PLC0415 - an extra

    with psycopg.connect(url, autocommit=True) as server, duckdb.connect() as connection:
        for name in ("members", "events", "after"):
            put_table(server, name, connection, f"FROM '{folder}/{name}.parquet'", folder)
    form = ("--backend", url, "--output-format", "table", "--as-of", AS_OF, "--members", "table:members")
    own = ("evaluate", str(RULES), *form, "--out", str(folder / "tables"))
    run(*own, "--events", "table:events", "--full", "--update")
    log = ("--events", "table:after" if anew else "table:events")
    if not anew:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("INSERT INTO events SELECT * FROM after WHERE event_id LIKE 'new-%'")
    update = run(*own, *log, "--update")
    assert "update" in json.loads((folder / "tables/summary.json").read_text())["evaluated"]
    return update, run(*own, *log, "--table-prefix", "whole_")


def loaded_at(folder: Path, url: str) -> tuple[Cost, Cost, Cost]:
    """What updates of tables cost that look at new rows only, those that look at all, and the full run."""
    create = "CREATE TABLE arrivals AS SELECT *, 2 AS loaded_at FROM {0} AS a WHERE event_id LIKE 'new-%'"
    old = "INSERT INTO arrivals SELECT *, 1 FROM {0} AS a WHERE event_id NOT LIKE 'new-%'"
    later = "DELETE FROM arrivals WHERE loaded_at = 2", "INSERT INTO arrivals SELECT * FROM later"
    keep = "CREATE TABLE later AS SELECT * FROM arrivals WHERE loaded_at = 2"
    if url.startswith("duckdb://"):
        file = url.removeprefix("duckdb://")
        source, members = f"'{folder}/after.parquet'", ("--members", str(folder / "members.parquet"))

        def execute(*statements: str) -> None:
            with duckdb.connect(file) as connection:
                for statement in statements:
                    connection.execute(statement)
    else:
        import psycopg  # noqa: PLC0415 - an extra

        source, members = "after", ("--members", "table:members")

        def execute(*statements: str) -> None:
            with psycopg.connect(url, autocommit=True) as server:
                for statement in statements:
                    server.execute(statement)

    execute(create.format(source), keep, later[0], old.format(source))
    every = "query:SELECT event_id, member_id, activity, occurred_at, points, days, released_on FROM arrivals"
    own = ("evaluate", str(RULES), "--backend", url, "--output-format", "table", "--as-of", AS_OF, *members)
    new = (*own, "--events", "table:arrivals", "--loaded-at", "loaded_at", "--out", str(folder / "new"))
    all_rows = (*own, "--events", every, "--out", str(folder / "every"), "--table-prefix", "every_")
    run(*new, "--table-prefix", "new_")
    run(*all_rows)
    execute(later[1])
    update = run(*new, "--table-prefix", "new_", "--update")
    plain = run(*all_rows, "--update")
    whole = run(*new[:-1], str(folder / "full"), "--table-prefix", "full_")
    summaries = {
        name: json.loads((folder / name / "summary.json").read_text()) for name in ("new", "every", "full")
    }
    evaluated = {name: summary.pop("evaluated") for name, summary in summaries.items()}
    assert evaluated["new"]["update"] == evaluated["every"]["update"]
    assert summaries["new"] == summaries["every"] == summaries["full"]
    return update, plain, whole


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--postgres", metavar="URL", help="a server with tables of its own for this")
    parser.add_argument("--loaded-at", action="store_true")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sample(folder, options.events)
        if options.loaded_at:
            urls = {"DuckDB": f"duckdb://{folder}/tables.db", "PostgreSQL": options.postgres}
            print(
                "| seconds by the clock | update of new rows | update of all | full run |\n|---|---|---|---|"
            )
            for title, url in urls.items():
                if url is not None:
                    if title == "PostgreSQL":
                        tables(folder, url)
                    costs = " | ".join(f"{cost.clock:.1f}" for cost in loaded_at(folder, url))
                    print(f"| {title}, {options.events:,} events | {costs} |")
            return 0
        found = {f"Parquet, full run by the {via}": parquet(folder, via) for via in ("plan", "fold")}
        found["Parquet, new rows in a file of their own"] = parquet(folder, "plan", "nights")
        if options.postgres is not None:
            found["tables of PostgreSQL"] = tables(folder, options.postgres)
            found["tables of PostgreSQL, the log in one made anew"] = tables(
                folder, options.postgres, anew=True
            )
    print("| update / full run | by processor time | by the clock | seconds |\n|---|---|---|---|")
    missed = 0
    for title, (update, whole) in found.items():
        ratios = update.processors / whole.processors, update.clock / whole.clock
        missed += ratios[1 if "tables" in title else 0] > MOST
        shown = " | ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"| {title}, {options.events:,} events | {shown} | {update.clock:.1f} / {whole.clock:.1f} |")
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
