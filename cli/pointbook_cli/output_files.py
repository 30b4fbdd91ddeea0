"""Output files that appear whole or not at all, and never in place of what is read."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pointbook.loading import PROGRAM_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence


class OutputFolder:
    """Files being written in a hidden folder of their own, moved into place together by `commit`.

    The hidden folder has a random name and is locked, so that two runs never write to the same file,
    and what a killed run left behind is known to be nobody's and deleted by the next one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = [path for path in (folder, *folder.parents) if not path.exists()]
        self._begun: set[str] = set()
        self._streams = ExitStack()
        self._obsolete: frozenset[str] = frozenset()
        folder.mkdir(parents=True, exist_ok=True)
        _delete_abandoned(folder)
        self._hidden, self._lock = _hidden_folder(folder)

    @property
    def scratch(self) -> Path:
        """A folder for a library to work in, not made yet; at the end it is gone."""
        return self._hidden / "scratch"

    def path(self, name: str) -> Path:
        """Where to write the file that will be called `name`.

        Raises:
            click.BadParameter: There is a folder of that name.
        """
        target = self._folder / name
        if target.is_dir():
            raise click.BadParameter(
                f"{target} is a folder, where a file of that name is to be written", param_hint="--out"
            )
        self._begun.add(name)
        return self._hidden / f"new-{name}"

    def file(self, name: str) -> IO[str]:
        """A new text file, UTF-8 with line feeds, that will be called `name`.

        Raises:
            click.BadParameter: There is a folder of that name.
        """
        return self._streams.enter_context(self.path(name).open("w", encoding="utf-8", newline=""))

    def replaces(self, names: Iterable[str]) -> None:
        """Files of these names, where they are not written anew, are deleted by `commit`."""
        self._obsolete = frozenset(names)

    def begin_anew(self) -> None:
        """Forget the files that were begun; others, or the same, are written in their place."""
        with suppress(OSError):  # a full disk fails once more where the rest is written out
            self._streams.close()
        for name in self._begun:
            with suppress(OSError):  # it was not begun, or the disk has become one to read only
                (self._hidden / f"new-{name}").unlink()
        self._begun.clear()

    def close(self) -> None:
        """Write out what is still in memory: what can fail of writing has then been done."""
        self._streams.close()

    def commit(self) -> None:
        """Move every file into place. A signal that would end the run waits until all of them are there."""
        self.close()
        for name in sorted(self._begun):
            (self._hidden / f"new-{name}").replace(self._folder / name)
        for name in sorted(self._obsolete - self._begun):
            if (self._folder / name).is_file():
                (self._folder / name).unlink()
        self._clean()

    def abandon(self) -> None:
        """Delete every temporary file, and the folder if it was made for them."""
        self.begin_anew()
        self._clean()
        for folder in self._made:
            with suppress(OSError):  # something of somebody else's is in it
                folder.rmdir()

    def _clean(self) -> None:
        shutil.rmtree(self._hidden, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


_PREFIX, _ENDING = ".pointbook-", ".tmp"


def _hidden_folder(folder: Path) -> tuple[Path, int | None]:
    """A new hidden folder, and the lock on it where the system has such."""
    while True:
        hidden = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_ENDING, dir=folder))
        lock = _locked(hidden)
        if lock is None or hidden.exists():
            return hidden, lock
        os.close(lock)  # another run took it for a killed one's, in the moment before the lock


def _locked(hidden: Path) -> int | None:
    """A lock on the folder; None where another run has it, or the file system knows none."""
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - Windows has none

    descriptor = None
    try:
        descriptor = os.open(hidden, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if descriptor is not None:
            os.close(descriptor)
        return None
    return descriptor


def _delete_abandoned(folder: Path) -> None:
    """Delete what runs left behind that were killed: folders of theirs that nobody has locked."""
    for hidden in sorted(folder.glob(f"{_PREFIX}*{_ENDING}")):
        lock = _locked(hidden)
        if lock is not None:
            shutil.rmtree(hidden, ignore_errors=True)
            os.close(lock)


_ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals that end the run wait until this is done."""
    if threading.current_thread() is not threading.main_thread():  # only there Python handles signals
        yield
        return
    waiting: list[int] = []
    numbers = (getattr(signal, name) for name in _ENDING_SIGNALS if hasattr(signal, name))
    handlers = {number: signal.getsignal(number) for number in numbers}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    for number in handlers:
        signal.signal(number, lambda number, _: waiting.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in waiting:
            signal.raise_signal(number)


WRITTEN = "the results were written"
"""Note on what ends a run after its results are in place."""


@contextmanager
def output_folders(paths: Sequence[Path]) -> Iterator[list[OutputFolder]]:
    """Folders to write results to, made where they are missing; all results move into place as one.

    On an error nothing is left behind.

    Raises:
        click.BadParameter: One of them is a file, or cannot be written to.
    """
    outputs: list[OutputFolder] = []
    written = False
    try:
        outputs.extend(OutputFolder(folder) for folder in paths)
        yield outputs
        for output in outputs:
            output.close()
        with _undisturbed():
            for output in outputs:
                output.commit()
            written = True
    except BaseException as error:
        if written:
            error.add_note(WRITTEN)
            raise
        for output in outputs:
            output.abandon()
        if isinstance(error, OSError) and paths:
            reason = (error.strerror or "it cannot be written to").lower()
            named = paths[min(len(outputs), len(paths) - 1)]
            message = f"{named}: {reason}; name a folder that can be written to"
            raise click.BadParameter(message, param_hint="--out") from error
        raise


@contextmanager
def output_folder(folder: Path) -> Iterator[OutputFolder]:
    """One folder to write results to (`output_folders`)."""
    with output_folders([folder]) as outputs:
        yield outputs[0]


@contextmanager
def output_files(paths: Sequence[Path]) -> Iterator[list[IO[str]]]:
    """Text files, all of them written whole, or none (`output_folders`)."""
    with output_folders([path.parent for path in paths]) as folders:
        yield [folder.file(path.name) for folder, path in zip(folders, paths, strict=True)]


def refuse_replaced_sources(outputs: Collection[Path], sources: Iterable[str], by: str) -> None:
    """Refuse to write over what is read.

    Args:
        outputs: The files to be written, by `real`.
        sources: Files, folders and patterns to be read, as they were typed.
        by: What would be in their place, and what to do instead.

    Raises:
        click.BadParameter: One of the files is both.
    """
    for source in sources:
        for path in _files_of(source):
            if real(path) in outputs:
                raise click.BadParameter(f"{path} is read, and would be replaced by {by}", param_hint="--out")


def real(path: Path) -> Path:
    """The path with links followed, as far as they lead somewhere: one that leads to itself is its own."""
    return Path(os.path.realpath(path))


def _files_of(source: str) -> Iterator[Path]:
    """The files that a source may mean: itself, those of a folder, those that a pattern matches."""
    for path in (Path(source), *map(Path, glob.glob(source, recursive=True))):  # noqa: PTH207 - a pattern as it was typed
        yield path
        if path.is_dir():
            yield from path.iterdir()


def refuse_rules_folder(folder: Path) -> None:
    """Refuse to write among rules.

    Raises:
        click.BadParameter: The folder is a program's, or lies in one.
    """
    if any(os.path.exists(place / PROGRAM_FILE) for place in (folder, real(folder).parent)):  # noqa: PTH110 - that of paths can fail
        message = f"{folder} belongs to a program; name a folder outside of it"
        raise click.BadParameter(message, param_hint="--out")
