"""`evaluate` in small pieces, as a process of its own with its workers, and what becomes of these."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "rules" / "dataminer-devops"
START = """
import sys
import pointbook_cli.evaluation.by_fold as by_fold
by_fold.LEAST_EVENTS_OF_A_WORKER, by_fold.EVENTS_OF_A_PIECE = 1, {piece}
{further}
from pointbook_cli.main import main
main()
"""
"""The command, with small pieces; it has no file, as in a notebook."""

posix = pytest.mark.skipif(os.name != "posix", reason="signals are sent")
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc"
)


def sample_in(folder):
    """The folder, with a log of two thousand events in it."""
    command = [
        "sample",
        str(RULES),
        "--out",
        str(folder),
        "--members",
        "40",
        "--events",
        "2000",
        "--seed",
        "3",
    ]
    subprocess.run([sys.executable, "-m", "pointbook_cli", *command], check=True, stdout=subprocess.DEVNULL)
    return folder


def begun(log, out, *options, piece=50, backend="python", further=""):
    command = ["evaluate", str(RULES), "--events", str(log / "events.csv")]
    command += ["--members", str(log / "members.csv"), "--out", str(out)]
    command += ["--backend", backend, "--via", "fold", *options]
    return subprocess.Popen(
        [sys.executable, "-c", START.format(piece=piece, further=further), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "summary.json"}


def processes():
    """Those that run: number, number of the parent, and number of the group of each."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, group = status.read_text().rpartition(")")[2].split()[:3]
            if state != "Z":
                yield int(status.parent.name), int(parent), int(group)


def children_of(number):
    """The workers of a process; a process of Python's own, which tracks what they share, is not one."""
    found = []
    for child, parent, _ in processes():
        with suppress(OSError):
            if parent == number and b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def group_is_gone(number, seconds=10):
    """Whether no process runs that a command has begun, or will not in so many seconds."""
    end = time.monotonic() + seconds
    while any(group == number for _, _, group in processes()):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def workers_of(process):
    """Its workers, once there are two and they have begun to work."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if len(found := children_of(process.pid)) == 2:
            return found
        time.sleep(0.01)
    raise AssertionError("no workers")


def are_gone(numbers, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(Path(f"/proc/{number}").exists() for number in numbers):
            return True
        time.sleep(0.02)
    return False


def state_of(folder):
    """All that lies in a folder; of a database its tables, since the bytes around them may differ."""
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for database in folder.glob("*.db"):
        import duckdb  # noqa: PLC0415 - an extra

        with duckdb.connect(str(database), read_only=True) as connection:
            names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            found[str(database)] = {name: connection.table(name).fetchall() for (name,) in names}
    return found


def assert_failure_is_told(log, out, backend):
    """What fails in a worker is told with its place, and nothing is written."""
    further = f"sys.path.append({str(Path(__file__).parent)!r})\n"
    further += "from work_that_fails import for_bytes\nby_fold.for_bytes = for_bytes"
    process = begun(log, out, "--workers", "2", backend=backend, further=further)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (4, "")
    assert re.match(r"  in worker \d \(process \d+\):\n  Traceback ", errors), errors
    assert 'work_that_fails.py", line ' in errors
    assert "\n  ZeroDivisionError: the third piece\ninternal error in pointbook " in errors
    assert not (out).exists()
    assert group_is_gone(process.pid)
