"""A result can be a folder, as Spark writes it, which takes the place of another one or of a file whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from pointbook_cli import hidden_folder
from pointbook_cli.output_files import output_folder

if TYPE_CHECKING:
    from pathlib import Path


def parts_in(folder: Path, *names: str) -> None:
    """A folder as Spark writes it."""
    folder.mkdir()
    for name in (*names, "_SUCCESS"):
        (folder / name).write_text("new")


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def written(folder: Path, *parts: str, beside: tuple[str, ...] = ()) -> None:
    with output_folder(folder) as output:
        output.replaces(["a", "b"])
        parts_in(output.path("a"), *parts)
        for name in beside:
            output.file(name).write("new")


def test_a_folder_takes_the_place_of_all_that_the_last_one_had(tmp_path: Path) -> None:
    written(tmp_path, "part-0", "part-1", "part-2")
    written(tmp_path, "part-0")
    assert names(tmp_path) == ["a", "a/_SUCCESS", "a/part-0"]


def test_a_file_and_a_folder_give_way_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").write_text("old")
    written(tmp_path, "part-0")
    assert names(tmp_path) == ["a", "a/_SUCCESS", "a/part-0"]
    with output_folder(tmp_path) as output:
        output.file("a").write("newest")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "newest")]


def test_a_folder_of_another_form_of_results_is_deleted(tmp_path: Path) -> None:
    written(tmp_path, "part-0")
    with output_folder(tmp_path) as output:
        output.replaces(["a", "b"])
        output.file("b").write("new")
    assert names(tmp_path) == ["b"]


def test_a_folder_of_somebody_elses_stays(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/mine").touch()
    written(tmp_path, "part-0")
    assert names(tmp_path) == ["a", "a/_SUCCESS", "a/part-0", "b", "b/mine"]
    with pytest.raises(click.BadParameter, match="is a folder"), output_folder(tmp_path) as output:
        output.path("b")


@pytest.mark.parametrize("was", ["file", "folder"])
def test_what_cannot_be_moved_takes_back_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str
) -> None:
    if was == "file":
        (tmp_path / "a").write_text("old")
    else:
        parts_in(tmp_path / "a", "old")
    before = names(tmp_path)
    move_to = hidden_folder._move_to  # noqa: SLF001 - nothing else can fail in the middle

    def failing(target: Path, path: Path) -> None:
        if target.name == "z":
            raise PermissionError(1, "not permitted")
        move_to(target, path)

    monkeypatch.setattr(hidden_folder, "_move_to", failing)
    with pytest.raises(click.BadParameter, match="not permitted"):
        written(tmp_path, "part-0", beside=("z",))
    assert names(tmp_path) == before


def test_a_run_that_was_killed_between_two_renames_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "old-0", "old-1")

    hidden = tmp_path / hidden_folder.MOVING
    hidden.mkdir()
    parts_in(hidden / "new-a", "part-0")

    class KilledError(BaseException):
        pass

    def killed(*_: Path) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(hidden_folder, "_move_to", killed)
        with pytest.raises(KilledError):
            hidden_folder.move(hidden, tmp_path)
    assert not (tmp_path / "a").exists()
    with output_folder(tmp_path) as output:
        output.file("c").write("new")
    assert names(tmp_path) == ["a", "a/_SUCCESS", "a/part-0", "c"]
