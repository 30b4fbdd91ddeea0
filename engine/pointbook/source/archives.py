"""Files that are packed with gzip or zstd, read as what is in them, a block at a time.

What a file is packed with is told by how it begins, not by its name: what went through a browser is often
unpacked already, and what a program writes often packed though its name does not say so.
"""

from __future__ import annotations

import gzip
import io
import re
import shlex
import zlib
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from pointbook.diagnostics import InputError, install_hint
from pointbook.source import files
from pointbook.source.counted import tell_read
from pointbook.source.other_formats import PARQUET, TAR

if TYPE_CHECKING:
    from pathlib import Path

_MAGICS = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "zstd": re.compile(
        rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"
    ),  # the latter stands before what is packed
}
_NO_ARCHIVE = ("Not a gzipped file", "Unknown frame descriptor")
_MAGIC_BYTES = 4
_BLOCK, _STEP = 1 << 16, 1 << 13


class ArchiveError(Exception):
    """An archive cannot be read on.

    Attributes:
        message: Why.
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class Unpacked(io.BufferedReader):
    """What is in an archive.

    Reading it raises ArchiveError where the archive is damaged. It can be read again from its beginning where
    the archive can. Progress is told in bytes of the archive.

    Attributes:
        packing: What it is packed with: `gzip` or `zstd`.
    """

    def __init__(self, packing: str, stream: IO[bytes], *, keeps_open: bool = False) -> None:
        """Of a stream at its beginning, which is closed with this one unless it is to be kept open."""
        super().__init__(_Unpacking(packing, stream, keeps_open=keeps_open), _BLOCK)
        self.packing = packing


def unpacked_file(path: Path | str) -> IO[bytes]:
    """A file opened for reading what is in it: of an archive what it packs; `-` is standard input.

    Raises:
        InputError: It does not exist, is a folder, or may not be read; or what unpacks it is not installed.
    """
    stream = files.opened(path)
    try:
        return unpacked(files.shown_name(path), stream, keeps_open=str(path) == files.STDIN)
    except BaseException:
        if str(path) != files.STDIN:
            stream.close()
        raise


def unpacked(file: str, stream: IO[bytes], *, keeps_open: bool = False) -> IO[bytes]:
    """A stream, or where it is an archive, what is in it.

    Args:
        file: What errors call it.
        stream: At its beginning.
        keeps_open: Whether it stays open when what is returned is closed.

    Raises:
        InputError: What unpacks it is not installed.
    """
    packing = packing_of(_beginning(stream))
    if packing is None:
        return stream
    if packing == "zstd":
        _refuse_without_zstd(file)
    return Unpacked(packing, stream, keeps_open=keeps_open)


def packing_of(begins: bytes) -> str | None:
    """What a file that begins so is packed with, `gzip` or `zstd`; None where it is no archive."""
    return next((name for name, magic in _MAGICS.items() if magic.match(begins)), None)


def packed_wrongly(file: str, packing: str, what: str) -> InputError:
    """The error for an archive in which there is something else than text."""
    if what == TAR:
        message = f"in the {packing} archive is {what}, not a file"
        return InputError(file, message, f"unpack it first: `tar -xf {shlex.quote(file)}`")
    unpacks = "gunzip -k" if packing == "gzip" else "zstd -d"
    message = f"in the {packing} archive is what looks like {what}, not like CSV or JSON Lines"
    hint = f"unpack it first: `{unpacks} {shlex.quote(file)}`"
    return InputError(file, message, f"{hint}; Parquet packs its columns itself" if what == PARQUET else hint)


def _beginning(stream: IO[bytes]) -> bytes:
    """The first bytes of a stream, which are not taken from it; none where that cannot be."""
    with suppress(OSError):  # who reads it will say so
        if isinstance(stream, io.BufferedReader):  # a pipe, too
            return stream.peek(_MAGIC_BYTES)[:_MAGIC_BYTES]
        if stream.seekable():
            begins = stream.read(_MAGIC_BYTES)
            stream.seek(0)
            return begins
    return b""


def _refuse_without_zstd(file: str) -> None:
    try:
        import pyarrow  # noqa: F401, ICN001, PLC0415 - an extra
    except ImportError as error:
        message = "zstd archives are read with pyarrow, which is not installed"
        hint = f"{install_hint('duckdb')}, or unpack the file with `zstd -d`"
        raise InputError(file, message, hint) from error


def _zstd_reader(stream: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd")


class _Unpacking(io.RawIOBase):
    """The bytes in an archive, as they are asked for: what is held does not grow with what is in it."""

    def __init__(self, packing: str, stream: IO[bytes], *, keeps_open: bool) -> None:
        self._packing, self._stream, self._keeps_open = packing, stream, keeps_open
        self._reader: Any = None
        self._position = 0
        self._begin()

    def _begin(self) -> None:
        counted: Any = _Counted(self._stream)
        is_gzip = self._packing == "gzip"
        self._reader = gzip.GzipFile(mode="rb", fileobj=counted) if is_gzip else _zstd_reader(counted)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Nothing but to tell where it is, and to begin again."""
        if offset or whence not in {io.SEEK_SET, io.SEEK_CUR}:
            raise io.UnsupportedOperation
        if whence == io.SEEK_SET and self._position:
            self._stream.seek(0)
            self._begin()
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            # In small steps, so that what is sound before damage is not lost with it.
            if self._packing == "gzip":
                found: bytes = self._reader.read1(size)
            else:
                found = self._reader.read(min(size, _STEP))
        except EOFError:
            raise self._cut_off() from None
        except gzip.BadGzipFile as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            if error.errno is not None:  # what it is read from failed
                raise
            raise (self._cut_off() if "runcated" in str(error) else self._damaged(str(error))) from error
        except (zlib.error, ValueError) as error:
            raise self._damaged() from error
        return found

    def _cut_off(self) -> ArchiveError:
        return ArchiveError(
            f"the {self._packing} archive ends too early: its end is missing",
            f"copy it again, whole; `{self._packing} -t` checks it",
        )

    def _damaged(self, reason: str = "") -> ArchiveError:
        if "too much memory" in reason:
            message = "the zstd archive needs more than 128 MB of memory to be unpacked"
            return ArchiveError(
                message, "unpack it with `zstd -d --long=31`, or pack it again without `--long`"
            )
        if self._position and any(words in reason for words in _NO_ARCHIVE):
            message = f"after the end of the {self._packing} archive stands what is none"
            return ArchiveError(message, f"export it again; `{self._packing} -t` checks it")
        return ArchiveError(
            f"the {self._packing} archive is damaged",
            f"copy or export it again; `{self._packing} -t` checks it",
        )

    def close(self) -> None:
        """The archive too, where it is this stream's to close."""
        if not self.closed and not self._keeps_open:
            self._stream.close()
        super().close()


class _Counted:
    """A stream whose bytes are told as they are read; closing it does nothing."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        tell_read(len(data))
        return data

    def close(self) -> None:
        """Nothing: what is unpacked may be read again."""
