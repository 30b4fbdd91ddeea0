"""Files that are given twice: by their names, through a folder or a pattern, or as a copy."""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import InputError
from pointbook.source.archives import ArchiveError, unpacked_file
from pointbook.source.endings import JSON_LINES, PARQUET, ending_of
from pointbook.source.files import can_be_read_once, data_files, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_PIECE = 1 << 16


class Repeated(NamedTuple):
    """Two files with the same rows, which are one file or have the same content.

    Attributes:
        files: The one that is read first, and the other.
        sources: What names them.
        is_one_file: Whether they are the same file, by a path or a link.
    """

    files: tuple[Path, Path]
    sources: tuple[str, str]
    is_one_file: bool


def repeated_files(sources: Iterable[str]) -> Iterator[Repeated]:
    """Every file after the first of the same rows, each with the first.

    Copies are found by their sizes first, so that hardly any file is read for it. What is wrong with a
    source is left to whoever reads it.
    """
    of_inode: dict[tuple[int, int], tuple[Path, str]] = {}
    of_size: dict[int, list[tuple[Path, str]]] = {}
    for source in sources:
        for path in _files_of(source):
            try:
                found = path.stat()
            except OSError:
                continue
            known = of_inode.setdefault((found.st_dev, found.st_ino), (path, source))
            if known != (path, source) or (path, source) in of_size.get(found.st_size, ()):
                yield Repeated((known[0], path), (known[1], source), is_one_file=True)
            elif found.st_size:
                of_size.setdefault(found.st_size, []).append((path, source))
    for alike in of_size.values():
        yield from _copies(alike)


def _files_of(source: str) -> list[Path]:
    with suppress(InputError, OSError):
        if not can_be_read_once(source):
            return [Path(path) for path in data_files(source)]
    return []


def _copies(alike: list[tuple[Path, str]]) -> Iterator[Repeated]:
    """Those of the same content among files of the same size."""
    for digest in (_beginning, _digest):
        groups = _grouped(alike, digest)
        alike = [one for group in groups for one in group if len(group) > 1]
    for first, *others in groups:
        if others and _has_rows(first[0]):
            for path, source in others:
                yield Repeated((first[0], path), (first[1], source), is_one_file=False)


def _has_rows(path: Path) -> bool:
    """Whether there may be more than a header, which days without events share."""
    if ending_of(path) in (*JSON_LINES, *PARQUET):
        return True
    with suppress(ArchiveError, InputError, OSError), unpacked_file(path) as stream:
        return b"\n" in stream.read(_PIECE).strip()
    return False


def _grouped(files: list[tuple[Path, str]], digest: Callable[[Path], bytes]) -> list[list[tuple[Path, str]]]:
    if len(files) == 1:
        return [files]
    groups: dict[bytes, list[tuple[Path, str]]] = {}
    for path, source in files:
        with suppress(InputError, OSError):
            groups.setdefault(digest(path), []).append((path, source))
    return list(groups.values())


def _beginning(path: Path) -> bytes:
    with opened(path) as stream:
        return stream.read(_PIECE)


def _digest(path: Path) -> bytes:
    found = blake2b(digest_size=32)
    with opened(path) as stream:
        while piece := stream.read(_PIECE):
            found.update(piece)
    return found.digest()
