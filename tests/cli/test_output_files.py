"""Results appear whole and together, or not at all, whatever ends the run and whoever else writes there."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import click
import pytest

from pointbook_cli import hidden_folder
from pointbook_cli.output_files import WRITTEN, OutputFolder, output_files, output_folder
from pointbook_cli.output_paths import real


def texts(folder: Path) -> dict[str, str]:
    """What lies in the folder, hidden folders too."""
    inside = sorted(folder.iterdir())
    return {path.name: path.read_text() if path.is_file() else "(folder)" for path in inside}


def write(text: str, *paths: Path) -> None:
    """The same text to each of the files, as one set."""
    with output_files(paths) as streams:
        for stream in streams:
            stream.write(text)
        if text == "broken":
            raise ZeroDivisionError


def test_nothing_is_there_until_all_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with output_folder(tmp_path) as output:
        output.file("a").write("new")
        output.file("b").write("new")
        assert (tmp_path / "a").read_text() == "old"
        assert not (tmp_path / "b").exists()
    assert texts(tmp_path) == {"a": "new", "b": "new"}


def write_in_folders(folder: Path, *names: str) -> None:
    """The same text to each of the files."""
    with output_folder(folder) as output:
        for name in names:
            output.file(name).write("new")


def test_files_in_folders_are_one_set_with_those_beside(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/a").write_text("old")
    write_in_folders(tmp_path / "new", "made/deep/a")
    with output_folder(tmp_path) as output:
        for name in ("a", "there/a", "there/b", "made/b"):
            output.file(name).write("new")
        assert texts(tmp_path / "there") == {"a": "old"}
    assert texts(tmp_path / "there") == {"a": "new", "b": "new"}
    assert (texts(tmp_path / "made"), texts(tmp_path / "new/made/deep")) == ({"b": "new"}, {"a": "new"})
    assert sorted(texts(tmp_path)) == ["a", "made", "new", "there"]


def test_files_in_folders_that_cannot_be_moved_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/b").write_text("old")
    broken_at_the_second(monkeypatch, for_good=False, at=3)
    with pytest.raises(click.BadParameter, match="read-only"):
        write_in_folders(tmp_path, "made/deep/a", "there/b", "z")
    assert texts(tmp_path) == {"there": "(folder)"}
    assert texts(tmp_path / "there") == {"b": "old"}


def test_two_runs_at_once_never_write_to_the_same_file(tmp_path: Path) -> None:
    """As containers do that share a folder, where processes have the same number."""
    with output_folder(tmp_path) as one:
        one.file("ledger").write("one")
        with output_folder(tmp_path) as two:
            two.file("ledger").write("two")
            two.file("standings").write("two")
        assert texts(tmp_path)["ledger"] == "two"
        one.file("standings").write("one")
    assert texts(tmp_path) == {"ledger": "one", "standings": "one"}


@pytest.mark.skipif(sys.platform == "win32", reason="locks of folders are POSIX's")
def test_what_a_killed_run_left_is_deleted_and_what_a_running_one_has_is_not(tmp_path: Path) -> None:
    running = OutputFolder(tmp_path)
    running.file("a").write("x")
    killed = OutputFolder(tmp_path)
    killed.path("a").write_text("x")
    assert killed._lock is not None  # noqa: SLF001 - what the system does with a process that is killed
    os.close(killed._lock)  # noqa: SLF001
    with output_folder(tmp_path) as output:
        assert running.path("a").exists()
        assert not killed.path("a").exists()
        output.file("b").write("y")
    running.close()
    running.commit()
    running.end()
    assert texts(tmp_path) == {"a": "x", "b": "y"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_in_the_middle_of_the_renames_waits_until_all_files_are_there(
    tmp_path: Path, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    which = getattr(signal, number)

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(which, stop)
    rename = Path.replace

    def renamed(self: Path, target: Path) -> Path:
        os.kill(os.getpid(), which)
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", renamed)
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            write("new", tmp_path / "a", tmp_path / "b")
    finally:
        signal.signal(which, before)
    assert WRITTEN in caught.value.__notes__
    assert texts(tmp_path) == {"a": "new", "b": "new"}


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(ZeroDivisionError):
        write("broken", tmp_path / "a", tmp_path / "sub" / "b")
    assert texts(tmp_path) == {"a": "old"}


def write_in_place_of(name: str, folder: Path) -> None:
    """The files `a` and `b`; that of the name is obsolete."""
    with output_folder(folder) as output:
        output.replaces([name])
        for new in ("a", "b"):
            output.file(new).write("new")


def broken_at_the_second(monkeypatch: pytest.MonkeyPatch, *, for_good: bool, at: int = 2) -> None:
    """Moving a second new file, or that of a number, fails; `for_good`: whatever is moved after that, too."""
    moved: list[Path] = []
    rename = Path.replace

    def renamed(self: Path, target: Path) -> Path:
        moved.append(self)
        if len(moved) == at or (for_good and len(moved) > at):
            raise OSError(30, "Read-only file system")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", renamed)


def test_what_cannot_be_moved_takes_back_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "z").write_text("old")
    broken_at_the_second(monkeypatch, for_good=False)
    with pytest.raises(click.BadParameter, match="read-only file system; name a folder"):
        write_in_place_of("z", tmp_path)
    assert texts(tmp_path) == {"a": "old", "z": "old"}


def test_what_can_be_neither_moved_nor_taken_back_is_moved_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "z").write_text("old")
    with monkeypatch.context() as patch:
        broken_at_the_second(patch, for_good=True)
        with pytest.raises(click.BadParameter, match="the next run into it moves the rest"):
            write_in_place_of("z", tmp_path)
        assert texts(tmp_path)["a"] == "new"
    with pytest.raises(ZeroDivisionError):
        write("broken", tmp_path / "c")
    assert texts(tmp_path) == {"a": "new", "b": "new"}


def unmovable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hidden folder gets no third name, as on a full disk."""
    rename = Path.rename

    def renamed(self: Path, target: Path) -> Path:
        if self.name == hidden_folder.MOVING:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", renamed)


