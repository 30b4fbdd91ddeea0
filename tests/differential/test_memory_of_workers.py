"""The memory of a fold in workers: within `--memory-limit`, and no more for a log of many times the size."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from club_shell import club_in
from pyarrow import parquet

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="the memory of processes is looked up in /proc"
)
START = """
import pointbook_cli.evaluation.by_fold as by_fold
by_fold.LEAST_EVENTS_OF_A_WORKER, by_fold.EVENTS_OF_A_PIECE = 1, 4096
from pointbook_cli.main import main
main()
"""
LIMIT = 1000
"""MB: DuckDB gets what is left beside the command and its workers."""
FOR_DUCKDB = 230
FEW, MANY = 100_000, 400_000
MB = 1_000_000


def log_of(count, folder):
    """So many events, of 1 member for each 200, as Parquet."""
    members = count // 200
    parquet.write_table(
        pa.table(
            {
                "member_id": [f"member-{number:07}" for number in range(members)],
                "signed_up_on": [datetime(2024, 1, 1).date()] * members,  # noqa: DTZ001 - local
            }
        ),
        folder / "members.parquet",
    )
    begin, numbers = datetime(2024, 1, 1), range(count)  # noqa: DTZ001 - local
    microseconds = int((begin - datetime(1970, 1, 1)).total_seconds()) * 10**6  # noqa: DTZ001
    parquet.write_table(
        pa.table(
            {
                "event_id": [f"event-{number * 7919 % count:09}" for number in numbers],
                "member_id": [f"member-{number * 31 % members:07}" for number in numbers],
                "activity": [("visit", "gift", "review")[number % 3] for number in numbers],
                "occurred_at": pa.array(
                    [microseconds + number * 60_000_000 for number in numbers], pa.timestamp("us")
                ),
                "points": pa.array([50 if number % 3 == 2 else None for number in numbers], pa.int64()),
            }
        ),
        folder / "events.parquet",
    )


def memory_of(number):
    """What a process takes, in bytes; what it shares with others counts in parts."""
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def children_of(number):
    with suppress(OSError):
        return [
            int(child)
            for task in Path(f"/proc/{number}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    return []


def peaks_of(shell):
    """The most memory, in MB, of the command and its workers together, and of a worker."""
    log = ("--events", "events.parquet", "--members", "members.parquet", "--out", "out")
    command = ["evaluate", "club", *log, "--via", "fold", "--workers", "2", "--memory-limit", f"{LIMIT}MB"]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *command],
        cwd=shell.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    together = worker = 0
    while process.poll() is None:
        own = [memory_of(child) for child in children_of(process.pid)]
        together = max(together, memory_of(process.pid) + sum(own))
        worker = max([worker, *own])
        time.sleep(0.02)
    output = process.communicate()[0]
    assert process.returncode == 0, output
    assert "evaluated by the fold on duckdb with 2 workers" in output
    return together // MB, worker // MB


def test_memory_is_within_the_limit_and_does_not_grow_with_the_log(tmp_path):
    peaks = []
    for count in (FEW, MANY):
        (tmp_path / str(count)).mkdir()
        shell = club_in(tmp_path / str(count))
        log_of(count, shell.folder)
        peaks.append(peaks_of(shell))
    (few_together, few_worker), (many_together, many_worker) = peaks
    assert many_together < LIMIT
    assert many_worker < few_worker + 20
    assert many_together < few_together + FOR_DUCKDB, "more than DuckDB may take of the log"
