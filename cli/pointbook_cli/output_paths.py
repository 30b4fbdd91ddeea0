"""Where results may go: never in place of what is read, nor among rules."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import closest
from pointbook.loading import PROGRAM_FILE
from pointbook.source.files import shown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


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
        if os.path.isdir(path):  # noqa: PTH112 - that of paths can fail
            yield from path.iterdir()


def refuse_rules_folder(folder: Path) -> None:
    """Refuse to write among rules.

    Raises:
        click.BadParameter: The folder is a program's, or lies in one.
    """
    if any(os.path.exists(place / PROGRAM_FILE) for place in (folder, real(folder).parent)):  # noqa: PTH110 - that of paths can fail
        message = f"{folder} belongs to a program; name a folder outside of it"
        raise click.BadParameter(message, param_hint="--out")


def refuse_missing_folders(folder: Path, others: Collection[Path] = ()) -> None:
    """Refuse a folder in one that is missing too: most likely its name is a slip.

    Args:
        folder: Where results go; it alone is made where it is missing.
        others: Further folders that results go to.

    Raises:
        click.BadParameter: More than one folder would have to be made.
    """
    above = [path for path in folder.parents if path not in others and not os.path.lexists(path)]
    if not above:
        return
    first = above[-1]
    try:
        there = sorted(path.name for path in first.parent.iterdir() if path.is_dir())
    except OSError:  # what may not be looked at has no names to offer
        there = []
    near = closest(first.name, there)
    hint = (
        f"did you mean `{shown_name(first.parent / near)}`?"
        if near is not None
        else "make it first, or name another"
    )
    message = f"{shown_name(folder)}: there is no folder `{shown_name(first)}` to make one in; {hint}"
    raise click.BadParameter(message, param_hint="--out")
