"""`pointbook evaluate` on a Spark cluster of two workers: executors write, and are killed.

One member has a third of all events, and what comes of them comes in many batches.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")
pytest.importorskip("pyspark", reason="the extra `spark` is not installed")

import pyarrow.parquet as pq
from club_shell import ROOT, Shell, club_in
from spark_cluster import HOME, Cluster, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
    pytest.mark.xdist_group("spark"),
]

RESULTS = ("ledger", "standings", "history")
SMALL = (
    *("--spark-conf", "spark.executor.memory=512m"),
    *("--spark-conf", "spark.sql.shuffle.partitions=2"),
    *("--spark-conf", "spark.sql.execution.arrow.maxRecordsPerBatch=64"),
    *("--spark-conf", "spark.ui.enabled=false"),
    # A handful of rows: compiling a query costs more than running it.
    *("--spark-conf", "spark.sql.adaptive.enabled=false"),
    *("--spark-conf", "spark.sql.codegen.wholeStage=false"),
    *("--spark-conf", "spark.sql.codegen.factoryMode=NO_CODEGEN"),
)
LOG = ("--events", "events.csv", "--members", "members.csv")
EVENTS, MEMBERS = 600, 10
SECONDS = 600
PLAIN = """\
id: "2024"
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  bronze: {threshold: 100}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit: {points: 40}
  gift: {points: 5}
"""


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Members of whom the first has a third of all events, and what DuckDB makes of them."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    shell = club_in(tmp_path_factory.mktemp("club"))
    shell.write("club/versions/2024.yaml", PLAIN)
    (shell.folder / "club/versions/2025.yaml").unlink()
    shutil.rmtree(shell.folder / "club/scenarios")
    members = [f"m{number:02}" for number in range(MEMBERS)]
    shell.write("members.csv", "member_id,signed_up_on\n" + "".join(f"{one},2023-01-01\n" for one in members))
    lines = [
        f"e{number:04},{members[0] if number % 3 == 0 else members[number % MEMBERS]},"
        f"{'visit' if number % 2 else 'gift'},2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
        for number in range(EVENTS)
    ]
    shell.write("events.csv", "event_id,member_id,activity,occurred_at\n" + "\n".join(lines) + "\n")
    wanted = ("--backend", "duckdb", "--output-format", "parquet", "--out", "wanted")
    done = shell.run("evaluate", "club", *LOG, *wanted)
    assert done.code == 0, done.err
    return shell


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), memory="600m") as begun:
        yield begun


def without_the_package(folder: Path) -> Path:
    """A Python with all libraries but this package, as on a cluster."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "bare"], check=True)
    [own] = (folder / "bare/lib").glob("python*/site-packages")
    places = {str(Path(pq.__file__).parents[2]), str(HOME.parent)}
    (own / "libraries.pth").write_text("\n".join(sorted(places)) + "\n")
    python = folder / "bare/bin/python"
    tried = subprocess.run([python, "-c", "import pointbook"], capture_output=True, check=False)
    if tried.returncode == 0:
        pytest.skip("the package is installed beside its libraries")
    return python


def packed(path: Path) -> Path:
    """Both packages as a file of zip, as docs/spark.md says."""
    with zipfile.ZipFile(path, "w") as file:
        for place, name in ((ROOT / "engine", "pointbook"), (ROOT / "cli", "pointbook_cli")):
            for source in sorted((place / name).rglob("*")):
                if source.is_file() and "__pycache__" not in source.parts:
                    file.write(source, source.relative_to(place))
    return path


@contextmanager
def begun(shell: Shell, command: list[Any], **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A driver, which is gone at the end: its executors would else keep the workers to themselves."""
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, **variables}
    with subprocess.Popen(
        list(map(str, command)),
        cwd=shell.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def rows(shell: Shell, folder: str) -> dict[str, list[dict[str, Any]]]:
    """Each result, in its order."""
    return {name: pq.read_table(shell.folder / folder / f"{name}.parquet").to_pylist() for name in RESULTS}


def test_spark_submit_sends_the_package_along_and_executors_write(
    club: Shell, two_workers: Cluster, tmp_path: Path
) -> None:
    """As docs/spark.md says; the driver takes the session that `spark-submit` has begun."""
    (tmp_path / "pointbook_command.py").write_text("from pointbook_cli.main import main\n\nmain()\n")
    settings = [word if word != "--spark-conf" else "--conf" for word in SMALL]
    command = [
        *(HOME / "bin/spark-submit", "--master", two_workers.url, *settings),
        *("--py-files", packed(tmp_path / "pointbook.zip"), tmp_path / "pointbook_command.py"),
        *("evaluate", "club", *LOG, "--out", "submitted", "--backend", "spark", "--via", "fold"),
        *("--output-format", "parquet-folder"),
    ]
    python = str(without_the_package(tmp_path))
    with begun(club, command, PYSPARK_PYTHON=python, PYSPARK_DRIVER_PYTHON=sys.executable) as process:
        out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, err
    assert "evaluated by the fold on spark\n" in out
    assert rows(club, "submitted") == rows(club, "wanted")
    assert (club.folder / "submitted/ledger.parquet/_SUCCESS").is_file()
    assert sorted(path.name for path in (club.folder / "submitted").iterdir()) == [
        *("history.parquet", "ledger.parquet", "rejects.parquet", "standings.parquet", "summary.json"),
    ]


def kill(
    shell: Shell,
    cluster: Cluster,
    moments: Mapping[str, str],
    killed: list[str],
    process: subprocess.Popen[str],
) -> None:
    """At each moment, when the files of its pattern are there, kill one executor of two."""
    for moment, pattern in moments.items():
        while not (any(shell.folder.glob(pattern)) and len(cluster.executors()) > 1):
            if process.returncode is not None:
                return
            time.sleep(0.05)
        cluster.kill_an_executor()
        killed.append(moment)


@pytest.mark.parametrize(
    ("way", "form", "moments"),
    [
        (
            "plan",
            "parquet-folder",
            {
                "tried": "killed/.pointbook-*/scratch/tried",
                "computing": "killed/.pointbook-*/scratch/kept/*/rdd-*",
                "writing": "killed/.pointbook-*/new-ledger.parquet/_temporary",
            },
        ),
        ("fold", "parquet", {"begun": "club", "writing": "killed/.pointbook-*/new-ledger.parquet"}),
    ],
)
def test_an_executor_that_is_killed_changes_nothing(
    club: Shell, two_workers: Cluster, way: str, form: str, moments: Mapping[str, str]
) -> None:
    shutil.rmtree(club.folder / "killed", ignore_errors=True)
    command = [
        *(sys.executable, "-m", "pointbook_cli", "evaluate", "club", *LOG, "--out", "killed", *SMALL),
        *("--backend", two_workers.url, "--via", way, "--output-format", form),
    ]
    killed: list[str] = []
    with begun(club, command) as process:
        killing = Thread(target=kill, args=(club, two_workers, moments, killed, process), daemon=True)
        killing.start()
        _, err = process.communicate(timeout=SECONDS)
        killing.join()
    assert process.returncode == 0, err
    assert killed, err
    assert rows(club, "killed") == rows(club, "wanted")
