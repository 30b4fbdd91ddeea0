"""What workers do in tests: in a module that a new process finds, because it gets the path of this one."""

from __future__ import annotations

import os
import signal
import time

from pointbook.diagnostics import InputError

BIG = bytes(1 << 20)


def prepared(kind: str):
    """What workers do."""
    seen: list[int] = []

    def work(message):
        number, _ = message
        seen.append(number)
        if number == 7 and kind == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 7 and kind == "fails":
            raise ZeroDivisionError
        if number == 7 and kind == "refuses":
            raise InputError("a.csv", "it is wrong", "make it right")
        if number == 7 and kind == "lacks memory":
            raise MemoryError
        if kind == "slow first" and number == 0:
            time.sleep(0.2)
        return number, list(seen), BIG

    return work
