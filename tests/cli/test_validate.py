from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Shell


def _break_silver(shell: Shell) -> None:
    """Line 6 of the patch gets a threshold that is text, and the only finding that is an error."""
    shell.edit("club/versions/2025.yaml", "threshold: 250", "treshold: 250")


def test_clean_rules_exit_with_0_and_say_on_stderr_what_was_checked(shell: Shell) -> None:
    done = shell.run("validate", "club", "--format", "concise")
    assert done.code == 0
    assert done.err == "4 files checked: 0 errors, 8 warnings\n"
    assert all(": warning[missing-source]: " in line for line in done.out.splitlines())


def test_warnings_fail_only_with_fail_on_warning(shell: Shell) -> None:
    assert shell.run("validate", "club", "--fail-on", "warning").code == 1
    assert shell.run("validate", "club", "--fail-on", "error").code == 0


def test_nothing_is_found_in_the_shipped_rules(repository: Shell) -> None:
    done = repository.run("validate", "rules", "--fail-on", "warning")
    assert done.code == 0
    assert not done.out


def test_the_full_format_shows_the_line_a_marker_and_a_hint(shell: Shell) -> None:
    _break_silver(shell)
    done = shell.run("validate", "club/versions/2025.yaml")
    assert done.code == 1
    assert done.out == (
        "club/versions/2025.yaml:6:12: error[unknown-key]: `treshold` is not a key of level `silver`\n"
        "  |\n"
        "6 |   silver: {treshold: 250}\n"
        "  |            ^^^^^^^^\n"
        "  help: did you mean `threshold`?\n"
    )
    assert done.err == "1 file checked: 1 error, 0 warnings\n"


def test_the_concise_format_is_one_line_per_finding(shell: Shell) -> None:
    _break_silver(shell)
    done = shell.run("validate", "club/versions/2025.yaml", "--format", "concise")
    assert done.out == (
        "club/versions/2025.yaml:6:12: error[unknown-key]: `treshold` is not a key of level `silver`; "
        "did you mean `threshold`?\n"
    )


def test_the_json_format_is_one_list_on_stdout(shell: Shell) -> None:
    _break_silver(shell)
    done = shell.run("validate", "club/versions/2025.yaml", "--format", "json")
    assert json.loads(done.out) == [
        {
            "file": "club/versions/2025.yaml",
            "line": 6,
            "column": 12,
            "length": 8,
            "severity": "error",
            "code": "unknown-key",
            "message": "`treshold` is not a key of level `silver`",
            "hint": "did you mean `threshold`?",
            "related": [],
            "fix": [
                {
                    "file": "club/versions/2025.yaml",
                    "line": 6,
                    "column": 12,
                    "end_line": 6,
                    "end_column": 20,
                    "text": "threshold",
                }
            ],
        }
    ]


def test_without_findings_json_is_an_empty_list_and_text_is_nothing(shell: Shell) -> None:
    assert json.loads(shell.run("validate", "club/versions/2025.yaml", "--format", "json").out) == []
    assert not shell.run("validate", "club/versions/2025.yaml").out
    assert not shell.run("validate", "club/versions/2025.yaml", "--format", "concise").out


def test_one_file_reports_only_what_involves_it(shell: Shell) -> None:
    _break_silver(shell)
    done = shell.run("validate", "club/versions/2024.yaml", "--format", "json")
    assert done.code == 0
    assert {finding["file"] for finding in json.loads(done.out)} == {"club/versions/2024.yaml"}
    assert done.err == "1 file checked: 0 errors, 8 warnings\n"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("club/versions", "2025.yaml"),
        ("club", "versions/2025.yaml"),
        ("club/scenarios", "../versions/2025.yaml"),
    ],
)
def test_a_file_can_be_named_from_any_folder_of_the_program(shell: Shell, folder: str, name: str) -> None:
    _break_silver(shell)
    done = replace(shell, folder=shell.folder / folder).run("validate", name, "--format", "concise")
    assert done.code == 1
    assert done.out.startswith(f"{name}:6:12: error[unknown-key]: ")
    assert done.err == "1 file checked: 1 error, 0 warnings\n"


def test_a_folder_of_programs_checks_each(shell: Shell) -> None:
    for name in ("program.yaml", "versions/2024.yaml"):
        text = (shell.folder / "club" / name).read_bytes()
        shell.write(f"programs/first/{name}", text)
        shell.write(f"programs/second/{name}", text.replace(b"timezone: Europe/Brussels", b"timezone: Mars"))
    done = shell.run("validate", "programs", "--format", "concise")
    assert done.code == 1
    errors = [line for line in done.out.splitlines() if ": error[" in line]
    assert [line.split(":")[0] for line in errors] == ["programs/second/program.yaml"]
    assert done.err.startswith("4 files checked: 1 error, ")