def test_of_results_in_place_nothing_is_left_behind_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")
    unmovable(monkeypatch)
    write("new", tmp_path / "a", tmp_path / "b")
    assert texts(tmp_path) == {"a": "new", "b": "new"}


def test_what_is_taken_back_is_not_moved_by_the_next_run_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "z").write_text("old")
    unmovable(monkeypatch)
    broken_at_the_second(monkeypatch, for_good=False)
    with pytest.raises(click.BadParameter, match="read-only file system; name a folder"):
        write_in_place_of("z", tmp_path)
    assert texts(tmp_path) == {"a": "old", "z": "old"}


def test_a_signal_while_the_hidden_folder_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def made(path: Path, *arguments: object, **named: object) -> None:
        make(path, *arguments, **named)
        if path.name.startswith(hidden_folder.PREFIX):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Path, "mkdir", made)
    with pytest.raises(KeyboardInterrupt):
        write("new", tmp_path / "sub" / "a")
    assert texts(tmp_path) == {}


def test_a_folder_made_for_results_is_removed_where_nothing_can_be_written_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Path.mkdir

    def refused(path: Path, *arguments: object, **named: object) -> None:
        if path.name.startswith(hidden_folder.PREFIX):
            raise OSError(28, "No space left on device")
        make(path, *arguments, **named)

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(click.BadParameter, match="no space left on device; name a folder"):
        write("new", tmp_path / "sub" / "a")
    assert texts(tmp_path) == {}


def test_a_file_system_without_links_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "a").write_text("old")
    write("new", tmp_path / "a", tmp_path / "b")
    assert texts(tmp_path) == {"a": "new", "b": "new"}


def test_of_two_runs_one_moves_its_results_after_the_other(tmp_path: Path) -> None:
    """Else files of both would lie side by side."""
    one = OutputFolder(tmp_path)
    one.file("a").write("one")
    one.close()
    one.commit()

    def ends() -> None:
        assert texts(tmp_path)["a"] == "one"
        one.end()

    late = threading.Timer(0.2, ends)
    late.start()
    write("two", tmp_path / "a")
    late.join()
    assert texts(tmp_path) == {"a": "two"}


def test_a_run_that_ends_while_it_makes_its_hidden_folder_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(hidden_folder, "_locked", ended)
    with pytest.raises(KeyboardInterrupt):
        output_folder(tmp_path).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_has_become_one_to_read_only_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Path.mkdir

    def refused(path: Path, **how: bool) -> None:
        if path.name.startswith(hidden_folder.PREFIX):
            raise OSError(30, "Read-only file system")
        made(path, **how)

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(
        click.BadParameter, match="read-only file system; name a folder that can be written to"
    ):
        output_folder(tmp_path).__enter__()


@pytest.mark.parametrize("name", ["x" * 300, "a/" + "x" * 300])
def test_a_name_that_is_too_long_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(click.BadParameter, match="file name too long"):
        output_folder(tmp_path / name).__enter__()
    with (
        pytest.raises(click.BadParameter, match="file name too long"),
        output_files([tmp_path / name / "a.csv"]),
    ):
        pass


def test_a_link_to_itself_is_a_path_like_others(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert real(tmp_path / "loop").name == "loop"
    with pytest.raises(click.BadParameter):
        output_folder(tmp_path / "loop").__enter__()
