"""What files are read as while edits are tried that are not made yet."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INSTEAD: ContextVar[Mapping[Path, bytes]] = ContextVar("instead", default=MappingProxyType({}))


@contextmanager
def read_instead(of_files: Mapping[Path, bytes]) -> Iterator[None]:
    """While this lasts, files read as if these bytes were in them.

    Args:
        of_files: The bytes by path, absolute and without links.
    """
    token = _INSTEAD.set(of_files)
    try:
        yield
    finally:
        _INSTEAD.reset(token)


def bytes_instead(path: Path | str) -> bytes | None:
    """What a file is to be read as; None for its own bytes."""
    instead = _INSTEAD.get()
    return instead.get(Path(path).resolve()) if instead else None
