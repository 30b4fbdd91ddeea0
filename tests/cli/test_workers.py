"""`evaluate --workers`: the same files for any number, and what becomes of processes that end early."""

from __future__ import annotations

import os
import random
import re
import signal
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

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent")


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Two thousand events."""
    folder = tmp_path_factory.mktemp("sample")
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


@pytest.mark.parametrize("output_format", ["csv", "jsonl", "parquet"])
def test_two_workers_write_what_one_process_writes(log, tmp_path, output_format):
    if output_format == "parquet":
        pytest.importorskip("pyarrow")
    found = {}
    for workers, piece in (("1", 10**6), ("2", 50)):
        out = tmp_path / workers
        process = begun(log, out, "--workers", workers, "--output-format", output_format, piece=piece)
        _, errors = process.communicate(timeout=60)
        assert process.returncode in {0, 1}, errors
        assert f'"workers": {workers}' in (out / "summary.json").read_text(encoding="utf-8")
        found[workers] = files_in(out)
    assert found["1"] == found["2"]


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc"
)


@needs_proc
def test_a_killed_worker_is_named_and_nothing_is_written(log, tmp_path):
    process = begun(log, tmp_path / "out", "--workers", "2", piece=1)
    workers = workers_of(process)
    os.kill(workers[1], signal.SIGKILL)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 4
    assert re.match(
        r"error: worker \d \(process \d+\) was killed by SIGKILL\n  help: memory may have run short", errors
    )
    assert "Traceback" not in errors
    assert output == ""
    assert not (tmp_path / "out").exists()
    assert are_gone(workers)


def state_of(folder):
    """All that lies in a folder; of a database its tables, since the bytes around them may differ."""
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for database in folder.glob("*.db"):
        import duckdb  # noqa: PLC0415 - an extra

        with duckdb.connect(str(database), read_only=True) as connection:
            names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            found[str(database)] = {name: connection.table(name).fetchall() for (name,) in names}
    return found


@needs_proc
@pytest.mark.parametrize("output_format", ["csv", "parquet", "table"])
def test_a_worker_killed_at_any_time_leaves_the_results_that_were_there(log, tmp_path, output_format):
    pytest.importorskip("duckdb")
    backend = f"duckdb://{tmp_path / 'results.db'}" if output_format == "table" else "duckdb"
    options = ("--output-format", output_format)
    first = begun(log, tmp_path / "out", *options, "--as-of", "2023-12-31", piece=10**6, backend=backend)
    _, errors = first.communicate(timeout=60)
    assert first.returncode in {0, 1}, errors
    before = state_of(tmp_path)
    assert len(before) == (3 if output_format == "table" else 5)
    for number in range(2):
        process = begun(log, tmp_path / "out", *options, "--workers", "2", piece=1, backend=backend)
        workers = workers_of(process)
        time.sleep(random.uniform(0, 1))  # noqa: S311 - any time will do
        os.kill(workers[number], signal.SIGKILL)
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, output) == (4, ""), errors
        assert "was killed by SIGKILL" in errors
        assert state_of(tmp_path) == before
        assert group_is_gone(process.pid)


@needs_proc
@pytest.mark.parametrize("backend", ["python", "duckdb"])
def test_what_fails_in_a_worker_is_told_with_its_place_and_nothing_is_written(log, tmp_path, backend):
    if backend == "duckdb":
        pytest.importorskip("duckdb")
    further = f"sys.path.append({str(Path(__file__).parent)!r})\n"
    further += "from work_that_fails import for_bytes\nby_fold.for_bytes = for_bytes"
    process = begun(log, tmp_path / "out", "--workers", "2", backend=backend, further=further)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (4, "")
    assert re.match(r"in worker \d \(process \d+\):\nTraceback ", errors)
    assert 'work_that_fails.py", line ' in errors
    assert "\nZeroDivisionError: the third piece\ninternal error in pointbook " in errors
    assert not (tmp_path / "out").exists()
    assert group_is_gone(process.pid)


@needs_proc
@pytest.mark.parametrize("delay", [0, 0.3])
def test_ctrl_c_ends_all_at_once(log, tmp_path, delay):
    process = begun(log, tmp_path / "out", "--workers", "2", piece=1)
    workers = workers_of(process)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors.strip()) == (130, "", "stopped; nothing was written")
    assert not (tmp_path / "out").exists()
    assert are_gone(workers, 0.5)


@needs_proc
def test_a_stopped_command_ends_its_workers(log, tmp_path):
    process = begun(log, tmp_path / "out", "--workers", "2", piece=1)
    workers = workers_of(process)
    process.terminate()
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (143, "", "")
    assert not (tmp_path / "out").exists()
    assert are_gone(workers, 0.5)


@needs_proc
def test_workers_end_by_themselves_where_the_command_was_killed(log, tmp_path):
    process = begun(log, tmp_path / "out", "--workers", "2", piece=1)
    workers = workers_of(process)
    process.kill()
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert are_gone(workers)
