"""`pointbook gitdiff`: what git calls to compare a file of a program."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

import click

from pointbook.diagnostics import InputError, RulesError
from pointbook.guardrails.whole_programs import whole_difference
from pointbook.loading import PROGRAM_FILE, SCENARIOS_FOLDER, SURVIVORS_FILE, loaded_from
from pointbook.loading.documents import documents_in
from pointbook.loading.edited import EditedTree
from pointbook.source.files import Folder, bytes_of
from pointbook_cli.reporters.changes.text import difference_text
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.painting import CHANGES, LINES
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNMERGED, _COMPARED, _RENAMED = 1, 7, 9
"""How many arguments git gives. Source: git(1), "GIT_EXTERNAL_DIFF"; of a renamed file two more."""


class _Side(NamedTuple):
    """A file before or after.

    Attributes:
        path: From the root of the repository.
        data: What is in it; None where there is none.
        mode: Its mode, as git writes it.
    """

    path: str
    data: bytes | None
    mode: str


@click.command(
    context_settings={"ignore_unknown_options": True},  # a path may begin with a hyphen
    epilog="Example: pointbook gitdiff club/versions/2025.yaml /tmp/old 1f3a 100644 /tmp/new 2b4c 100644",
)
@click.argument(
    "given",
    metavar="PATH [OLD_FILE OLD_HEX OLD_MODE NEW_FILE NEW_HEX NEW_MODE [NEW_PATH SIMILARITY]]",
    nargs=-1,
    type=click.UNPROCESSED,
)
def command(given: tuple[str, ...]) -> int:
    """Have `git diff` show what the change of a file changes in meaning, above its lines.

    Git calls it for the files that .gitattributes gives `diff=pointbook`, once the driver is known:

        git config diff.pointbook.command 'pointbook gitdiff'

    The rest of the program is as it stands in the working tree. Where rules cannot be read, the reason is
    said, and the lines are shown all the same.

    Exit code 0 whatever is compared, since git stops at any other.
    """
    if len(given) == _UNMERGED:
        say(f"* Unmerged path {printable(given[0])}")
        return 0
    if len(given) not in {_COMPARED, _RENAMED}:
        raise click.UsageError("git calls this command; `git config diff.pointbook.command` names it")
    path, old_file, _, old_mode, new_file, _, new_mode = given[:_COMPARED]
    try:
        old = _Side(path, _data(old_file), old_mode)
        new = _Side(given[_COMPARED] if len(given) == _RENAMED else path, _data(new_file), new_mode)
    except InputError as error:
        say(f"Not compared: {printable(str(error))}")
        return 0
    say(_meaning(old, new), CHANGES)
    say("".join(f"{line}\n" for line in _lines(old, new)), LINES, nl=False)
    return 0


def _data(file: str) -> bytes | None:
    return None if file == os.devnull else bytes_of(file)


def _meaning(old: _Side, new: _Side) -> str:
    """What changes in meaning, or why that cannot be told; of two programs, if a file went to another."""
    folders = {folder for side in (old, new) if (folder := _program_of(side.path)) is not None}
    if not folders:
        return f"Not compared in meaning: there is no program around {printable(f'b/{new.path}')}\n"
    return "".join(_meaning_in(folder, old, new) for folder in sorted(folders))


def _meaning_in(folder: str, old: _Side, new: _Side) -> str:
    try:
        before, after = _inside(folder, old), _inside(folder, new)
        nowhere = dict.fromkeys((*before, *after))
        if all(map(_decides_no_figures, nowhere)):
            return "Not compared in meaning: what scenarios expect decides no figures\n"
        trees = [
            EditedTree(Folder(Path(folder)), "a/", nowhere | before),
            EditedTree(Folder(Path(folder)), "b/", nowhere | after),
        ]
        programs = [loaded_from(documents_in(tree)).usable() for tree in trees]
        names = f"a/{old.path}", f"b/{new.path}"
        difference = whole_difference((trees[0], trees[1]), (programs[0], programs[1]), names)
        return f"{difference_text(difference)}\n"
    except RulesError as error:
        first = error.errors[0]
        reason = f"{first.span}: {first.message}"
    except InputError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - git would show nothing of what comes after this file
        reason = f"internal error, please report it: {error!r}"
    return f"Not compared in meaning: {printable(reason)}\n"


def _decides_no_figures(path: str) -> bool:
    """Whether a file of a program, by its path in the folder, only says what must come of rules."""
    return path == SURVIVORS_FILE or PurePosixPath(path).parts[0] == SCENARIOS_FOLDER


def _program_of(path: str) -> str | None:
    """The folder of the program that a file belongs to, from the root; None where there is none."""
    for folder in PurePosixPath(path).parents:
        if PurePosixPath(path) == folder / PROGRAM_FILE or os.path.isfile(folder / PROGRAM_FILE):  # noqa: PTH113 - that of paths can fail
            return folder.as_posix()
    return None


def _inside(folder: str, side: _Side) -> dict[str, bytes | None]:
    """The file by its path in the program's folder; nothing, if it was or is somewhere else."""
    path = PurePosixPath(side.path)
    return {path.relative_to(folder).as_posix(): side.data} if path.is_relative_to(folder) else {}


def _lines(old: _Side, new: _Side) -> Iterator[str]:
    """The lines that differ, as git has them without colours."""
    yield f"diff --git a/{printable(old.path)} b/{printable(new.path)}"
    if old.data is None:
        yield f"new file mode {new.mode}"
    elif new.data is None:
        yield f"deleted file mode {old.mode}"
    elif old.mode != new.mode:
        yield from (f"old mode {old.mode}", f"new mode {new.mode}")
    if old.path != new.path:
        yield from (f"rename from {printable(old.path)}", f"rename to {printable(new.path)}")
    before = os.devnull if old.data is None else f"a/{printable(old.path)}"
    after = os.devnull if new.data is None else f"b/{printable(new.path)}"
    old_lines, new_lines = (
        (side.data or b"").decode("utf-8", "backslashreplace").replace("\t", " ").split("\n")
        for side in (old, new)
    )
    for line in unified_diff(_ended(old_lines), _ended(new_lines), before, after):
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _ended(lines: list[str]) -> list[str]:
    """The lines with their ends; nothing comes after the last one."""
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
