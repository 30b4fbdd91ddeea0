from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from pointbook.relational.engines.interruptible import Interruptible, held_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


class _StoppedError(Exception):
    pass


def _stop(number: int, _: object) -> None:
    raise _StoppedError(number)


@contextmanager
def _handled() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_is_acted_on_once_behind_the_block() -> None:
    reached = []

    def asked_twice() -> None:
        with held_signals() as is_asked_to_stop:
            reached.append(is_asked_to_stop())
            for _ in range(2):
                signal.raise_signal(signal.SIGTERM)
            reached.append(is_asked_to_stop())

    with _handled(), pytest.raises(_StoppedError) as raised:
        asked_twice()
    assert reached == [False, True]
    assert raised.value.args == (signal.SIGTERM,)


def test_the_handlers_of_before_are_back() -> None:
    with _handled():
        with held_signals():
            assert signal.getsignal(signal.SIGTERM) is not _stop
        assert signal.getsignal(signal.SIGTERM) is _stop


def test_an_error_in_the_block_gives_way_to_the_signal() -> None:
    def fails() -> None:
        with held_signals():
            signal.raise_signal(signal.SIGTERM)
            raise ValueError("the query was interrupted")

    with _handled(), pytest.raises(_StoppedError):
        fails()


def test_other_threads_change_no_handler() -> None:
    seen = []

    def look() -> None:
        with held_signals():
            seen.append(signal.getsignal(signal.SIGTERM))

    with _handled():
        thread = Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [_stop]


def test_what_is_asked_to_stop_before_it_began_is_asked_again() -> None:
    has_begun, is_cancelled, asked = Event(), Event(), []

    def cancel() -> None:
        asked.append("cancel")
        if has_begun.is_set():
            is_cancelled.set()
        elif len(asked) == 1:
            has_begun.set()

    def work() -> None:
        signal.raise_signal(signal.SIGTERM)
        assert is_cancelled.wait(30)

    with _handled(), pytest.raises(_StoppedError):
        Interruptible(cancel).done(work)
    assert asked == ["cancel", "cancel"]


def test_results_and_errors_of_what_is_done_come_back() -> None:
    queries = Interruptible(lambda: None)
    assert queries.done(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        queries.done(lambda: 1 // 0)
    queries.close()
