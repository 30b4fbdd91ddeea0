"""A server of Spark Connect, in a process of its own: the same results, and what goes wrong in words."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")
pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

from club_shell import Finished, club_in
from spark_cluster import HOME, ended, free_port, wait_for

from conftest import missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from club_shell import Shell

SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"
RESULTS = ("ledger", "standings", "history", "rejects")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, int]]:
    """The URL of a server, and its process."""
    if find_spec("grpc_status") is None:
        missing("`pyspark[connect]` is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        missing("Spark needs Java")
    port = free_port()
    settings = {
        "spark.connect.grpc.binding.port": str(port),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        # As for the other tests: compiling a query of a handful of rows costs more than running it.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    words = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    own = {"SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    with (folder / "server.log").open("wb") as log:
        begun = subprocess.Popen(
            [HOME / "bin/spark-submit", "--class", SERVER, "--master", "local[2]", *words, "spark-internal"],
            env={**os.environ, **own},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(folder / "server.log", "Spark Connect server started")
        yield f"sc://127.0.0.1:{port}", begun.pid
    finally:
        ended(begun)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _server(tmp_path_factory.mktemp("server")) as (url, _):
        yield url


def _evaluated(shell: Shell, *options: str, program: Sequence[str] = ("-m", "pointbook_cli")) -> Finished:
    """In a process of its own: in this one another test may have a Spark."""
    log = ("--members", "members.csv", "--as-of", "2025-12-31")
    done = subprocess.run(
        [sys.executable, *program, "evaluate", "club", *log, *options],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_a_server_of_connect_gives_what_this_process_gives(shell: Shell, server: str, way: str) -> None:
    """A program without tables of amounts, of which the plan has a table without rows."""
    with (shell.folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write("e6,ann,visit,2024-02-05,,\ne6,ann,visit,2024-02-06,,\ne9,bob,vissit,2024-05-01,,\n")
    log = ("--events", "events.csv", "--max-rejected", "90%")
    assert _evaluated(shell, *log, "--out", "here").code == 0
    done = _evaluated(shell, *log, "--out", "there", "--backend", server, "--via", way)
    assert (done.code, done.err) == (0, "written to there/\n")
    for name in RESULTS:
        here, there = ((shell.folder / out / f"{name}.csv").read_bytes() for out in ("here", "there"))
        assert here == there, name


def test_executors_of_connect_write_a_folder_of_rows_that_lie_there(shell: Shell, server: str) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    values = "('e1', 'ann', 'gift', DATE'2024-02-01')"
    rows = f"SELECT * FROM VALUES {values} AS q(event_id, member_id, activity, occurred_at)"  # noqa: S608 - ours
    form = ("--output-format", "parquet-folder", "--via", "fold", "--backend", server)
    done = _evaluated(shell, "--events", f"query:{rows}", "--out", "out", *form)
    assert done.code == 0, done.err
    assert pq.read_table(shell.folder / "out/ledger.parquet").column("event_id").to_pylist() == ["e1"]


@pytest.mark.parametrize(
    ("events", "setting", "words"),
    [
        ("table:absent", "spark.sql.shuffle.partitions=2", "error: table:absent: [TABLE_OR_VIEW_NOT_FOUND]"),
        (
            "events.csv",
            "spark.executor.memory=9g",
            "`spark.executor.memory` cannot be set once Spark has begun",
        ),
    ],
)
def test_what_is_wrong_is_told_in_two_lines(
    shell: Shell, server: str, events: str, setting: str, words: str
) -> None:
    done = _evaluated(shell, "--events", events, "--backend", server, "--spark-conf", setting, "--out", "out")
    assert (done.code, words in done.err) == (3, True), done.err
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["error", "  help"]


def test_the_session_that_is_there_is_taken_where_it_is_on_the_server_that_is_named(
    shell: Shell, server: str
) -> None:
    program = (
        "import sys\nfrom pyspark.sql import SparkSession\nfrom pointbook_cli.main import exit_code_of\n"
        f"SparkSession.builder.remote({server!r}).create().stop()\n"
        f"there = SparkSession.builder.remote({server!r}).create()\n"
        "there.range(3).createOrReplaceTempView('own')\n"
        "code = exit_code_of(sys.argv[1:])\nassert there.table('own').count() == 3\nsys.exit(code)\n"
    )
    for url, code in ((server, 0), ("spark", 0), ("sc://127.0.0.1:1", 3), ("spark://127.0.0.1:7077", 3)):
        log = ("--events", "events.csv", "--backend", url, "--via", "fold", "--out", "out")
        done = _evaluated(shell, *log, program=("-W", "ignore", "-c", program))
        assert done.code == code, done.err
        told = f"this process has a Spark already, on {server.removeprefix('sc://')}" in done.err
        assert told == (code == 3), done.err


def test_a_server_that_speaks_otherwise_is_not_waited_for(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url, begun = f"sc://127.0.0.1:{other.getsockname()[1]}", time.monotonic()
        done = _evaluated(shell, "--events", "events.csv", "--backend", url, "--out", "out")
    assert done.code == 3
    assert f"error: {url}: a server is there, but does not answer as one of Spark Connect" in done.err
    assert time.monotonic() - begun < 60  # it would be tried for good


def test_a_server_that_is_killed_is_told(tmp_path: Path) -> None:
    """After some tries; here after one, so that the test need not wait."""
    shell = club_in(tmp_path)
    with _server(tmp_path) as (url, process):
        program = (
            "import os, signal\nfrom pointbook.relational.engines import spark_connect\n"
            "from pointbook_cli import spark_sessions\nspark_connect._RETRIES = 1\n"
            f"spark_sessions._set = lambda *_: os.killpg({process}, signal.SIGKILL)\n"
            "from pointbook_cli.main import main\nmain()\n"
        )
        log = ("--events", "events.csv", "--backend", url, "--out", "out")
        done = _evaluated(shell, *log, program=("-c", program))
    assert done.code == 3, done.err
    assert "error: spark: Spark has ended" in done.err
    assert "Traceback" not in done.err
    assert not (shell.folder / "out").exists()
