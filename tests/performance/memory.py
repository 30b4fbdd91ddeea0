"""What `evaluate` takes of memory: `python tests/performance/memory.py [--events N]`.

    all processes of evaluate on DuckDB with --memory-limit 500MB / 700 MB

Half of the events are rejects: of unknown members, rows that are there already, and bad values, in equal
parts. They come as Parquet; with `--python` the python backend reads them too, as CSV, which is only told.
Needs the extra `duckdb` and Linux. Exit code 1 if the peak is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from evaluate import COMMAND, RULES, sampled

LIMIT, MOST = "500MB", 700_000_000
_OF_EACH_WAY = ("plan", "fold")
_OF_SAMPLE = 100_000
_POLLS_A_SECOND = 20


def half_rejected(folder: Path, events: int) -> dict[str, list[str]]:
    """A log with so many events, as the options that name it, by its format."""
    options = sampled(folder / "sample", "parquet", _OF_SAMPLE)
    copies = -(-events // _OF_SAMPLE)
    kinds = f"""
        SELECT * REPLACE (
            CASE WHEN kind = 1 AND n < {copies // 2 or 1} AND copy % 6 = 1 THEN event_id || '-' || (copy - 1)
                 ELSE event_id || '-' || copy END AS event_id,
            CASE WHEN copy % 6 = 3 THEN member_id || '?' ELSE member_id END AS member_id,
            CASE WHEN copy % 6 = 5 THEN 'soon' ELSE CAST(occurred_at AS VARCHAR) END AS occurred_at)
        FROM rows
    """
    del kinds
    query = f"""
        SELECT * REPLACE (
            event_id || '-' || CASE WHEN copy % 6 = 1 THEN copy - 1 ELSE copy END AS event_id,
            CASE WHEN copy % 6 = 3 THEN member_id || '?' ELSE member_id END AS member_id,
            CASE WHEN copy % 6 = 5 THEN 'soon' ELSE CAST(occurred_at AS VARCHAR) END AS occurred_at)
        FROM read_parquet('{options[3]}'), range({copies}) AS copies(copy) LIMIT {events}
    """
    query = query.replace("SELECT * REPLACE", "SELECT * EXCLUDE (copy) REPLACE")
    found = {}
    for form in ("parquet", "csv"):
        path = folder / f"half.{form}"
        duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT {form})")
        found[form] = ["--members", options[1], "--events", str(path)]
    return found


def peak_of(command: list[str]) -> tuple[int, float]:
    """The most bytes that a command has with all its processes, shared ones counted once, and its seconds."""
    begun, most = time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            most = max(most, sum(map(_bytes_of, _tree(process.pid))))
            time.sleep(1 / _POLLS_A_SECOND)
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        assert process.returncode in {0, 1}, errors  # 1: the log has rejects
    return most, time.perf_counter() - begun


def _tree(pid: int) -> list[int]:
    """A process and all that it began."""
    found = [pid]
    for parent in found:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:
                continue
    return found


def _bytes_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--python", action="store_true", help="also tell what the python backend takes")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the peaks are")
    options = parser.parse_args()
    missed = 0
    print("| backend | from | seconds | peak, MB | at most |\n|---|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = half_rejected(folder, options.events)
        runs = [(f"duckdb, {way}", "parquet", ["--backend", "duckdb", "--via", way, "--memory-limit", LIMIT]) for way in _OF_EACH_WAY]
        runs += [("duckdb, plan", "csv", runs[0][2])]
        runs += [("python", "csv", ["--backend", "python"])] if options.python else []
        for title, form, chosen in runs:
            out = folder / "out"
            most, seconds = peak_of([*COMMAND, "evaluate", str(RULES), *logs[form], "--out", str(out), "--workers", "1", *chosen])
            is_bounded = "duckdb" in title
            missed += is_bounded and most > MOST
            print(f"| {title} | {form} | {seconds:.0f} | {most / 1e6:.0f} | {MOST / 1e6 if is_bounded else ''} |", flush=True)
            counts = json.loads((out / "summary.json").read_text())["counts"]
            assert counts["events_read"] == options.events
            print(counts["rejects"], file=sys.stderr)
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
