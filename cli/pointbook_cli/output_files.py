"""Output files that appear whole and together, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TYPE_CHECKING

import click

from pointbook.diagnostics import InputError
from pointbook_cli.hidden_folder import (
    COMPLETE,
    GONE,
    MOVING,
    NEW,
    OLD,
    Reads,
    begin_to_move,
    discard,
    forget,
    hidden_folder,
    is_of_parts,
    keep,
    move,
    put_back,
    refuse_changed,
    settle_abandoned,
    sha256_in,
    text_in,
)
from pointbook_cli.output_paths import real
from pointbook_cli.undisturbed import undisturbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


class OutputFolder:
    """Files being written in a hidden folder of their own, moved into place together by `commit`.

    The hidden folder is this run's alone; what a killed run left behind is settled by the next one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = [path for path in (folder, *folder.parents) if not path.exists()]
        self._begun: set[str] = set()
        self._streams = ExitStack()
        self._obsolete: frozenset[str] = frozenset()
        self._unkept: set[str] = set()
        self._read: Reads = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            settle_abandoned(folder)
            self._hidden, self._lock = hidden_folder(folder)
        except OSError:
            self._remove_made()
            raise

    @property
    def scratch(self) -> Path:
        """A folder for a library to work in, not made yet; at the end it is gone."""
        return self._hidden / "scratch"

    def path(self, name: str) -> Path:
        """Where to write the file that will be called `name` (`b.csv`, `a/b.csv`), or make a folder of parts.

        Raises:
            click.BadParameter: There is another folder of that name.
        """
        target = self.folder / name
        if target.is_dir() and not is_of_parts(target):
            raise click.BadParameter(
                f"{target} is a folder, where a file of that name is to be written", param_hint="--out"
            )
        self._begun.add(name)
        path = self._hidden / f"{NEW}{name}"
        if path.parent != self._hidden:
            path.parent.mkdir(parents=True, exist_ok=True)
            above = target.relative_to(self.folder).parents[:-1]
            inner = [self.folder / folder for folder in above]
            self._made[:0] = [folder for folder in inner if folder not in self._made and not folder.exists()]
        return path

    def file(self, name: str) -> IO[str]:
        """A new text file, UTF-8 with line feeds, that will be called `name`.

        Raises:
            click.BadParameter: There is a folder of that name.
        """
        return self._streams.enter_context(self.path(name).open("w", encoding="utf-8", newline=""))

    def replaces_text(self, name: str, text: str | None) -> IO[str]:
        """As `file`; `commit` refuses to replace another text than was read there, None for no file."""
        self._read[name] = (text_in, text)
        return self.file(name)

    def depends_on(self, name: str, digest: str) -> None:
        """Refuse what was made of a file that has another digest now, or when `commit` writes it."""
        self._read[name] = (sha256_in, digest)
        refuse_changed(self.folder, self._read)

    def replaces(self, names: Iterable[str]) -> None:
        """Files of these names, where they are not written anew, are deleted by `commit`."""
        self._obsolete = frozenset(names)

    def begin_anew(self) -> None:
        """Forget the files that were begun; others, or the same, are written in their place."""
        with suppress(OSError):  # a full disk fails once more where the rest is written out
            self._streams.close()
        for name in self._begun:
            with suppress(OSError):  # it was not begun, or the disk has become one to read only
                discard(self._hidden / f"{NEW}{name}")
        self._begun.clear()

    def close(self) -> None:
        """Write out what is still in memory, and keep what will be replaced: little can fail after that."""
        self._streams.close()
        for name in sorted(self._begun | self._obsolete):
            if not keep(self._hidden, name):
                self._unkept.add(name)
            if name not in self._begun and os.path.lexists(self.folder / name):
                (self._hidden / f"{GONE}{name}").touch()
        (self._hidden / COMPLETE).touch()

    def commit(self) -> None:
        """Move every file into place; of a run that is killed meanwhile, the next one moves the rest."""
        begin_to_move(self._hidden)
        refuse_changed(self.folder, self._read)
        move(self._moving, self.folder)

    @property
    def _moving(self) -> Path:
        return self.folder / MOVING

    def end(self) -> None:
        """Delete the hidden folder, after `commit`."""
        self._no_longer_moving()
        self._clean()

    def _no_longer_moving(self) -> None:
        try:
            self._moving.rename(self._hidden)
        except OSError:  # a full disk may have no room for another name
            self._hidden = self._moving

    def take_back(self) -> None:
        """Undo what there is of a `commit` that failed.

        Raises:
            OSError: That fails too; the next run moves the rest into place.
        """
        if self._hidden.exists():
            return
        moved = {name for name in self._begun if not os.path.lexists(self._moving / f"{NEW}{name}")}
        if moved & self._unkept:
            raise OSError(errno.ENOTSUP, "what was replaced could not be kept")
        for name in sorted(self._begun | self._obsolete):
            old, target = self._moving / f"{OLD}{name}", self.folder / name
            if os.path.lexists(old):
                put_back(old, target)
            elif name in moved:
                discard(target)
        self._no_longer_moving()
        forget(self._hidden)

    def abandon(self) -> None:
        """Delete every temporary file, and the folder if it was made for them."""
        self.begin_anew()
        self._clean()
        self._remove_made()

    def _remove_made(self) -> None:
        for folder in self._made:
            with suppress(OSError):  # something of somebody else's is in it
                folder.rmdir()

    def _clean(self) -> None:
        shutil.rmtree(self._hidden, ignore_errors=True)
        self.unlock()

    def unlock(self) -> None:
        """Leave what there is to the next run."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


WRITTEN = "the results were written"
"""Note on what ends a run after its results are in place."""


@contextmanager
def output_folders(paths: Sequence[Path]) -> Iterator[list[OutputFolder]]:
    """Different folders to write results to, made where they are missing; all results move into place as one.

    On an error nothing is left behind.

    Raises:
        click.BadParameter: One of them is a file, or cannot be written to.
    """
    outputs: list[OutputFolder] = []
    written = False
    try:
        with undisturbed():  # so that each that was made is known here
            outputs.extend(OutputFolder(folder) for folder in paths)
        yield outputs
        for output in outputs:
            output.close()
        with undisturbed():
            _commit(outputs)
            written = True
            for output in outputs:
                output.end()
    except _UnfinishedError as error:
        for output in outputs:
            output.unlock()
        raise click.BadParameter(str(error), param_hint="--out") from error
    except BaseException as error:
        if written:
            error.add_note(WRITTEN)
            raise
        for output in outputs:
            output.abandon()
        if isinstance(error, OSError) and paths:
            named = paths[min(len(outputs), len(paths) - 1)]
            message = f"{named}: {_reason(error)}; name a folder that can be written to"
            raise click.BadParameter(message, param_hint="--out") from error
        raise


class _UnfinishedError(Exception):
    """Results are neither wholly in place nor taken back."""


def _commit(outputs: Sequence[OutputFolder]) -> None:
    """Move all results into place, or none.

    Raises:
        OSError, InputError: None of them is in place.
        _UnfinishedError: Some are; it says what to do.
    """
    try:
        for output in sorted(outputs, key=lambda one: real(one.folder)):  # two runs never wait for each other
            output.commit()
    except (OSError, InputError) as error:
        try:
            for output in outputs:
                output.take_back()
        except OSError:
            message = (
                f"the results could be neither all moved into place nor all taken back: {_reason(error)};"
                " when the folder can be written to again, the next run into it moves the rest"
            )
            raise _UnfinishedError(message) from error
        raise


def _reason(error: OSError | InputError) -> str:
    said = error.message if isinstance(error, InputError) else error.strerror
    return (said or "it cannot be written to").lower()


@contextmanager
def output_folder(folder: Path) -> Iterator[OutputFolder]:
    """One folder to write results to (`output_folders`)."""
    with output_folders([folder]) as outputs:
        yield outputs[0]


@contextmanager
def output_files(paths: Sequence[Path]) -> Iterator[list[IO[str]]]:
    """Text files, all of them written whole, or none (`output_folders`)."""
    by_place: dict[Path, Path] = {}
    for path in paths:
        by_place.setdefault(real(path.parent), path.parent)
    with output_folders(list(by_place.values())) as folders:
        found = dict(zip(by_place, folders, strict=True))
        yield [found[real(path.parent)].file(path.name) for path in paths]
