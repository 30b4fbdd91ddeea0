"""The recipes of docs/ci.md are what services accept, and do what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ci_page import block
from repositories import Origin, adverse, good
from test_git_diff import ADVERSE
from test_hooks import CLUB, HOOKS
from workflows import ROOT, bash, environment

from pointbook.source.files import new_program_texts

CHECKS = ROOT / "ci/pointbook-checks"


def checked(work: Path, commands: Path, **variables: str) -> str:
    """What the script prints, given the club and its log."""
    given = {
        "POINTBOOK_PROGRAM": "rules/club",
        "POINTBOOK_AGAINST": "origin/main",
        "POINTBOOK_EVENTS": "log/events.csv",
        "POINTBOOK_MEMBERS": "log/members.csv",
    }
    return bash("pointbook-checks", work, {**environment(commands), **given, **variables}).stdout


def test_the_first_line_of_a_summary_is_as_shown(origin: Origin, commands: Path, tmp_path: Path) -> None:
    adverse(origin)
    log = checked(origin.pull_request(tmp_path / "work"), commands)
    assert f"{log.splitlines()[-1]}\n" == block("summary")


def test_what_a_shallow_clone_is_told_is_as_shown(origin: Origin, commands: Path, tmp_path: Path) -> None:
    good(origin)
    log = checked(origin.pull_request(tmp_path / "work", depth=1), commands, POINTBOOK_EVENTS="")
    assert block("shallow") in log


def test_two_lines_are_enough_for_any_other_ci(origin: Origin, commands: Path, tmp_path: Path) -> None:
    good(origin)
    install, run = block("any other CI").splitlines()
    assert "pip install" in install
    script = run.replace("/tmp/pointbook/bin", str(commands)).replace("my-program", "club")  # noqa: S108 - the page's
    work = origin.pull_request(tmp_path / "work")
    done = bash(script, work, environment(tmp_path))
    assert (done.returncode, "**Pointbook: passed.** validate, test, diff." in done.stdout) == (0, True)
    assert (work / "pointbook-report/rules_club/validate.xml").exists()


def test_what_git_shows_is_as_shown() -> None:
    assert block("git diff") == ADVERSE


def test_this_repository_has_the_attributes_itself() -> None:
    """Besides one for a folder of its tests."""
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines(keepends=True)
    assert "".join(line for line in lines if not line.startswith("tests/")) == block(".gitattributes")


def test_a_new_program_has_the_attributes_for_its_own_folder() -> None:
    lines = [line for line in new_program_texts()[".gitattributes"].splitlines() if line[0] != "#"]
    assert [line.removeprefix("/") for line in lines] == block(".gitattributes").replace(
        "rules/*/", ""
    ).splitlines()


@pytest.mark.parametrize(("name", "schema"), [("workflow", "github-workflows"), ("gitlab", "gitlab-ci")])
def test_a_recipe_fits_the_published_schema(tmp_path: Path, name: str, schema: str) -> None:
    (tmp_path / "recipe.yml").write_text(block(name), encoding="utf-8")
    command = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [command, "--builtin-schema", f"vendor.{schema}", tmp_path / "recipe.yml"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture
def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(block("workflow"))["jobs"]["rules"]["steps"]
    return found


def test_the_workflow_gives_what_the_action_takes_and_no_more_rights_than_needed(
    steps: list[dict[str, Any]],
) -> None:
    checkout, action, comment = steps
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", checkout["uses"])
    about = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert action["with"].keys() <= about["inputs"].keys()
    assert "comment" in about["outputs"]
    assert "${{" not in comment["run"]
    workflow = yaml.safe_load(block("workflow"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["rules"]["permissions"] == {"contents": "read", "pull-requests": "write"}


def test_the_comment_is_the_file_of_that_name(steps: list[dict[str, Any]], tmp_path: Path) -> None:
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/bash\nprintf "<%s>" "$@"; cat "$5"\n', encoding="utf-8")
    gh.chmod(0o755)
    (tmp_path / "a comment.md").write_text("words", encoding="utf-8")
    env = {**environment(tmp_path), "NUMBER": "7", "COMMENT": "a comment.md"}
    done = bash(steps[2]["run"], tmp_path, env)
    assert done.stdout == "<pr><comment><7><--body-file><a comment.md><--edit-last><--create-if-none>words"


def test_the_job_of_the_gitlab_recipe_is_the_one_of_the_template() -> None:
    given = yaml.safe_load(block("gitlab"))["pointbook"]["variables"]
    template = yaml.safe_load((ROOT / "ci/gitlab.yml").read_text(encoding="utf-8"))
    assert given.keys() <= template["pointbook"]["variables"].keys()


def test_the_hooks_of_the_recipe_are_those_that_are_tried() -> None:
    [repository] = yaml.safe_load(block("pre-commit"))["repos"]
    shown = {hook["id"]: " ".join(hook.get("args", ())) for hook in repository["hooks"]}
    assert shown == {name: given.replace("club", "my-program") for name, given in CLUB.items()}
    assert [hook["id"] for hook in HOOKS] == list(shown)


def test_every_variable_of_the_script_is_in_the_table() -> None:
    text = CHECKS.read_text(encoding="utf-8")
    named = set(re.findall(r"\$\{(POINTBOOK_\w+)", text)) - {"POINTBOOK_BEFORE", "POINTBOOK_DEFAULT_BRANCH"}
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `POINTBOOK_")]
    assert {name for row in rows for name in re.findall(r"`(POINTBOOK_\w+)`", row)} == named


def test_the_page_says_1_and_3_of_the_same_commands_as_the_meaning() -> None:
    meaning = (ROOT / "docs/meaning.md").read_text(encoding="utf-8")
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    for command in ("validate", "test", "diff", "compare"):
        assert re.search(rf"^\| `{command}\b", meaning, re.MULTILINE)
        assert re.search(rf"^\| `{command}\b", page, re.MULTILINE)
