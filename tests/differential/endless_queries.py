"""An evaluation whose queries would take hours, stopped by a signal: what it says and leaves behind."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal

    from club_shell import Shell

_ENDLESS = """
import signal, sys
from importlib import import_module
from pointbook_cli.main import main

module, session, method, query = sys.argv[1:5]
del sys.argv[1:5]
session = getattr(import_module(module), session)
plain = getattr(session, method)

def endless(self, sql):
    print("a query runs", file=sys.stderr, flush=True)
    return plain(self, query)

setattr(session, method, endless)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
main()
"""


def stopped(  # noqa: PLR0913, PLR0917 - what runs where, and what stops it
    shell: Shell, session: type, method: str, query: str, backend: str, number: signal.Signals
) -> tuple[int, str, str]:
    """Exit code, output and messages of `evaluate`, stopped as soon as a method of the session is called.

    Args:
        shell: Holds rules and a log.
        session: The engine's class.
        method: Runs `query` instead of whatever it is given.
        query: Takes hours.
        backend: As the command line has it.
        number: What stops it.
    """
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out", "--backend", backend)
    named = (session.__module__, session.__name__, method, query)
    with subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, *named, "evaluate", "club", *log],
        cwd=shell.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "a query runs\n"
        running.send_signal(number)
        try:
            output, messages = running.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
    return running.returncode, output, messages.strip()
