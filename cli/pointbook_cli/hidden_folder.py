"""Hidden folders in which results wait until all of them move into place, and what killed runs left of such.

A run's folder, `.pointbook-RANDOM.tmp`, is locked, so that what nobody has locked is known to be a killed
run's. While its files move into place it is called `.pointbook-moving`: a rename that only one run at a time
can do. A run that is killed before leaves what stood there, and one that is killed after has all that is new
at hand: the next run moves the rest.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from pointbook.diagnostics import InputError
from pointbook.source.files import shown_name

Reads: TypeAlias = dict[str, tuple[Callable[[Path], str], str | None]]
"""By a file's name, how it was looked at, and what was found there; None where there was none."""

PREFIX, ENDING, MOVING = ".pointbook-", ".tmp", ".pointbook-moving"
NEW, OLD, GONE = "new-", "old-", "gone-"
"""What names in the folder begin with: a result, what it replaces, and a mark for what is to be deleted."""

COMPLETE = "complete"
"""A mark that all results are there. A folder that has it is not empty, so that no other takes its name."""

_SECONDS_TO_MOVE, _PAUSE = 10, 0.01
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
"""How file systems say that a file cannot have a second name."""


def hidden_folder(folder: Path) -> tuple[Path, int | None]:
    """A new hidden folder, and the lock on it where the system has such."""
    while True:
        hidden = folder / f"{PREFIX}{secrets.token_hex(4)}{ENDING}"
        try:
            hidden.mkdir(mode=0o700)
            return hidden, _locked(hidden)
        except (
            FileExistsError,  # another run has the same name
            BlockingIOError,  # another run took it for a killed one's, in the moment before the lock
        ):
            continue
        except BaseException:  # a signal that ends the run, in that moment
            with suppress(OSError):
                hidden.rmdir()
            raise


def settle_abandoned(folder: Path) -> None:
    """Finish what killed runs had begun to move, and delete what others left: nobody has it locked."""
    moving = folder / MOVING
    for hidden in (moving, *sorted(folder.glob(f"{PREFIX}*{ENDING}"))):
        try:
            lock = _locked(hidden)
        except (BlockingIOError, FileNotFoundError):
            continue
        if lock is None:
            continue
        try:
            if hidden == moving:
                move(hidden, folder)
                hidden = _no_longer_moving(hidden)  # noqa: PLW2901 - the same under another name
            shutil.rmtree(hidden, ignore_errors=True)
        finally:
            os.close(lock)


def keep(hidden: Path, name: str) -> bool:
    """Give what is there of this name a second one in the hidden folder; False where that cannot be."""
    old = hidden / f"{OLD}{name}"
    if is_of_parts(hidden.parent / name):  # which cannot have a second name, and gets this one when it moves
        return True
    try:
        if old.parent != hidden:
            old.parent.mkdir(parents=True, exist_ok=True)
        os.link(hidden.parent / name, old, follow_symlinks=False)
    except FileNotFoundError:
        return True
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


def begin_to_move(hidden: Path) -> None:
    """Say by its name that the folder's files move into place; another run that does so is waited for.

    Raises:
        OSError: It cannot be renamed, or another run has not come to its end.
    """
    folder = hidden.parent
    until = time.monotonic() + _SECONDS_TO_MOVE
    while True:
        try:
            hidden.rename(folder / MOVING)
        except OSError as error:
            if error.errno not in _TAKEN or time.monotonic() > until:
                raise
        else:
            return
        settle_abandoned(folder)
        time.sleep(_PAUSE)


def move(hidden: Path, folder: Path) -> None:
    """Move every result into place, then delete what is to be gone. What was done already is no matter."""
    for path in sorted(hidden.glob(f"{NEW}*")):
        name = path.name.removeprefix(NEW)
        if is_of_parts(path) or is_of_parts(folder / name):
            _put_aside(folder / name, hidden / f"{OLD}{name}")
        _move_to(folder / name, path)
    for mark in sorted(hidden.glob(f"{GONE}*")):
        name = mark.name.removeprefix(GONE)
        _put_aside(folder / name, hidden / f"{OLD}{name}")
        mark.unlink()


def is_of_parts(path: Path) -> bool:
    """Whether it is a folder that is one result, as Spark writes it."""
    return (path / "_SUCCESS").is_file()


def put_back(old: Path, target: Path) -> None:
    """Have what was replaced in its place again."""
    if is_of_parts(target):
        shutil.rmtree(target)
    elif is_of_parts(old):
        target.unlink(missing_ok=True)
    old.replace(target)


def _put_aside(target: Path, old: Path) -> None:
    """Nothing is left at the target; what was there is at hand."""
    if target.is_dir() and not is_of_parts(target):  # which is somebody else's
        return
    if is_of_parts(target) or (os.path.lexists(target) and not os.path.lexists(old)):
        target.rename(old)
    else:  # it has another name already
        target.unlink(missing_ok=True)


def text_in(path: Path) -> str:
    """The text of a file, without a byte order mark."""
    return path.read_bytes().decode("utf-8-sig", "replace")


def sha256_in(path: Path) -> str:
    """The digest of a file, as hexadecimal digits.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_changed(folder: Path, read: Reads) -> None:
    """Refuse to replace what is another than what was read; while only this run can move.

    Args:
        folder: Where the files are.
        read: What was read of them.

    Raises:
        InputError: One of them is another now.
    """
    for name, (look, found) in read.items():
        path = folder / name
        now = look(path) if os.path.lexists(path) else None
        if now != found:
            message = "this file was changed meanwhile, so nothing was written"
            raise InputError(shown_name(path), message, "run it again")


def _move_to(target: Path, path: Path) -> None:
    """Move a file or a folder; where there is a folder of that name, what is in it."""
    if path.is_dir() and target.is_dir():
        for inside in sorted(path.iterdir()):
            _move_to(target / inside.name, inside)
        path.rmdir()
    else:
        path.replace(target)


def forget(hidden: Path) -> None:
    """Delete what the next run would move."""
    for path in (*hidden.glob(f"{NEW}*"), *hidden.glob(f"{GONE}*")):
        discard(path)


def discard(path: Path) -> None:
    """Delete a file, or a folder with all that is in it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _no_longer_moving(hidden: Path) -> Path:
    """The folder, called as one whose files nobody needs."""
    name = hidden.with_name(f"{PREFIX}{os.urandom(4).hex()}{ENDING}")
    return hidden.rename(name)


def _locked(hidden: Path) -> int | None:
    """A lock on the folder; None where the system or its file system knows none.

    Raises:
        BlockingIOError: Another run has it, or had it until just now.
        FileNotFoundError: It is gone.
    """
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - Windows has none

    descriptor = os.open(hidden, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_it = os.path.samestat(os.fstat(descriptor), hidden.stat())
    except BlockingIOError:
        os.close(descriptor)
        raise
    except FileNotFoundError:
        is_it = False
    except OSError:
        os.close(descriptor)
        return None
    if not is_it:
        os.close(descriptor)
        raise BlockingIOError
    return descriptor
