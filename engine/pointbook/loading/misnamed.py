"""What lies in a program folder under nearly the name of something that is read, and so is passed over.

A gate that passed over it would be green for rules that it has not looked at. Commits are not searched:
what they have was read as it was, and can no longer be renamed.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Span
from pointbook.loading.documents import (
    APPROVALS_FILE,
    GUARDRAILS_FILE,
    LOCK_FILE,
    PROGRAM_FILE,
    SCENARIOS_FOLDER,
    SURVIVORS_FILE,
    VERSIONS_FOLDER,
    YAML_ENDINGS,
    yaml_files,
)
from pointbook.source.files import left_behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.loading.documents import Tree

_NAMES = (
    PROGRAM_FILE,
    GUARDRAILS_FILE,
    APPROVALS_FILE,
    SURVIVORS_FILE,
    VERSIONS_FOLDER,
    SCENARIOS_FOLDER,
)
_LIMITS = (GUARDRAILS_FILE, APPROVALS_FILE)
_FOLDERS = (VERSIONS_FOLDER, SCENARIOS_FOLDER)
_ALIKE, _ALIKE_ENDING = 0.8, 0.75
"""How much of two names must agree: `programme` and `program` do, `progress` does not; `yalm`, not `xml`."""
_COPIES = frozenset(("bak", "backup", "copy", "old", "orig", "rej", "save", "tmp"))
"""Endings by which programs and people put a copy aside."""


def misnamed(tree: Tree, *names: str) -> tuple[Finding, ...]:
    """An error for each file and folder that was meant to be read and is not, because of its name.

    Args:
        tree: A program folder.
        names: What is looked for, as the folder should call it; everything if none is given.

    Raises:
        InputError: The folder may not be read.
    """
    wanted = names or _NAMES
    found = [*_beside(tree, wanted)]
    if tree.entries("").get(PROGRAM_FILE) is False:  # else any folder, of whatever size, would be searched
        found += _below(tree, wanted)
    if not names or LOCK_FILE in names:
        found += _locks(tree)
    for folder in _FOLDERS:
        if folder in wanted:
            found += _inside(tree, folder)
    return tuple(found)


def _nearly_yaml(name: str) -> bool:
    """Whether a file's name shows that it was to end with .yaml: `a.yaml.txt`, `a.yalm`, no copy."""
    endings = _endings(name)
    return (
        PurePosixPath(name).suffix.lower() not in YAML_ENDINGS
        and not _is_copy(name)
        and any(map(_like_yaml, endings[-2:]))
    )


