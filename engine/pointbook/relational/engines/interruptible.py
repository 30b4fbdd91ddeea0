"""Queries that a signal stops."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_SECONDS_A_LOOK = 0.1
_Result = TypeVar("_Result")


class Interruptible:
    """A thread for the queries of one connection, so that signals reach the main thread meanwhile."""

    def __init__(self, cancel: Callable[[], object]) -> None:
        """Start nothing yet.

        Args:
            cancel: Stops the query that runs; does nothing if none has begun. It may be called again.
        """
        self._cancel = cancel
        self._worker = ThreadPoolExecutor(1, "queries")

    def done(self, work: Callable[[], _Result]) -> _Result:
        """The result of `work`. A signal stops it, and is acted on when it is gone."""
        with held_signals() as is_asked_to_stop:
            running = self._worker.submit(work)
            while wait((running,), _SECONDS_A_LOOK).not_done:
                if is_asked_to_stop():
                    self._cancel()
        return running.result()

    def close(self) -> None:
        """End the thread."""
        self._worker.shutdown()


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
