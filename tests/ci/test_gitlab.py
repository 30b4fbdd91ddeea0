"""GitLab's job: its lines, run on a throwaway repository, with the variables that GitLab sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from repositories import adverse, approved, broken, git, good
from workflows import run_gitlab

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repositories import Origin
    from workflows import Run

    Job = Callable[[Origin], Run]


@pytest.fixture
def job(tmp_path: Path, commands: Path) -> Job:
    def run(origin: Origin) -> Run:
        variables = {
            "POINTBOOK_PACKAGE": "pointbook",
            "POINTBOOK_PROGRAM": "rules/club",
            "POINTBOOK_EVENTS": "log/events.csv",
            "POINTBOOK_MEMBERS": "log/members.csv",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(origin.folder, "merge-base", "main", "change"),
            "CI_DEFAULT_BRANCH": "main",
        }
        return run_gitlab(
            origin.merge_request(tmp_path / "work"), commands, tmp_path / "temporary", variables
        )

    return run


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (good, 0, "passed.** validate, test, diff, compare."),
        (adverse, 1, "failed.** diff of `rules/club`: exit code 1, `1 change: 1 adverse`; compare of"),
        (approved, 0, "passed.** validate, test, diff, compare."),
        (broken, 3, "failed.** validate of `rules/club`: exit code 1, `5 files checked: 1 error"),
    ],
)
def test_each_kind_of_change_ends_as_it_should(
    origin: Origin, job: Job, change: Callable[[Origin], None], code: int, said: str
) -> None:
    change(origin)
    run = job(origin)
    assert run.code == code, run.log
    assert run.first_line.startswith(f"**Pointbook: {said}")
    assert run.log.splitlines()[-1] == run.first_line
    assert "::notice" not in run.log
    assert "::stop-commands" not in run.log
    assert "rules_club/validate.xml" in run.files
    assert ("rules_club/report.html" in run.files) == (change is not broken)


def test_what_main_changed_meanwhile_is_no_part_of_the_change(origin: Origin, job: Job) -> None:
    git(origin.folder, "checkout", "--quiet", "main")
    adverse(origin)
    git(origin.folder, "checkout", "--quiet", "change")
    origin.edit("rules/club/versions/2024.yaml", "title: Visit", "title: A visit")
    origin.commit()
    run = job(origin)
    assert run.code == 0, run.log
    assert "adverse" not in run.summary
