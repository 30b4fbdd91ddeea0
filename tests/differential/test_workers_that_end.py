"""Workers that are fed by DuckDB and end before their time: nothing is half written."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest
from workers_at_work import (
    assert_failure_is_told,
    begun,
    group_is_gone,
    needs_proc,
    posix,
    sample_in,
    state_of,
    workers_of,
)

pytestmark = posix


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return sample_in(tmp_path_factory.mktemp("sample"))


@needs_proc
@pytest.mark.parametrize("output_format", ["csv", "parquet", "table"])
def test_a_worker_killed_at_any_time_leaves_the_results_that_were_there(log, tmp_path, output_format):
    backend = f"duckdb://{tmp_path / 'results.db'}" if output_format == "table" else "duckdb"
    options = ("--output-format", output_format)
    first = begun(log, tmp_path / "out", *options, "--as-of", "2023-12-31", piece=10**6, backend=backend)
    _, errors = first.communicate(timeout=60)
    assert first.returncode in {0, 1}, errors
    before = state_of(tmp_path)
    assert len(before) == {"csv": 5, "parquet": 6, "table": 3}[output_format]  # Parquet says what it saw
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
def test_what_fails_in_a_worker_is_told_with_its_place_and_nothing_is_written(log, tmp_path):
    assert_failure_is_told(log, tmp_path / "out", "duckdb")
