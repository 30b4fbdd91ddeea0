"""Signals that wait until it is safe to act on them."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_signals() -> Iterator[Callable[[], bool]]:
    """Hold back what asks this process to stop, and act on it behind the block.

    An exception that a handler raises can come anywhere, even where a lock was just taken that nobody gives
    back then. Held back, it comes where the block ends. Other threads than the main one get no signals.

    Yields:
        Tells whether a signal is held back.
    """
    held: list[tuple[int, FrameType | None]] = []
    handlers = {}
    try:
        if threading.current_thread() is threading.main_thread():
            for number in _STOPPING:
                handler = signal.getsignal(number)
                if callable(handler):
                    handlers[number] = handler
                    signal.signal(number, lambda *received: held.append(received))
        yield lambda: bool(held)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for first, frame in held[:1]:
            handlers[signal.Signals(first)](first, frame)
