"""Runs of the command in which something happens at the file operation of a chosen number.

A process that has imported everything is forked for each run, so that thousands of runs cost little.
Operations are counted by a library that is preloaded (at_operation.c), in all processes and threads of the
run: what DuckDB and Arrow write natively counts like what Python writes.
"""

from __future__ import annotations

import errno
import importlib
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
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from forked import HUNG, import_all, run_as_child

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType

HERE = Path(__file__).parent
_HEAD = struct.Struct("@llii ii 1024s")
_MOST = 60_000
_SIZE = _HEAD.size + 2 * _MOST + struct.calcsize("l")
_SECONDS = 120
_EXTRAS = (
    *("duckdb", "ibis.backends.duckdb", "sqlglot.optimizer"),
    *("numpy", "pyarrow.csv", "pyarrow.dataset", "pyarrow.parquet"),
)
"""What a run imports where it needs it."""


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
        files: For each, a number of the opened file; 0 where it is of none.
        is_alone: Whether none of its processes was left behind.
    """

    code: int
    out: str
    err: str
    operations: str
    files: bytes
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
        self._plan[_HEAD.size + 2 * _MOST :] = bytes(_SIZE - _HEAD.size - 2 * _MOST)
        out, err = printed or self._said / "out", self._said / "err"
        code, is_alone = self._served(arguments, str(out), str(err))
        count = min(_HEAD.unpack(self._plan[: _HEAD.size])[0], _MOST - 1)
        done, files = (
            self._plan[first : first + count] for first in (_HEAD.size + 1, _HEAD.size + _MOST + 1)
        )
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in (out, err)]
        return Run(code, "" if printed else texts[0], texts[1], done.decode(), files, is_alone)

    def warm(self, arguments: Sequence[str]) -> None:
        """Let later runs have what this one computes once; it begins no thread and no process."""
        self._served(arguments, "", "")

    def _served(self, arguments: Sequence[str], out: str, err: str) -> tuple[int, bool]:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps([list(arguments), out, err]) + "\n")
        self._server.stdin.flush()
        code, is_alone = json.loads(self._server.stdout.readline())
        return code, is_alone


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
        plan.write_bytes(bytes(_SIZE))
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
        if not out:
            _warm(arguments)
            print(json.dumps([0, True]), flush=True)
            continue
        child = os.fork()
        if not child:
            run_as_child(arguments, out, err, partial(_begin, shared))
        code = _ended(child)
        print(json.dumps([code, _is_gone(child)]), flush=True)


def _warm(arguments: Sequence[str]) -> None:
    """Run the command in this process, so that what it computes once is there for all that are forked."""
    main = importlib.import_module("pointbook_cli.main")
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        main.exit_code_of(list(arguments))


def _import_all() -> None:
    import_all()
    for name in _EXTRAS:
        with suppress(ImportError):
            importlib.import_module(name)
    _remember_templates()
    for name in ("by_fold", "comparison_ways"):  # a small log is enough for several workers
        module = sys.modules[f"pointbook_cli.evaluation.{name}"]
        module.LEAST_EVENTS_OF_A_WORKER, module.EVENTS_OF_A_PIECE = 1, 64  # type: ignore[attr-defined]


def _remember_templates() -> None:
    """Compile the templates of reports once for all runs: most of a run's time is spent on them."""
    import jinja2  # noqa: PLC0415 - in the server alone

    compiled = jinja2.Environment.compile
    texts: dict[tuple[str, str | None], CodeType] = {}

    def once(
        self: jinja2.Environment, source: str, name: str | None = None, filename: str | None = None
    ) -> CodeType:
        if (source, name) not in texts:
            texts[source, name] = compiled(self, source, name, filename)
        return texts[source, name]

    jinja2.Environment.compile = once  # type: ignore[assignment]


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
