"""The only module of the engine that reads files.

Names are given back as the user would type them: relative to the working directory where they lie
inside it, with forward slashes, so that results do not depend on the machine.
"""

from __future__ import annotations

import errno
import glob
import importlib.resources
import re
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.source.elsewhere import refuse_address, refuse_table
from pointbook.source.endings import CSV, JSON_LINES, PARQUET, ending_of
from pointbook.source.instead import bytes_instead
from pointbook.source.other_formats import UNPACKERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

STDIN = "-"
_HIDDEN = (".", "_")
_PATTERN = re.compile(r"[*?[]")


_LEFT_BEHIND = re.compile(
    r"[.].*|~[$].*|#.*#|.*~|.*[.]sw[a-z]|.*[.]schema[.]json|thumbs[.]db|desktop[.]ini", re.IGNORECASE
)


def left_behind(name: str) -> bool:
    """Whether a file's name shows that a program left it there, and that no person wrote it to be read.

    Hidden files, Emacs' and Vim's copies while a file is being edited (`.#a.yaml`, `#a.yaml#`, `a.yaml~`,
    `.a.yaml.swp`), locks of office programs (`~$a.csv`), notes of file managers (`._a.yaml`, `Thumbs.db`),
    and schemas for editors.
    """
    return _LEFT_BEHIND.fullmatch(name) is not None


def shown_name(path: Path | str) -> str:
    """How a path is called in positions and results."""
    if str(path) == STDIN:
        return "<stdin>"
    path = Path(path)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_posix()
    return path.as_posix()


def can_be_read_once(source: Path | str) -> bool:
    """Whether a source is gone when it was read: standard input, or a pipe."""
    return str(source) == STDIN or Path(source).is_fifo()


def bytes_of(path: Path | str) -> bytes:
    """A file's bytes.

    Raises:
        InputError: It does not exist, is a folder, or may not be read.
    """
    tried = bytes_instead(path)
    if tried is not None:
        return tried
    try:
        return sys.stdin.buffer.read() if str(path) == STDIN else Path(path).read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def is_file(path: Path | str) -> bool:
    """Whether there is a file.

    Raises:
        InputError: It cannot be told, such as where the name is too long.
    """
    try:
        return Path(path).is_file()
    except OSError as error:
        raise unreadable(path, error) from error


def is_folder(path: Path | str) -> bool:
    """Whether there is a folder.

    Raises:
        InputError: As with `is_file`.
    """
    try:
        return Path(path).is_dir()
    except OSError as error:
        raise unreadable(path, error) from error


def opened(path: Path | str) -> IO[bytes]:
    """A file opened for reading bytes as a stream; `-` is standard input.

    Raises:
        InputError: It does not exist, is a folder, or may not be read.
    """
    try:
        return sys.stdin.buffer if str(path) == STDIN else Path(path).open("rb")
    except OSError as error:
        raise unreadable(path, error) from error


