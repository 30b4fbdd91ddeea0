"""Work in processes of its own, its results in the order in which it was handed out.

Processes are begun anew (`spawn`), on every system: threads of an engine do not survive a fork. Each
waits for a message, works, and answers; where this process is gone, the next read ends it.
"""

from __future__ import annotations

import importlib
import signal
import sys
import threading
import traceback
from collections import deque
from contextlib import contextmanager, suppress
from enum import Enum
from multiprocessing import connection, get_context, resource_tracker
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from pointbook.diagnostics import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    Work = Callable[[Any], Any]
    Pool = Sequence["_Worker"]

_SECONDS_TO_END = 5
_HELD = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Task(NamedTuple):
    """A message for a worker.

    Attributes:
        message: What the worker's function is called with; it is pickled, so columns, not records.
        goes_on: Whether the next task needs what this one leaves behind, and so the same worker.
    """

    message: Any
    goes_on: bool = False


class WorkerDiedError(Exception):
    """A worker process ended before its work was done."""


class WorkerFailedError(Exception):
    """The work itself failed; the message holds the worker's own traceback."""


class _Outcome(Enum):
    """What became of a task in a worker."""

    DONE = "done"
    REFUSED = "refused"
    OUT_OF_MEMORY = "out of memory"
    FAILED = "failed"


class _Worker(NamedTuple):
    process: SpawnProcess
    pipe: Connection[Any, Any]


@contextmanager
def pool(workers: int, module: str) -> Iterator[Pool]:
    """Worker processes, which end with this; none stays where it is left by an error or a signal.

    Args:
        workers: How many.
        module: What they import before there is work.
    """
    begun: list[_Worker] = []
    try:
        with _signals_held():
            begun.extend(_begun(module, number) for number in range(workers))
        yield begun
    except BaseException:
        for worker in begun:
            worker.process.kill()
        raise
    finally:
        for worker in begun:
            worker.pipe.close()  # the end of its work
        for worker in begun:
            worker.process.join(_SECONDS_TO_END)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def in_order(prepare: Callable[[], Work], tasks: Iterable[Task], workers: Pool) -> Iterator[Any]:
    """The results of tasks, in their order, by the workers of a pool, which are used once.

    As many tasks as there are workers are prepared ahead, and twice as many are under way or have
    results that must wait for earlier ones; so memory does not depend on the number of tasks.

    Args:
        prepare: Is called once in each worker for the function that does the work; it is pickled.
        tasks: Taken as they are needed, in this process.
        workers: At least one.

    Raises:
        WorkerDiedError: A worker was killed, or its memory ran out.
        WorkerFailedError: The work itself failed.
        InputError: It said that the input cannot be used.
    """
    for worker in workers:
        with suppress(ConnectionError):  # it is gone, which reading from it will say
            worker.pipe.send(prepare)
    yield from _worked_off(workers, iter(tasks))


def _worked_off(pool: Pool, tasks: Iterator[Task]) -> Iterator[Any]:
    idle, busy = [*reversed(pool)], dict[_Worker, int]()
    ready = deque[Task]()  # prepared, and not handed out
    done = dict[int, Any]()  # by their number, waiting for earlier ones
    handed_out = handed_over = 0
    sticky: _Worker | None = None  # the worker that the next task needs
    is_more = True
    while True:
        while ready and handed_out - handed_over < 2 * len(pool):
            worker = sticky or (idle[-1] if idle else None)
            if worker is None or worker in busy:
                break
            idle.remove(worker)
            task = ready.popleft()
            with suppress(ConnectionError):  # as above
                worker.pipe.send(task.message)
            busy[worker] = handed_out
            handed_out += 1
            sticky = worker if task.goes_on else None
        while handed_over in done:
            result = done.pop(handed_over)
            handed_over += 1
            yield result
        if is_more and len(ready) < len(pool):
            task_or_none = next(tasks, None)
            if task_or_none is None:
                is_more = False
            else:
                ready.append(task_or_none)
        elif not busy and not ready:
            return
        can_wait = bool(busy) and not (is_more and len(ready) < len(pool))
        for worker in _answering(list(busy), None if can_wait else 0):
            done[busy.pop(worker)] = _answer(worker)
            idle.append(worker)


def _answering(busy: list[_Worker], timeout: float | None) -> list[_Worker]:
    """Those that have an answer, or are gone."""
    by_pipe = {worker.pipe: worker for worker in busy}
    return [by_pipe[pipe] for pipe in connection.wait(list(by_pipe), timeout)]  # type: ignore[index]


def _answer(worker: _Worker) -> Any:
    try:
        outcome, answer = worker.pipe.recv()
    except (EOFError, OSError) as error:  # also in the middle of an answer
        worker.process.join(_SECONDS_TO_END)
        raise WorkerDiedError(_how_it_ended(worker.process)) from error
    match _Outcome(outcome):
        case _Outcome.DONE:
            return answer
        case _Outcome.REFUSED:
            raise InputError(*answer)
        case _Outcome.OUT_OF_MEMORY:
            raise WorkerDiedError(f"{_named(worker.process)} ran out of memory")
        case _Outcome.FAILED:
            raise WorkerFailedError(f"in {_named(worker.process)}:\n{answer}")
        case never:
            assert_never(never)


def _named(process: SpawnProcess) -> str:
    return f"{process.name} (process {process.pid})"


def _how_it_ended(process: SpawnProcess) -> str:
    code = process.exitcode
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"{_named(process)} was killed by {signal.Signals(-code).name}"
    return f"{_named(process)} ended with exit code {code}"


def _begun(module: str, number: int) -> _Worker:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(module, there), name=f"worker {number + 1}", daemon=True)
    with _main_hidden():
        process.start()
    there.close()  # or its end would not be seen
    return _Worker(process, here)


def _work(module: str, pipe: Connection[Any, Any]) -> None:
    """What a worker does until there is no more work, or nobody to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began it is interrupted too, and ends it
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
    importlib.import_module(module)
    work: Work | None = None
    with suppress(EOFError, ConnectionError):
        prepare = pipe.recv()
        while True:
            message = pipe.recv()
            answer: tuple[_Outcome, Any]
            try:
                work = work or prepare()
                answer = _Outcome.DONE, work(message)
            except InputError as error:
                answer = _Outcome.REFUSED, (error.where, error.message, error.hint)
            except MemoryError:
                answer = _Outcome.OUT_OF_MEMORY, None
            except Exception:  # noqa: BLE001 - whatever it is, it is told where it can be reported
                answer = _Outcome.FAILED, traceback.format_exc()
            pipe.send(answer)


@contextmanager
def _main_hidden() -> Iterator[None]:
    """A process that begins runs no script again: none may be guarded, and what it works by is in modules."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _signals_held() -> Iterator[None]:
    """Signals to stop wait meanwhile; a process that begins has them wait until it can tell what to do."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would be begun with the first worker, and let signals through then
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
