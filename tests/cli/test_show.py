from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load_program

if TYPE_CHECKING:
    from conftest import Shell


def test_show_prints_the_whole_version_and_where_each_change_came_from(shell: Shell) -> None:
    done = shell.run("show", "club", "2025")
    assert done.code == 0
    assert done.out.splitlines()[:13] == [
        "# 2025 as it is in force, from club/versions/2025.yaml",
        "# a comment names where a value comes from, if not from club/versions/2024.yaml",
        'id: "2025"',
        "effective_from: 2025-01-01",
        "source:",
        "  document: Club rules",
        "levels:",
        "  bronze:",
        "    threshold: 100",
        "  silver:",
        "    threshold: 250  # club/versions/2025.yaml:6",
        "benefits:",
        "  lounge:",
    ]
    assert done.out.count("club/versions/2025.yaml:") == 1
    assert not done.err


def test_what_show_prints_is_a_complete_version_with_the_same_meaning(shell: Shell) -> None:
    before = load_program(shell.folder / "club").version("2025")
    shell.write("club/versions/2025.yaml", shell.run("show", "club", "2025").out)
    after = load_program(shell.folder / "club").version("2025")
    assert before is not None
    assert after is not None
    assert after.based_on is None
    assert after.sha256 == before.sha256
    assert (after.levels, after.activities, after.life_cycle) == (
        before.levels,
        before.activities,
        before.life_cycle,
    )


@pytest.mark.parametrize("version", ["2022-11-24", "2023-10-10", "2024-03-13"])
def test_each_shipped_version_comes_back_from_show_unchanged(
    shell: Shell, repository: Shell, version: str
) -> None:
    text = repository.run("show", "rules/dataminer-devops", version).out
    program = load_program(repository.folder / "rules/dataminer-devops")
    shell.write("copy/program.yaml", (repository.folder / "rules/dataminer-devops/program.yaml").read_bytes())
    shell.write("copy/versions/only.yaml", text)
    before, after = program.version(version), load_program(shell.folder / "copy").versions[0]
    assert before is not None
    assert after.sha256 == before.sha256
    assert after.activities == before.activities


def test_an_unknown_version_is_wrong_usage_with_a_suggestion(shell: Shell) -> None:
    done = shell.run("show", "club", "2052")
    assert done.code == 2
    assert not done.out
    assert "there is no version `2052`; did you mean `2025`?" in done.err


def test_broken_rules_exit_with_3_and_name_the_place(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", "threshold: many")
    done = shell.run("show", "club", "2024")
    assert done.code == 3
    assert not done.out
    assert "club/versions/2025.yaml:6:23: error[wrong-type]" in done.err
    assert "pointbook validate" in done.err


def test_text_that_looks_like_something_else_stays_text(shell: Shell) -> None:
    titles = [
        "NO",
        "010",
        "1:30",
        "2024-02-30",
        "a: b",
        "# no comment",
        "ends with \\",
        '"',
        "é\u2028x",
        "\t",
        "\x85",
    ]
    activities = "".join(
        f"  x{index}: {{points: 5, title: {json.dumps(title)}}}\n" for index, title in enumerate(titles)
    )
    path = shell.folder / "club/versions/2025.yaml"
    shell.write("club/versions/2025.yaml", f"{path.read_text(encoding='utf-8')}activities:\n{activities}")
    shell.write("club/versions/2025.yaml", shell.run("show", "club", "2025").out)
    shown = load_program(shell.folder / "club").version("2025")
    assert shown is not None
    assert [shown.activities[f"x{index}"].title for index in range(len(titles))] == titles


def test_latest_is_the_version_that_takes_effect_last(shell: Shell) -> None:
    assert shell.run("show", "club", "latest").out == shell.run("show", "club", "2025").out
    log = ("--events", "events.csv", "--members", "members.csv")
    for command in (("evaluate", "club", *log, "--out"), ("explain", "club", "ann", *log)):
        named, meant = (
            shell.run(*command, *((version,) if command[-1] == "--out" else ()), "--version", version)
            for version in ("2025", "latest")
        )
        assert (named.code, meant.code) == (0, 0)
        assert meant.out.replace("latest/", "2025/") == named.out
    for name in ("ledger.csv", "standings.csv", "history.csv"):
        assert (shell.folder / "latest" / name).read_bytes() == (shell.folder / "2025" / name).read_bytes()
    assert "did you mean `latest`?" in shell.run("show", "club", "lates").err