def unnamed_file(folder: Path | None) -> IO[bytes]:
    """A file for what does not fit into memory, which is gone once it is closed, however the run ends.

    Args:
        folder: Where it lies; None for the system's folder of such files.
    """
    return tempfile.TemporaryFile(dir=folder)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as a tree of documents (`pointbook.loading.documents.Tree`)."""

    path: Path

    def shown(self, path: str = "") -> str:
        """How a file in it is called in positions."""
        return shown_name(self.path / path)

    def entries(self, folder: str) -> dict[str, bool]:
        """By the name of what lies directly in `folder`: whether that is a folder."""
        inside = self.path / folder
        try:
            found = sorted(inside.iterdir(), key=lambda path: path.name) if inside.is_dir() else ()
            return {path.name: path.is_dir() for path in found}
        except OSError as error:
            raise unreadable(inside, error) from error

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        return bytes_of(self.path / path)


def data_files(source: Path | str) -> tuple[Path | str, ...]:
    """The files of a log that `source` names: a file, a folder, a pattern such as `events/*.parquet`, or `-`.

    Files of a folder and of a pattern come in the order of their paths. Those in folders within are
    among them; what begins with `.` or `_` is not, because exporting programs leave their notes
    under such names, nor is what editors and office programs leave. A folder's name is never a value,
    even if it reads `key=value`.

    Raises:
        InputError: It names nothing, a folder with anything else in it, or files of a table whose own
            log says which of their rows still count.
    """
    found = _named_files(source)
    for folder in dict.fromkeys(folder for path in found for folder in Path(path).absolute().parents):
        refuse_table(folder, shown_name(folder))
    return found


def _named_files(source: Path | str) -> tuple[Path | str, ...]:
    path = Path(source)
    if str(source) == STDIN or is_file(path):
        return (source,)
    if not path.exists():
        refuse_address(str(source))
    if not (is_folder(path) or _PATTERN.search(str(source))):
        return (source,)
    if is_folder(path):
        return _files_in(path)
    matches = sorted(map(Path, glob.glob(str(source), recursive=True)), key=Path.as_posix)  # noqa: PTH207 - any path
    found = [
        file
        for match in matches
        if not match.name.startswith(_HIDDEN) and not left_behind(match.name)
        for file in (_files_in(match) if match.is_dir() else (match,))
    ]
    if not found:
        message = "no file matches this pattern"
        raise InputError(shown_name(source), message, "check the name and the folder you are in")
    return tuple(dict.fromkeys(found))  # `**` matches a folder and what is in it


def _files_in(folder: Path) -> tuple[Path, ...]:
    """Every file of a log in a folder and the folders in it."""
    found = [
        path
        for path in sorted(folder.rglob("*"), key=Path.as_posix)
        if path.is_file()
        and not left_behind(path.name)
        and not any(part.startswith(_HIDDEN) for part in path.relative_to(folder).parts)
    ]
    name = shown_name(folder)
    if not found:
        message = "there is no file in this folder"
        raise InputError(name, message, "name a folder with Parquet, CSV or JSON Lines files")
    strange = [path for path in found if ending_of(path) not in (*PARQUET, *JSON_LINES, *CSV)]
    if strange:
        message = f"{shown_name(strange[0])} is neither Parquet nor CSV nor JSON Lines, by its name"
        hint = "move it elsewhere, or name the files to be read by a pattern, such as `events/*.parquet`"
        if unpacker := UNPACKERS.get(strange[0].suffix.lower()):
            hint = f"unpack it first: `{unpacker} {shlex.quote(shown_name(strange[0]))}`; or {hint}"
        raise InputError(name, message, hint)
    return tuple(found)


def schema_text(name: str) -> str:
    """The text of a JSON Schema that the engine ships, by its name without ending."""
    folder = importlib.resources.files("pointbook.structure") / "schemas"
    return (folder / f"{name}.schema.json").read_text(encoding="utf-8")


def catalogue_texts() -> dict[str, str]:
    """The files of the catalogue: their texts by name."""
    return dict(_texts_below(importlib.resources.files("pointbook.catalogue") / "texts", ""))


def new_program_texts() -> dict[str, str]:
    """The files that a new program is made from: their texts, by path in its folder."""
    folder = importlib.resources.files("pointbook.authoring") / "new_program"
    return {path.removesuffix("-template"): text for path, text in _texts_below(folder, "")}


def _texts_below(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts_below(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry.read_text(encoding="utf-8")


def timezone_data(key: str) -> IO[bytes]:
    """The compiled rules of the time zone `key`, as the tzdata package ships them.

    The operating system's own copy is not used: two machines could disagree.

    Raises:
        LookupError: There is no such time zone.
    """
    *folders, name = key.split("/")
    if not all(
        part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in (*folders, name)
    ):
        raise LookupError(key)
    try:
        package = importlib.resources.files(".".join(("tzdata", "zoneinfo", *folders)))
        return (package / name).open("rb")
    except (ModuleNotFoundError, FileNotFoundError, IsADirectoryError) as error:
        raise LookupError(key) from error


def timezone_names() -> tuple[str, ...]:
    """Every IANA time zone name there is, sorted."""
    text = (importlib.resources.files("tzdata") / "zones").read_text(encoding="utf-8")
    return tuple(sorted(text.split()))


def unreadable(path: Path | str, error: OSError) -> InputError:
    """What is said of a file that cannot be read."""
    name = shown_name(path)
    if isinstance(error, FileNotFoundError):
        if Path(name).is_symlink():
            message = "there is no such file: this is a link to nothing"
            return InputError(name, message, "put the file there, or let the link lead to where it is")
        return InputError(name, "there is no such file", "check the name and the folder you are in")
    if isinstance(error, IsADirectoryError):
        return InputError(name, "this is a folder, not a file", "name the file in it")
    if error.errno == errno.ENAMETOOLONG:
        return InputError(name, "this name is too long", "check the name")
    if error.errno == errno.ELOOP:
        return InputError(name, "this link leads to itself", "name the file itself")
    reason = error.strerror or type(error).__name__
    return InputError(name, f"it cannot be read: {reason.lower()}", "check the file's permissions")
