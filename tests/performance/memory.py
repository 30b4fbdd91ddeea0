"""What `evaluate` takes of memory: `python tests/performance/memory.py [--events N]`.

    all processes of evaluate on DuckDB with --memory-limit 500MB / 700 MB

Half of the events are rejects, in equal parts: rows that are there already or have the id of another, of
unknown members, and without an activity. They come as Parquet, to the plan as CSV too; with `--python` the
python backend reads that, which is only told.
Needs the extra `duckdb` and Linux. Exit code 1 if the peak is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from evaluate import COMMAND, RULES, sampled

LIMIT, MOST = "500MB", 700_000_000
_MOST_OF_SAMPLE = 100_000
_KINDS = 6  # of a copy's rows: every second kind is rejected
_POLLS_A_SECOND = 20


def half_rejected(folder: Path, events: int) -> dict[str, list[str]]:
    """A log with so many events, as the options that name it, by its format."""
    of_sample = min(_MOST_OF_SAMPLE, -(-events // _KINDS))
    options = sampled(folder / "sample", "parquet", of_sample)
    copies = -(-events // of_sample)
    query = f"""
        SELECT * EXCLUDE (copy) REPLACE (
            event_id || '-' || CASE WHEN copy % {_KINDS} = 1 THEN copy - 1 ELSE copy END AS event_id,
            CASE WHEN copy % {_KINDS} = 3 THEN member_id || '?' ELSE member_id END AS member_id,
            CASE WHEN copy % {_KINDS} = 5 THEN '' ELSE activity END AS activity)
        FROM read_parquet('{options[3]}'), range({copies}) AS copies(copy) LIMIT {events}
    """  # noqa: S608 - names made here
    found = {}
    duckdb.execute("SET TimeZone = 'UTC'")
    for form, ending in (("parquet", ""), ("csv", ", TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'")):
        path = folder / f"half.{form}"
        duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT {form}{ending})")
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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--via", choices=("plan", "fold"), action="append", help="only this way of DuckDB")
    parser.add_argument("--python", action="store_true", help="also tell what the python backend takes")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the peaks are")
    options = parser.parse_args()
    missed = 0
    print("| backend | from | seconds | peak, MB | at most |\n|---|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = half_rejected(folder, options.events)
        duckdb_with = ["--backend", "duckdb", "--memory-limit", LIMIT, "--via"]
        runs = [(f"duckdb, {way}", "parquet", [*duckdb_with, way]) for way in options.via or ("plan", "fold")]
        if options.via is None:
            runs.append(("duckdb, plan", "csv", [*duckdb_with, "plan"]))
        runs += [("python", "csv", ["--backend", "python"])] if options.python else []
        for title, form, chosen in runs:
            out = folder / f"{title}, {form}"
            most, seconds = peak_of(
                [*COMMAND, "evaluate", str(RULES), *logs[form], "--out", str(out), *chosen]
            )
            is_bounded = "duckdb" in title
            missed += is_bounded and most > MOST
            at_most = f"{MOST / 1e6:.0f}" if is_bounded else ""
            counts = json.loads((out / "summary.json").read_text(encoding="utf-8"))["counts"]
            assert counts["events_read"] == options.events, counts
            assert 2 * counts["rejects"] >= options.events - 1, counts
            print(f"| {title} | {form} | {seconds:.0f} | {most / 1e6:.0f} | {at_most} |", flush=True)
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