def said_once(found: Iterable[Finding], wrong: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """All findings; where a name is wrong, the warning that the file is not read says nothing more."""
    places = {finding.span for finding in wrong}
    return (*(finding for finding in found if finding.span not in places), *wrong)


def _beside(tree: Tree, wanted: tuple[str, ...]) -> Iterator[Finding]:
    """What has nearly one of the names at the top of the folder."""
    entries = tree.entries("")
    for name, is_folder in entries.items():
        if left_behind(name) or (entries.get(name) is (name in _FOLDERS) and name in _NAMES):
            continue
        if is_folder and name in wanted:
            yield _instead_of_file(tree, name)
            continue
        right = _meant(name, is_folder=is_folder)
        if right not in wanted or (is_folder and not yaml_files(tree, name)[0]):
            continue
        is_there = entries.get(right) is (right in _FOLDERS)
        if is_there and not _is_close(name, right):
            continue  # a copy put aside, `program-old.yaml`
        message, hint = _words(name, right, is_folder=is_folder, is_there=is_there)
        yield Finding(Span(tree.shown(name)), "misnamed", message, hint)


def _locks(tree: Tree) -> Iterator[Finding]:
    """A lock under another name: nothing that was published would be held fast."""
    entries = tree.entries("")
    if entries.get(LOCK_FILE) is False:
        return
    if LOCK_FILE in entries:
        yield _instead_of_file(tree, LOCK_FILE)
    for name, is_folder in entries.items():
        whole = name.casefold()
        if is_folder or left_behind(name) or _is_copy(name) or not ("version" in whole and "lock" in whole):
            continue
        message = f"the file `{name}` is not read; what is read is called `{LOCK_FILE}`"
        yield Finding(Span(tree.shown(name)), "misnamed", message, f"rename it to `{LOCK_FILE}`")


def _instead_of_file(tree: Tree, name: str) -> Finding:
    """A folder under the name of a file, whatever is in it."""
    message = f"`{name}` is a folder, of which nothing is read; it must be a file"
    hint = "restore the file with git, or move the folder elsewhere"
    return Finding(Span(tree.shown(name)), "misnamed", message, hint)


def _below(tree: Tree, wanted: tuple[str, ...], folder: str = "") -> Iterator[Finding]:
    """Limits and approvals in a folder of the program, where they are not beside program.yaml."""
    missing = [right for right in _LIMITS if right in wanted and tree.entries("").get(right) is not False]
    for name, is_folder in tree.entries(folder).items():
        path = PurePosixPath(folder, name).as_posix()
        if not missing or left_behind(name) or (not folder and name in _NAMES):
            continue
        if is_folder:
            if PROGRAM_FILE not in tree.entries(path):  # else it is a program of its own
                yield from _below(tree, wanted, path)
        elif folder and _could_be_yaml(name):
            for right in missing:
                if _is_close(name, right):
                    message = f"this file is not read; what is read is `{right}` beside {PROGRAM_FILE}"
                    hint = f"move it there, and call it `{right}`"
                    yield Finding(Span(tree.shown(path)), "misnamed", message, hint)


def _meant(name: str, *, is_folder: bool) -> str:
    """Which of the names a file or folder was meant to have; empty for none."""
    if not is_folder and not _could_be_yaml(name):
        return ""
    for right in _NAMES:
        # A folder called `programs` holds programs.
        if is_folder and right == PROGRAM_FILE:
            continue
        if _is_close(name, right) or _plain(name).startswith(_plain(right)):
            return right
    return ""


def _could_be_yaml(name: str) -> bool:
    endings = _endings(name)
    return not endings or any(_like_yaml(ending) for ending in endings) or endings == ["json"]


def _words(name: str, right: str, *, is_folder: bool, is_there: bool) -> tuple[str, str]:
    """Message and hint."""
    kind, shown = ("folder", f"{name}/") if is_folder else ("file", name)
    read = f"{right}/" if right in _FOLDERS else right
    message = f"the {kind} `{shown}` is not read; what is read is called `{read}`"
    if is_folder is not (right in _FOLDERS):
        each = (
            f"give each of the {right} a file of its own in"
            if right in _FOLDERS
            else "put all into the one file"
        )
        return message, f"{each} `{read}`"
    if not is_there:
        return message, f"rename it to `{read}`"
    if is_folder:
        return message, f"move its files to `{read}`, which is there too, or out of the program's folder"
    return message, f"keep what is right as `{read}`, which is there too, and delete this one"


def _inside(tree: Tree, folder: str) -> Iterator[Finding]:
    """Files of a folder whose ending is nearly that of YAML."""
    for name, is_folder in tree.entries(folder).items():
        if not is_folder and not left_behind(name) and _nearly_yaml(name):
            right = f"{_stem(name)}.yaml"
            path = PurePosixPath(folder, name).as_posix()
            message = "this file is not read, because its name does not end with .yaml"
            yield Finding(
                Span(tree.shown(path)), "misnamed", message, f"rename it to `{right}`, or move it elsewhere"
            )


def _is_close(name: str, right: str) -> bool:
    return not _is_copy(name) and SequenceMatcher(None, _plain(name), _plain(right)).ratio() >= _ALIKE


def _is_copy(name: str) -> bool:
    return not _COPIES.isdisjoint(_endings(name))


def _like_yaml(ending: str) -> bool:
    return any(SequenceMatcher(None, f".{ending}", right).ratio() > _ALIKE_ENDING for right in YAML_ENDINGS)


def _endings(name: str) -> list[str]:
    return name.rstrip("~").casefold().split(".")[1:]


def _stem(name: str) -> str:
    """A file's name as far as the ending that was to be YAML's."""
    first, *endings = name.split(".")
    until = next((at for at, ending in enumerate(endings) if _like_yaml(ending.casefold())), 0)
    return ".".join((first, *endings[:until]))


def _plain(name: str) -> str:
    """A name without its endings, in small letters, with nothing between the words."""
    return "".join(letter for letter in name.partition(".")[0].casefold() if letter not in "-_ ")
