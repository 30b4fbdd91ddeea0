"""`validate --fix`: what has one certain answer is mended, and nothing else in a file changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Shell

PATCH = "club/versions/2025.yaml"
WHOLE = "club/versions/2024.yaml"
SCENARIO = "club/scenarios/visits.yaml"


def _after_slip(shell: Shell, name: str, right: str, wrong: str) -> str:
    """The file as it was, once `wrong` stands where `right` stood and --fix was run."""
    before = (shell.folder / name).read_bytes()
    shell.edit(name, right, wrong)
    done = shell.run("validate", "club", "--fix", "--format", "concise")
    assert "error[" not in done.out
    assert done.code == 0
    assert (shell.folder / name).read_bytes() == before
    return done.out


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        (WHOLE, "leap_day: feb_28", "leap_day: Feb-28"),
        (WHOLE, "silver: {threshold: 300}", 'silver: {threshold: "300"}'),
        (WHOLE, "from_level: silver", "from_level: silvr"),
        (WHOLE, "balance: coins", "balance: coin"),
        (WHOLE, "attribute: days", "attribute: day"),
        (WHOLE, "per: calendar_month", "per: calender_month"),
        (WHOLE, "effective_from: 2024-01-01", "effective_from: 2024-1-1"),
        (WHOLE, "effective_from: 2024-01-01", "effective_from: 2024/01/01"),
        (WHOLE, 'id: "2024"', "id: 2024"),
        (WHOLE, "activities:", "activites:"),
        (PATCH, 'based_on: "2024"', 'based_on: "2042"'),
        (PATCH, "threshold: 250", "threshold: 250.0"),
        ("club/program.yaml", "timezone: Europe/Brussels", "timezone: europe/brusels"),
        ("club/program.yaml", "level_balance: stars", "level_balance: satrs"),
        (SCENARIO, "outcome: capped", "outcome: caped"),
        (SCENARIO, "signed_up_on: 2024-01-10", "signed_up_on: 2024.1.10"),
        (SCENARIO, "signed_up_on: 2024-01-10", "signedup_on: 2024-01-10"),
        (SCENARIO, "activity: visit, occurred_at: 2024-02-01", "activty: visit, occurred_at: 2024-02-01"),
    ],
)
def test_a_slip_with_one_answer_is_mended(shell: Shell, name: str, right: str, wrong: str) -> None:
    out = _after_slip(shell, name, right, wrong)
    assert out.startswith(f"--- {name}\n+++ {name}\n@@ -")
    line = next(line for line in out.splitlines() if line.startswith("-") and not line.startswith("---"))
    assert wrong in line


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        (WHOLE, "effective_from: 2024-01-01", "effective_from: 03/04/2024"),
        (WHOLE, "effective_from: 2024-01-01", "effective_from: 2024111"),
        (WHOLE, "threshold: 300", "threshold: 15.000"),
        (WHOLE, "threshold: 300", "threshold: 1.500"),
        (WHOLE, "threshold: 300", "threshold: '1.500'"),
        (WHOLE, "threshold: 300", "threshold: 0,500"),
        (WHOLE, "threshold: 300", "threshold: '1,500.000'"),
        (WHOLE, "threshold: 300", "threshold: 15k"),
        (WHOLE, "points: {per: {", "eligible_if: {attribute: days, at_least: 2,500}\n    points: {per: {"),
        (WHOLE, "from_level: silver", "from_level: platinum"),
        (WHOLE, "per: calendar_month", "per: month"),
        (WHOLE, "balance: coins", "balance: c"),
        (PATCH, 'based_on: "2024"', 'based_on: "2023"'),
        ("club/program.yaml", "Europe/Brussels", "UTC+1"),
    ],
)
def test_what_could_be_several_things_is_left_alone(shell: Shell, name: str, right: str, wrong: str) -> None:
    shell.edit(name, right, wrong)
    before = (shell.folder / name).read_bytes()
    done = shell.run("validate", "club", "--fix", "--format", "concise")
    assert done.code == 1
    assert (shell.folder / name).read_bytes() == before
    assert done.err.startswith("0 findings mended\n4 files checked: ")


def test_of_two_names_that_are_as_near_none_is_taken(shell: Shell) -> None:
    shell.edit(WHOLE, "benefits:", "  silber: {threshold: 400}\nbenefits:")
    shell.edit(WHOLE, "from_level: silver", "from_level: siler")
    done = shell.run("validate", "club", "--fix")
    assert done.code == 1
    assert "from_level: siler}" in (shell.folder / WHOLE).read_text(encoding="utf-8")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_all_else_in_a_file_stays_as_it_is(shell: Shell, end: str, mark: bytes, last: bool) -> None:
    text = (
        '# Für alle\nid: "2025"\nbased_on: \'2042\'   # the first\neffective_from: "2025/02/09"\n\n'
        "source: {document: Club rules,  section: Lévels}  # page\nlevels:\n"
        "    # most\n    silver: {  threshold : 25,000 ,note: x}   # was 300\n"
        "    gold: { treshold: 30 000 }\n#end"
    )
    text = text.replace("\n", end) + (end if last else "")
    shell.write(PATCH, mark + text.encode())
    shell.edit("club/program.yaml", "title:", "# here\ntitle:")

    done = shell.run("validate", "club", "--fix")

    expected = (
        text.replace("'2042'", "'2024'")
        .replace("2025/02/09", "2025-02-09")
        .replace("25,000", "25000")
        .replace("treshold: 30 000", "threshold: 30000")
    )
    assert (shell.folder / PATCH).read_bytes() == mark + expected.encode()
    assert done.err.startswith("5 findings mended in 1 file\n4 files checked: 0 errors, ")
    assert done.code == 0


def test_entries_that_say_the_same_twice_go(shell: Shell) -> None:
    before = (shell.folder / WHOLE).read_text(encoding="utf-8")
    twice = before.replace(
        "  gift:\n    points: 5\n", "  gift:\n    points: 5\n    # why\n    points: 5 # again\n"
    ).replace("days: {type: integer}", "days: {type: integer}\n      days: {type: integer}")
    shell.write(WHOLE, twice)
    assert shell.run("validate", "club", "--fix").code == 0
    text = (shell.folder / WHOLE).read_text(encoding="utf-8")
    assert text == before.replace("    points: 5\n", "    points: 5\n    # why\n")


def test_removals_that_are_none_go_with_the_sections_that_they_leave_empty(shell: Shell) -> None:
    before = (shell.folder / PATCH).read_text(encoding="utf-8")
    shell.write(
        PATCH,
        before.replace(
            "levels:",
            "removes:\n  activities:\n    dance: {note: No.}\n    # because\n    song:\n      note: |\n"
            "        No.\n\nlevels:",
        ),
    )
    done = shell.run("validate", "club", "--fix")
    assert (shell.folder / PATCH).read_text(encoding="utf-8") == before.replace("levels:", "\nlevels:")
    assert "removes" not in done.err


def test_the_exit_code_is_that_of_what_remains(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "treshold: 250, colour: red")
    done = shell.run("validate", "club", "--fix", "--format", "concise")
    assert done.code == 1
    assert "-  silver: {treshold: 250, colour: red}\n+  silver: {threshold: 250, colour: red}\n" in done.out
    assert "error[unknown-key]: `colour` is not a key of level `silver`; known: " in done.out
    assert done.err == "1 finding mended in 1 file\n4 files checked: 1 error, 8 warnings\n"
    assert shell.run("validate", "club", "--fix").code == 1


def test_what_a_slip_hid_is_mended_too(shell: Shell) -> None:
    """The level is unknown only once the levels can be read."""
    shell.edit(WHOLE, "  silver: {threshold: 300}", "  silver: {treshold: 300}")
    shell.edit(WHOLE, "from_level: silver", "from_level: silvr")
    done = shell.run("validate", "club", "--fix")
    assert done.err.startswith("2 findings mended in 1 file\n")
    assert done.code == 0


def test_an_edit_that_would_add_a_finding_is_not_made(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "threshold: 250, treshold: 200")
    before = (shell.folder / PATCH).read_bytes()
    done = shell.run("validate", "club", "--fix")
    assert (shell.folder / PATCH).read_bytes() == before
    assert done.err.startswith("0 findings mended\n")


def test_a_published_version_is_mended_into_what_was_published_and_nothing_else(shell: Shell) -> None:
    assert shell.run("publish", "club", "2024").code == 0
    lock = (shell.folder / "club/versions.lock").read_bytes()
    shell.edit(WHOLE, "threshold: 300", "threshold: 3,000")
    edited = (shell.folder / WHOLE).read_bytes()
    assert shell.run("validate", "club", "--fix").code == 1
    assert (shell.folder / WHOLE).read_bytes() == edited
    shell.edit(WHOLE, "threshold: 3,000", "threshold: '300'")
    assert shell.run("validate", "club", "--fix").code == 0
    assert (shell.folder / "club/versions.lock").read_bytes() == lock


def test_a_lock_is_not_edited(shell: Shell) -> None:
    assert shell.run("publish", "club", "2024").code == 0
    shell.edit("club/versions.lock", "published_on", "publishd_on")
    lock = (shell.folder / "club/versions.lock").read_bytes()
    done = shell.run("validate", "club", "--fix")
    assert done.code == 1
    assert "0 findings mended" in done.err
    assert (shell.folder / "club/versions.lock").read_bytes() == lock


def test_diff_shows_the_same_and_writes_nothing(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "treshold: 250")
    before = (shell.folder / PATCH).read_bytes()
    shown = shell.run("validate", "club", "--diff")
    assert shown.code == 1
    assert (shell.folder / PATCH).read_bytes() == before
    assert shown.err == "1 finding would be mended in 1 file\n4 files checked: 1 error, 8 warnings\n"
    done = shell.run("validate", "club", "--fix")
    assert done.out.startswith(shown.out)
    assert shown.out.startswith(f"--- {PATCH}\n")


def test_formats_for_programs_have_what_remains_and_the_diff_beside(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "treshold: 250, colour: red")
    done = shell.run("validate", PATCH, "--fix", "--format", "json")
    assert [finding["message"] for finding in json.loads(done.out)] == [
        "`colour` is not a key of level `silver`"
    ]
    assert done.err.startswith(f"--- {PATCH}\n")


def test_json_and_sarif_offer_what_mends(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "treshold: 250")
    (finding,) = json.loads(shell.run("validate", PATCH, "--format", "json").out)
    assert finding["fix"] == [
        {"file": PATCH, "line": 6, "column": 12, "end_line": 6, "end_column": 20, "text": "threshold"}
    ]
    log = json.loads(shell.run("validate", PATCH, "--format", "sarif").out)
    (result,) = log["runs"][0]["results"]
    assert result["fixes"] == [
        {
            "description": {"text": "did you mean `threshold`?"},
            "artifactChanges": [
                {
                    "artifactLocation": result["locations"][0]["physicalLocation"]["artifactLocation"],
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 6,
                                "startColumn": 12,
                                "endLine": 6,
                                "endColumn": 20,
                            },
                            "insertedContent": {"text": "threshold"},
                        }
                    ],
                }
            ],
        }
    ]


def test_only_files_that_were_named_are_changed(shell: Shell) -> None:
    shell.edit(WHOLE, "from_level: silver", "from_level: silvr")
    before = (shell.folder / WHOLE).read_bytes()
    assert shell.run("validate", PATCH, "--fix").code == 1
    assert (shell.folder / WHOLE).read_bytes() == before


def test_a_file_that_is_read_only_or_a_link_is_left_as_it_is(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "treshold: 250")
    shell.edit("club/program.yaml", "Europe/Brussels", "Europe/Brusels")
    (shell.folder / "club/program.yaml").chmod(0o444)
    (shell.folder / "elsewhere.yaml").write_bytes((shell.folder / PATCH).read_bytes())
    (shell.folder / PATCH).unlink()
    (shell.folder / PATCH).symlink_to(shell.folder / "elsewhere.yaml")
    done = shell.run("validate", "club", "--fix")
    assert done.code == 1
    assert done.err.startswith(
        "club/program.yaml is left as it is: it is read-only\n"
        f"{PATCH} is left as it is: it is a link\n"
        "0 findings mended\n"
    )
    assert (shell.folder / PATCH).is_symlink()


def test_a_read_only_file_whose_slip_was_hidden_is_left_too(shell: Shell) -> None:
    """The unknown level is found only once the other file is mended."""
    shell.edit("club/program.yaml", "resets: membership_year", "reset: membership_year")
    shell.edit(WHOLE, "from_level: silver", "from_level: silvr")
    before = (shell.folder / WHOLE).read_bytes()
    (shell.folder / WHOLE).chmod(0o444)
    done = shell.run("validate", "club", "--fix")
    assert done.code == 1
    assert (shell.folder / WHOLE).read_bytes() == before
    assert f"{WHOLE} is left as it is: it is read-only\n1 finding mended in 1 file\n" in done.err


def test_a_file_keeps_its_permissions(shell: Shell) -> None:
    shell.edit(PATCH, "threshold: 250", "treshold: 250")
    (shell.folder / PATCH).chmod(0o640)
    shell.run("validate", "club", "--fix")
    assert (shell.folder / PATCH).stat().st_mode & 0o777 == 0o640
    assert shell.names("club/versions") == ["2024.yaml", "2025.yaml"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("-", "--fix"), "standard input (`-`) cannot be mended; name the file"),
        (("club", "--diff", "--format", "json"), "--diff shows changes only; leave out --format"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(shell: Shell, arguments: tuple[str, ...], problem: str) -> None:
    done = shell.run("validate", *arguments)
    assert done.code == 2
    assert problem in done.err
