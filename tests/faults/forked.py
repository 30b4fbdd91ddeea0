"""The command in a forked child of a process that has imported everything: what it took, and how it ended."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import pkgutil
import signal
import sys
import time
import traceback
from multiprocessing import util
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HUNG = -1000
"""The exit code of what had to be ended."""


class Ended(NamedTuple):
    """How a run ended.

    Attributes:
        code: The exit code; below zero, the signal that ended it, or HUNG.
        err: What it said on standard error.
        seconds: Of processor time.
        memory: The most that it had resident, in bytes, with what it had to begin with.
    """

    code: int
    err: str
    seconds: float
    memory: int


def import_all() -> None:
    """Import every module of both packages, so that a child has them at once."""
    for name in ("pointbook", "pointbook_cli"):
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith("__main__"):
                with contextlib.suppress(ImportError):  # an extra
                    importlib.import_module(found.name)


def forked(arguments: Sequence[str], folder: Path, out: Path, err: Path, seconds: float) -> Ended:
    """The command, run in `folder`; what takes longer is ended."""
    child = os.fork()
    if not child:
        run_as_child(arguments, str(out), str(err), lambda: os.chdir(folder))
    until = time.monotonic() + seconds
    while True:
        found, status, used = os.wait4(child, os.WNOHANG)
        if found:
            break
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            _, status, used = os.wait4(child, 0)
            status = None
            break
        time.sleep(0.001)
    code = HUNG if status is None else os.waitstatus_to_exitcode(status)
    text = err.read_text(encoding="utf-8", errors="replace") if err.exists() else ""
    return Ended(code, text, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def run_as_child(arguments: Sequence[str], out: str, err: str, begins: Callable[[], object]) -> NoReturn:
    """What the child does, in a process group of its own; `begins` is called at the last."""
    code = 70
    try:
        os.setpgid(0, 0)
        atexit._clear()  # noqa: SLF001 - what the parent does at its end, such as deleting its folders
        atexit.register(util._exit_function)  # type: ignore[attr-defined]  # noqa: SLF001 - the end of workers
        for path, number in ((out, 1), (err, 2)):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(file, number)
            os.close(file)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the run's life
            for number, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        sys.argv = ["pointbook", *arguments]
        begins()
        main = importlib.import_module("pointbook_cli.main").main
        main()
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
    except BaseException:  # noqa: BLE001 - as Python does at the end of a script
        traceback.print_exc()
        code = 1
    finally:
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()  # noqa: SLF001 - as Python does at its end
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):
                stream.flush()
        os._exit(code)
