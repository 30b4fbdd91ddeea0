"""Files that are read more than once: whether they are still what they were."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pointbook.diagnostics import InputError
from pointbook.source.files import can_be_read_once, opened, shown_name, unreadable

_BYTES_AT_A_TIME = 1 << 20


class FileRead(NamedTuple):
    """A file that is read more than once.

    Attributes:
        path: Where it is.
        state: What shows that it was replaced or written to: device and inode, size in bytes, nanoseconds.
        digest: Of what is in it and how it is read, if that is asked for.
    """

    path: Path | str
    state: tuple[int, ...]
    digest: str | None


def state_of(path: Path | str) -> tuple[int, ...]:
    """The `state` of a file that can be read more than once.

    Raises:
        InputError: It does not exist, may not be looked at, or is a pipe.
    """
    try:
        found = Path(path).stat()
    except OSError as error:
        raise unreadable(path, error) from error
    if can_be_read_once(path):
        raise InputError(shown_name(path), "this is a pipe, and is read more than once", "write it to a file")
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def sha256_of(path: Path | str) -> str:
    """The SHA-256 of a file, as hexadecimal digits.

    Raises:
        InputError: As `bytes_of`, or it cannot be read to its end.
    """
    found = sha256()
    with opened(path) as stream:
        try:
            while part := stream.read(_BYTES_AT_A_TIME):
                found.update(part)
        except OSError as error:
            raise unreadable(path, error) from error
    return found.hexdigest()
