"""`evaluate --workers`: the same files for any number, and what becomes of processes that end early."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest
from workers_at_work import (
    are_gone,
    assert_failure_is_told,
    begun,
    files_in,
    needs_proc,
    posix,
    sample_in,
    workers_of,
)

pytestmark = posix


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return sample_in(tmp_path_factory.mktemp("sample"))


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


@needs_proc
def test_what_fails_in_a_worker_is_told_with_its_place_and_nothing_is_written(log, tmp_path):
    assert_failure_is_told(log, tmp_path / "out", "python")


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
