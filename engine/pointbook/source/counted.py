"""How many bytes of files were read, for those who wait for it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.source.files import data_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TOLD: ContextVar[Callable[[int], None] | None] = ContextVar("told", default=None)


@contextmanager
def bytes_told(told: Callable[[int], None]) -> Iterator[None]:
    """While this lasts, a function is called with how many further bytes of a log's files were read."""
    token = _TOLD.set(told)
    try:
        yield
    finally:
        _TOLD.reset(token)


def tell_read(number: int) -> None:
    """So many further bytes of a file were read, or what comes to as much."""
    told = _TOLD.get()
    if told is not None:
        told(number)


def size_of(sources: Sequence[Path | str]) -> int | None:
    """How many bytes the files have that are named; None where that cannot be told, as of standard input."""
    try:
        paths = [Path(path) for source in sources for path in data_files(source)]
        return sum(path.stat().st_size for path in paths) if all(map(Path.is_file, paths)) else None
    except (OSError, InputError):
        return None