def test_findings_of_all_files_come_in_one_run(shell: Shell) -> None:
    _break_silver(shell)
    shell.edit("club/program.yaml", "Europe/Brussels", "Europe/Brusels")
    shell.edit(
        "club/scenarios/visits.yaml", "activity: visit, occurred_at: 2024-02-02", "occurred_at: 2024-02-02"
    )
    findings = json.loads(shell.run("validate", "club", "--format", "json").out)
    errors = [(found["file"], found["line"]) for found in findings if found["severity"] == "error"]
    assert errors == [
        ("club/program.yaml", 3),
        ("club/scenarios/visits.yaml", 6),
        ("club/versions/2025.yaml", 6),
    ]


def test_a_scenario_is_checked_on_its_own(shell: Shell) -> None:
    shell.edit("club/scenarios/visits.yaml", "capped", "caped")
    done = shell.run("validate", "club/scenarios/visits.yaml", "--format", "concise")
    assert done.code == 1
    assert done.out.startswith("club/scenarios/visits.yaml:7:")
    assert "'caped' is not an outcome; did you mean `capped`?" in done.out


def test_the_same_path_twice_is_checked_once(shell: Shell) -> None:
    once = shell.run("validate", "club")
    twice = shell.run("validate", "club", "club")
    assert (once.out, once.err) == (twice.out, twice.err)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("nowhere", "there is no such file or folder"),
        ("members.csv", "this file belongs to no program"),
        ("empty", "there is no program.yaml in this folder"),
    ],
)
def test_a_path_that_is_no_rules_exits_with_3(shell: Shell, path: str, problem: str) -> None:
    (shell.folder / "empty").mkdir()
    done = shell.run("validate", path)
    assert done.code == 3
    assert not done.out
    assert done.err.startswith(f"error: {path}: {problem}")
    assert "\n  help: " in done.err


def test_a_file_that_validate_does_not_read_exits_with_3(shell: Shell) -> None:
    shell.write("club/versions/notes.txt", "id: x\n")
    done = shell.run("validate", "club/versions/notes.txt")
    assert done.code == 3
    assert "give it the ending .yaml" in done.err


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ("title: Café\n".encode("latin-1"), "1:11", "byte 0xe9 is not UTF-8 text"),
        ("id: x\n".encode("utf-16"), "1:1", "byte 0xff is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "1:1", "byte 0x89 is not UTF-8 text"),
        (b"id: a\x00b\n", "1:6", "character U+0000 is not allowed in YAML"),
        (b"", "1:1", "the file is empty"),
    ],
)
def test_a_file_that_is_no_text_is_a_finding_with_its_place(
    shell: Shell, data: bytes, place: str, words: str
) -> None:
    shell.write("club/versions/2025.yaml", data)
    done = shell.run("validate", "club", "--format", "concise")
    assert done.code == 1
    assert f"club/versions/2025.yaml:{place}: error[" in done.out
    assert words in done.out
    assert "Traceback" not in done.err


def test_a_folder_named_like_a_version_is_passed_over(shell: Shell) -> None:
    (shell.folder / "club/versions/2026.yaml").mkdir()
    assert shell.run("validate", "club").code == 0


def test_a_folder_in_place_of_program_yaml_exits_with_3(shell: Shell) -> None:
    (shell.folder / "club/program.yaml").unlink()
    (shell.folder / "club/program.yaml").mkdir()
    done = shell.run("validate", "club")
    assert done.code == 3
    assert "Traceback" not in done.err


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_version_that_links_to_nowhere_is_not_silently_dropped(shell: Shell) -> None:
    (shell.folder / "club/versions/2026.yaml").symlink_to("elsewhere.yaml")
    done = shell.run("validate", "club")
    assert done.code == 3
    assert done.err.startswith("error: club/versions/2026.yaml: this is a link to a file that is not there")


def test_control_characters_of_a_file_do_not_reach_the_terminal(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", '"thres\\e[31mhold": 250')
    done = shell.run("validate", "club")
    assert done.code == 1
    assert "\x1b" not in done.out


def test_crlf_and_a_byte_order_mark_change_no_place(shell: Shell) -> None:
    _break_silver(shell)
    before = shell.run("validate", "club").out
    text = (shell.folder / "club/versions/2025.yaml").read_bytes()
    shell.write("club/versions/2025.yaml", b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert shell.run("validate", "club").out == before
