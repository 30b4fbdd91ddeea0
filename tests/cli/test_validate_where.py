"""What `validate` looks at: the folder one is in, and a file that an editor has not saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Shell

PATCH = "club/versions/2025.yaml"


def _inside(shell: Shell, folder: str) -> Shell:
    return replace(shell, folder=shell.folder / folder)


def _text(shell: Shell, name: str, old: str = "", new: str = "") -> bytes:
    text = (shell.folder / name).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new).encode() if old else text.encode()


@pytest.mark.parametrize("folder", ["club", "."])
def test_without_a_path_it_is_the_folder_one_is_in(shell: Shell, folder: str) -> None:
    here = _inside(shell, folder)
    assert here.run("validate") == here.run("validate", ".")
    assert here.run("validate").err == "4 files checked: 0 errors, 8 warnings\n"


def test_an_empty_path_is_not_the_folder_one_is_in(shell: Shell) -> None:
    done = shell.run("validate", "")
    assert done.code == 2
    assert "a PATH is empty" in done.err


def test_a_folder_without_a_program_is_refused(shell: Shell) -> None:
    (shell.folder / "empty").mkdir()
    done = _inside(shell, "empty").run("validate")
    assert done.code == 3
    assert done.err == (
        "error: .: there is no program.yaml in this folder or the folders in it\n"
        "  help: name a program folder, which has program.yaml and versions/\n"
    )


@pytest.mark.parametrize("path", ["club/versions", "club/scenarios/"])
def test_of_a_folder_inside_a_program_it_says_which_one_to_name(shell: Shell, path: str) -> None:
    done = shell.run("validate", path)
    assert (done.code, done.out) == (3, "")
    assert done.err.endswith("\n  help: it lies in the program folder `club`: name that one\n")


@pytest.mark.parametrize(
    "name", ["program.yaml", "versions/2024.yaml", "versions/2025.yaml", "scenarios/visits.yaml"]
)
def test_a_text_on_standard_input_is_checked_as_the_file_would_be(shell: Shell, name: str) -> None:
    path = f"club/{name}"
    for text in (_text(shell, path), _text(shell, path) + b"more: 1\n", b"", b"a: [\n"):
        given = shell.run("validate", "-", "--stdin-filename", path, stdin=text)
        before = _text(shell, path)
        shell.write(path, text)
        assert given == shell.run("validate", path)
        shell.write(path, before)


def test_findings_name_the_file_whose_text_it_is(shell: Shell) -> None:
    text = _text(shell, PATCH, "threshold: 250", "treshold: 250")
    done = shell.run("validate", "-", "--stdin-filename", PATCH, stdin=text)
    assert done.code == 1
    assert done.out.startswith(
        f"{PATCH}:6:12: error[unknown-key]: `treshold` is not a key of level `silver`\n  |\n"
        "6 |   silver: {treshold: 250}\n"
    )
    assert done.err == "1 file checked: 1 error, 0 warnings\n"
    assert _text(shell, PATCH) != text


def test_the_rest_of_the_program_is_read_from_the_disk(shell: Shell) -> None:
    text = _text(shell, PATCH, "threshold: 250", "threshold: 90")
    done = shell.run("validate", "-", "--stdin-filename", PATCH, "--format", "concise", stdin=text)
    assert f"{PATCH}:6:23: error[thresholds-not-ascending]" in done.out
    text = _text(shell, "club/versions/2024.yaml", "silver: {threshold: 300}", "")
    done = shell.run("validate", "-", "--stdin-filename", "club/versions/2024.yaml", stdin=text)
    assert "error[unknown-level]" in done.out
    assert shell.run("validate", "club").code == 0


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("versions/2026.yaml", "id: '2026'\nbased_on: '2026'\neffective_from: 2026-01-01\n", "patch-cycle"),
        ("versions/2026.yml", "id: '2024'\n", "duplicate-version-id"),
        ("scenarios/new.yaml", "titel: New\n", "unknown-key"),
        (
            "guardrails.yaml",
            "guardrails:\n  one: {measure: level_share, level: gold, at_most_percent: 1}\n",
            "unknown-level",
        ),
        ("approvals.yaml", "approvals: {}\n", "empty"),
        ("versions/2026.yalm", "id: '2026'\n", "misnamed"),
        ("guardrails.yml", "guardrails: {}\n", "misnamed"),
    ],
)
def test_a_new_file_need_not_be_there_yet(shell: Shell, name: str, text: str, code: str) -> None:
    done = shell.run(
        *("validate", "-", "--stdin-filename", f"club/{name}", "--format", "concise"), stdin=text.encode()
    )
    assert done.code == 1
    assert f"error[{code}]" in done.out
    assert not (shell.folder / "club" / name).exists()


def test_the_first_version_and_program_need_not_be_there_yet(shell: Shell) -> None:
    text = "id: a\ntitle: A\ntimezone: UTC\nlevel_balance: p\nbalances: {p: {resets: never}}\n"
    done = shell.run(
        *("validate", "-", "--stdin-filename", "new/program.yaml", "--format", "concise"), stdin=text.encode()
    )
    assert [line.partition(":")[0] for line in done.out.splitlines()] == ["new/program.yaml"]
    assert "error[no-versions]" in done.out
    shell.write("new/program.yaml", text)
    done = shell.run("validate", "-", "--stdin-filename", "new/versions/a.yaml", stdin=b"id: a\n")
    assert "new/versions/a.yaml:1:1: error[missing-key]: the version has no `activities`" in done.out


@pytest.mark.parametrize(
    ("folder", "name", "shown"),
    [
        ("club/versions", "2025.yaml", "2025.yaml"),
        ("club/versions", "../scenarios/visits.yaml", "../scenarios/visits.yaml"),
        ("club", "versions/2025.yaml", "versions/2025.yaml"),
        ("club", "program.yaml", "program.yaml"),
        ("club", "./program.yaml", "program.yaml"),
    ],
)
def test_the_name_is_shown_as_it_was_given(shell: Shell, folder: str, name: str, shown: str) -> None:
    done = _inside(shell, folder).run(
        *("validate", "-", "--stdin-filename", name, "--format", "concise"), stdin=b"idd: a\n"
    )
    assert done.code == 1
    assert f"{shown}:1:1: error[" in done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("-",),
        ("club", "--stdin-filename", PATCH),
        ("--stdin-filename", PATCH),
        ("-", "club", "--stdin-filename", PATCH),
    ],
)
def test_a_text_without_a_name_or_a_name_without_a_text_is_wrong_usage(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    done = shell.run("validate", *arguments, stdin=b"id: a\n")
    assert done.code == 2
    assert "Error: `-` " in done.err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "club/other.yaml",
            "it is not read as part of the program beside it\n  help: it must be program.yaml,",
        ),
        (
            "club/versions/notes.md",
            "it is not read as part of the program beside it\n  help: give it the ending .yaml",
        ),
        ("members.yaml", "this file belongs to no program"),
        ("club/versions", "this is a folder, not a file"),
        ("nowhere/versions/a.yaml", "this file belongs to no program"),
    ],
)
def test_a_text_that_belongs_to_no_program_is_refused(shell: Shell, name: str, words: str) -> None:
    done = shell.run("validate", "-", "--stdin-filename", name, stdin=b"id: a\n")
    assert done.code == 3
    assert done.err.startswith(f"error: {name}: {words}")


def test_a_file_that_belongs_to_no_program_is_told_so_without_a_search(shell: Shell) -> None:
    """Its folder could be the root of everything: limits in the folders of it are none of its program."""
    shell.write("far/below/guardrails.yaml", "guardrails: {}\n")
    shell.write("notes.yaml", "a: 1\n")
    done = shell.run("validate", "far/below/guardrails.yaml")
    assert done.code == 3
    assert shell.run("validate", "notes.yaml").err.startswith(
        "error: notes.yaml: this file belongs to no program"
    )
