"""Runs of the command in which something happens at the file operation of a chosen number.

A process that has imported everything is forked for each run, so that thousands of runs cost little.
Operations are counted by a library that is preloaded (at_operation.c), in all processes and threads of the
run: what DuckDB and Arrow write natively counts like what Python writes.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from forked import HUNG, import_all, run_as_child

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
_HEAD = struct.Struct("@llii ii 1024s")
_MOST = 60_000
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens: a signal, or an error number of this and all later operations that it can meet."""

    name: str
    signal: int = 0
    error: int = 0

    @property
    def goes_to_all(self) -> bool:
        """A terminal sends it to the command's workers, too."""
        return self.signal in {signal.SIGINT, signal.SIGHUP}


FAULTS = (
    *(Fault(name, signal=getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")),
    *(Fault(name, error=getattr(errno, name)) for name in ("ENOSPC", "EROFS", "EACCES")),
)


class Run(NamedTuple):
    """How a run ended.

    Attributes:
        code: The exit code; below zero, the signal that ended it.
        out: What it printed, as text; empty where that went to a file.
        err: What it said on standard error.
        operations: A letter for each file operation below the folder.
        is_alone: Whether none of its processes was left behind.
    """

    code: int
    out: str
    err: str
    operations: str
    is_alone: bool


class Runner:
    """Runs of the command below one folder."""

    def __init__(self, plan: Path, folder: Path, server: subprocess.Popen[str]) -> None:
        self._folder = folder
        self._server = server
        self._said = plan.parent
        with plan.open("r+b") as file:
            self._plan = mmap.mmap(file.fileno(), 0)

    def run(
        self, arguments: Sequence[str], at: int = 0, fault: Fault = FAULTS[0], printed: Path | None = None
    ) -> Run:
        """The command with these arguments; `printed` is where its standard output goes."""
        folder = os.fsencode(self._folder)
        head = (0, at, fault.signal, fault.goes_to_all, fault.error, 0, folder)
        self._plan[: _HEAD.size] = _HEAD.pack(*head)
        out, err = printed or self._said / "out", self._said / "err"
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps([list(arguments), str(out), str(err)]) + "\n")
        self._server.stdin.flush()
        code, is_alone = json.loads(self._server.stdout.readline())
        count = min(_HEAD.unpack(self._plan[: _HEAD.size])[0], _MOST - 1)
        done = self._plan[_HEAD.size + 1 : _HEAD.size + 1 + count].decode()
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in (out, err)]
        return Run(code, "" if printed else texts[0], texts[1], done, is_alone)


@contextmanager
def runner(folder: Path) -> Iterator[Runner]:
    """Counts operations below `folder`; needs a C compiler, and a system that preloads libraries."""
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        library, plan = Path(place, "at_operation.so"), Path(place, "plan")
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None or not sys.platform.startswith("linux"):
            raise SystemExit("counting file operations needs Linux and a C compiler")
        source = HERE / "at_operation.c"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True, timeout=60
        )
        plan.write_bytes(bytes(_HEAD.size + _MOST))
        added = {"LD_PRELOAD": str(library), "POINTBOOK_FAULT_PLAN": str(plan)}
        server = subprocess.Popen(
            [sys.executable, __file__, plan],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | added,
        )
        try:
            yield Runner(plan, folder, server)
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(30)


def _serve(plan: Path) -> None:
    """Fork for each line of standard input, and say how the run ended."""
    _import_all()
    _adopt()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs this in the background ignores it
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with plan.open("r+b") as file:
        shared = mmap.mmap(file.fileno(), 0)
    for line in sys.stdin:
        arguments, out, err = json.loads(line)
        child = os.fork()
        if not child:
            run_as_child(arguments, out, err, partial(_begin, shared))
        code = _ended(child)
        print(json.dumps([code, _is_gone(child)]), flush=True)


def _import_all() -> None:
    import_all()
    for name in ("by_fold", "comparison_ways"):  # a small log is enough for several workers
        module = sys.modules[f"pointbook_cli.evaluation.{name}"]
        module.LEAST_EVENTS_OF_A_WORKER, module.EVENTS_OF_A_PIECE = 1, 64  # type: ignore[attr-defined]


def _begin(shared: mmap.mmap) -> None:
    """From now on operations count."""
    values = list(_HEAD.unpack(shared[: _HEAD.size]))
    values[0], values[5] = 0, os.getpid()
    shared[: _HEAD.size] = _HEAD.pack(*values)


def _ended(child: int) -> int:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return HUNG


def _is_gone(group: int) -> bool:
    """Whether all processes of the run end within some seconds; what does not is ended."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.002)
        except ChildProcessError:
            return True
    os.killpg(group, signal.SIGKILL)
    return False


def _adopt() -> None:
    """Become the parent of what a run leaves behind, instead of the machine's first process."""
    import ctypes  # noqa: PLC0415 - in the server alone

    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
