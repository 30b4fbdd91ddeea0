"""What DuckDB says when the system does not let it write, as the system's own error."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REASONS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EFBIG, errno.ENOENT)


@contextmanager
def file_written(path: Path) -> Iterator[None]:
    """While a file is written.

    Raises:
        OSError: It, or what DuckDB sets aside beside it, cannot be written.
    """
    try:
        yield
    except duckdb.IOException as error:
        text = str(error)
        for reason in _REASONS:
            if str(path.parent) in text and os.strerror(reason) in text:
                raise OSError(reason, os.strerror(reason), str(path)) from error
        raise
