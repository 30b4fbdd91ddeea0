"""Bytes of a file as text, a block of whole lines at a time.

Lines end with LF, CR LF or CR, and nothing else: the further line ends that Python knows may stand
inside a cell.
"""

from __future__ import annotations

import codecs
import io
import re
from itertools import chain
from typing import IO, TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.model.exports import PACKED
from pointbook.source.archives import ArchiveError, Unpacked, packed_wrongly
from pointbook.source.counted import tell_read
from pointbook.source.other_formats import other_format

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 64_000_000
PIECE = 1 << 15
"""Bytes that are read at once: few enough that the texts of a block stay in a processor's cache."""

_AS_TEXT = "export it as CSV (UTF-8) or JSON Lines"
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_UTF_8 = re.compile(r"[\udc80-\udcff]")
_BYTE = 0xDC00
"""What the decoder adds to a byte that is no UTF-8, which no valid text contains."""


def text_blocks(file: str, stream: IO[bytes], piece: int = PIECE) -> Iterator[str]:
    """The text of `stream` in blocks of whole lines, decoded from UTF-8 with or without byte-order mark.

    Args:
        file: The name that errors carry.
        stream: Read in pieces and to the end; not closed.
        piece: How many bytes at a time.

    Raises:
        InputError: It is not UTF-8 text, a line has more than 64 million characters, or the
            system cannot read on.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    read = 0  # lines
    is_unpacked = isinstance(stream, Unpacked)
    begun: list[str] = []  # a line whose end has not been read yet
    held = ""  # a CR that may be the first half of a CR LF
    data = _piece(file, 1, stream, piece)
    _refuse_other_formats(file, stream, data)
    while data:
        text = held + decoder.decode(data)
        _refuse_other_encodings(file, read, text, is_unpacked=is_unpacked)
        held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix(held)
        cut = max(text.rfind("\n"), text.rfind("\r")) + 1
        if cut:
            block = "".join((*begun, text[:cut]))
            yield block
            read += block.count("\n") + block.count("\r") - block.count("\r\n")
            begun.clear()
        begun.append(text[cut:])
        if sum(map(len, begun)) > LONGEST_LINE:
            raise InputError(
                f"{file}:{read + 1}", f"a line has more than {LONGEST_LINE:,} characters", _AS_TEXT
            )
        data = _piece(file, read + 1, stream, piece)
    text = held + decoder.decode(b"", final=True)
    _refuse_other_encodings(file, read, text, is_unpacked=is_unpacked)
    if last := "".join((*begun, text)):
        yield last


def lines_of(block: str) -> list[str]:
    """The lines of a block with their line ends."""
    return list(io.StringIO(block, newline=""))


def after_blank_lines(blocks: Iterator[str], nothing: str) -> tuple[int, str, Iterator[str]]:
    """The number of the first line that is not blank, the line itself, and the blocks after it.

    The line is empty where there is none.

    Args:
        blocks: Whole lines.
        nothing: What a blank line can consist of, beside white space.
    """
    number = 0
    for block in blocks:
        lines = io.StringIO(block, newline="")
        for line in lines:
            number += 1
            if line.strip() and line.strip(nothing):
                return number, line, filter(None, chain((lines.read(),), blocks))
    return number, "", blocks


def _piece(file: str, line: int, stream: IO[bytes], size: int) -> bytes:
    try:
        # Of an archive no more than is sound: what goes on with damage would be lost with it.
        data = stream.read1(size) if isinstance(stream, Unpacked) else stream.read(size)
    except ArchiveError as error:
        raise InputError(f"{file}:{line}", error.message, error.hint) from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            file, f"it cannot be read to its end: {reason}", "copy it to a local disk"
        ) from error
    if not isinstance(stream, Unpacked):
        tell_read(len(data))
    return data


def _refuse_other_formats(file: str, stream: IO[bytes], data: bytes) -> None:
    found = other_format(file, data)
    if found is None:
        return
    what, hint = found
    if isinstance(stream, Unpacked):
        raise packed_wrongly(file, stream.packing, what)
    raise InputError(file, f"this looks like {what}, not like CSV or JSON Lines", hint)


def _refuse_other_encodings(file: str, read: int, text: str, *, is_unpacked: bool) -> None:
    bad = None if text.isascii() else _NOT_UTF_8.search(text)
    if bad is None:
        return
    where = f"{file}:{read + 1 + len(_LINE_END.findall(text, 0, bad.start()))}"
    hint = "save it as UTF-8 (in Excel, `CSV UTF-8`); it may be Windows-1252, which Excel's plain `CSV` is"
    if file.lower().endswith(PACKED) and not is_unpacked:
        hint = "by its name it is an archive, but it does not begin like one: copy or export it again"
    raise InputError(where, f"byte 0x{ord(bad[0]) - _BYTE:02x} is not UTF-8 text", hint)
