"""A Spark cluster of this machine: a master and workers as processes of their own, on the loopback."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyspark

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(pyspark.__file__).parent
"""Spark's own folder, with its scripts."""
_SECONDS = 60
_EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend"


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs.

    Attributes:
        url: What Spark calls its master.
        folder: Where its processes work.
    """

    url: str
    folder: Path

    def executors(self) -> list[int]:
        """The processes of its executors, of whatever application."""
        return [pid for pid, words in _processes(self.folder) if _EXECUTOR in words]

    def kill_an_executor(self) -> int | None:
        """Kill one as the system does whose memory runs out; None where there is none."""
        found = self.executors()
        if not found:
            return None
        os.kill(found[0], signal.SIGKILL)
        return found[0]


@contextmanager
def cluster(folder: Path, *, workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """A master, and workers of one core each; all of it is gone at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PY")}
    environment |= {
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "192m",
        "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",  # its port is everywhere the same
    }
    port, page = free_port(), free_port()
    url = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:

        def begin(name: str, *arguments: str) -> None:
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            begun = subprocess.Popen(
                [HOME / "bin/spark-class", *arguments],
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            stack.callback(ended, begun)

        master = "org.apache.spark.deploy.master.Master"
        begin("master", master, "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page))
        wait_for(folder / "master.log", "I have been elected leader")
        for number in range(workers):
            own = folder / f"worker-{number}"
            own.mkdir()
            words = ("--host", "127.0.0.1", "--webui-port", str(free_port()), "--work-dir", str(own))
            worker = "org.apache.spark.deploy.worker.Worker"
            begin(f"worker-{number}", worker, *words, "--cores", "1", "--memory", memory, url)
        for number in range(workers):
            wait_for(folder / f"worker-{number}.log", "Successfully registered with master")
        yield Cluster(url, folder)


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(log: Path, words: str) -> None:
    until = time.monotonic() + _SECONDS
    while not re.search(words, log.read_text(encoding="utf-8", errors="replace")):
        if time.monotonic() > until:
            raise TimeoutError(f"{log.name} never said: {words}")
        time.sleep(0.1)


def _processes(folder: Path) -> Iterator[tuple[int, str]]:
    """Every process that works in the folder, by its id, with its command."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "cwd").readlink().is_relative_to(folder):
                yield int(place.name), (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it is gone, or somebody else's
            continue
