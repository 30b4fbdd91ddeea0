"""`git diff` of a program's files shows what changes in meaning, by the lines that docs/ci.md gives."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from ci_page import block
from repositories import SECOND, git
from workflows import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repositories import Origin

    Shown = Callable[..., str]


@pytest.fixture
def shown(origin: Origin, commands: Path) -> Shown:
    """What git prints in a repository that is set up as the page says, with nothing on standard error."""
    origin.write(".gitattributes", block(".gitattributes"))
    origin.commit("attributes")
    for line in block("git config").splitlines():
        subprocess.run(line, shell=True, cwd=origin.folder, check=True)  # noqa: S602 - the page's own

    def run(*arguments: str, folder: Path | None = None) -> str:
        done = subprocess.run(
            ("git", *arguments),
            cwd=folder or origin.folder,
            env=environment(commands),
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


ADVERSE = f"""\
a/{SECOND} → b/{SECOND}

version 2025
- adverse    Visit: 50 → 45 points
    amount-lowered at activities/visit/points; the amount is lower for every event
    a/{SECOND}:6:19 → b/{SECOND}:6:19
    change c-5a98d7a52521

1 change: 1 adverse

diff --git a/{SECOND} b/{SECOND}
--- a/{SECOND}
+++ b/{SECOND}
@@ -3,4 +3,4 @@
 effective_from: 2025-01-01
 source: {{document: Club rules}}
 activities:
-  visit: {{points: 50}}
+  visit: {{points: 45}}
"""


def test_a_changed_file_shows_its_changes_above_its_lines(origin: Origin, shown: Shown) -> None:
    origin.edit(SECOND, "points: 50", "points: 45")
    assert shown("diff") == ADVERSE
    assert shown("diff", folder=origin.folder / "rules/club/scenarios") == ADVERSE
    git(origin.folder, "add", ".")
    assert shown("diff", "--cached") == ADVERSE
    assert not shown("diff")
    origin.commit()
    assert shown("show", "--ext-diff", "--format=") == ADVERSE
    assert shown("log", "-p", "--ext-diff", "--format=", "-1") == ADVERSE
    assert "Visit: 50 → 45 points" not in shown("show"), "git asks nobody unless it is told to"
    assert "Visit: 45 → 50 points" in shown("diff", "HEAD", "HEAD~1")


def test_what_git_shows_still_applies(origin: Origin, shown: Shown, tmp_path: Path) -> None:
    origin.edit(SECOND, "points: 50", "points: 45")
    origin.write("rules/club/versions/2026.yaml", "id: 2026-01-01\nbased_on: '2025'\ntitle: new")
    git(origin.folder, "mv", "rules/club/scenarios", "rules/club/scenario")
    git(origin.folder, "add", "-A")
    patch = tmp_path / "patch"
    patch.write_text(shown("diff", "--cached"), encoding="utf-8")
    assert "\\ No newline at end of file" in patch.read_text(encoding="utf-8")
    git(origin.folder, "reset", "--quiet", "--hard")
    git(origin.folder, "apply", str(patch))
    assert "points: 45" in (origin.folder / SECOND).read_text(encoding="utf-8")
    assert (origin.folder / "rules/club/versions/2026.yaml").read_text(encoding="utf-8").endswith("new")


def test_a_new_and_a_deleted_version_are_changes(origin: Origin, shown: Shown) -> None:
    new = "rules/club/versions/2026.yaml"
    origin.write(
        new, 'id: "2026"\nbased_on: "2025"\neffective_from: 2026-01-01\nactivities: {visit: {points: 55}}\n'
    )
    git(origin.folder, "add", "-N", new)
    text = shown("diff")
    assert "+ favourable Visit: 50 → 55 points" in text
    assert f"new file mode 100644\n--- /dev/null\n+++ b/{new}\n@@ -0,0 +1,4 @@" in text
    origin.commit()
    (origin.folder / new).unlink()
    text = shown("diff")
    assert "Visit: 55 → 50 points" in text
    assert f"deleted file mode 100644\n--- a/{new}\n+++ /dev/null\n" in text


def test_a_version_that_others_build_on_can_be_deleted_and_the_reason_is_said(
    origin: Origin, shown: Shown
) -> None:
    (origin.folder / "rules/club/versions/2024.yaml").unlink()
    text = shown("diff")
    assert text.startswith(f"Not compared in meaning: {'b/' + SECOND}:2:11: there is no version `2024`")
    assert '-id: "2024"' in text


def test_a_renamed_file_is_one_change(origin: Origin, shown: Shown) -> None:
    git(origin.folder, "mv", SECOND, "rules/club/versions/next.yaml")
    origin.edit("rules/club/versions/next.yaml", "points: 50", "points: 60")
    text = shown("diff", "-M", "HEAD")
    assert "+ favourable Visit: 50 → 60 points" in text
    assert "1 change: 1 favourable" in text
    assert f"rename from {SECOND}\nrename to rules/club/versions/next.yaml\n" in text


def test_a_draft_that_is_moved_into_the_program_is_a_new_version(origin: Origin, shown: Shown) -> None:
    new = "rules/club/versions/2026.yaml"
    origin.write(".gitattributes", "*.yaml diff=pointbook\n")
    lines = (
        'id: "2026"',
        'based_on: "2025"',
        "effective_from: 2026-01-01",
        "activities: {visit: {points: 55}}",
    )
    origin.write("draft.yaml", "\n".join((*lines, "")))
    origin.commit()
    git(origin.folder, "mv", "draft.yaml", new)
    text = shown("diff", "-M", "HEAD")
    assert text.startswith(f"a/draft.yaml → b/{new}\n")
    assert "+ favourable Visit: 50 → 55 points" in text


def test_a_version_that_goes_to_another_program_is_missing_in_the_first(origin: Origin, shown: Shown) -> None:
    for file in ("program.yaml", "versions/2024.yaml"):
        text = (origin.folder / "rules/club" / file).read_text(encoding="utf-8")
        origin.write(f"rules/guild/{file}", text.replace("id: club", "id: guild"))
    origin.commit()
    (origin.folder / "rules/guild/notes").mkdir()
    git(origin.folder, "mv", SECOND, "rules/guild/notes/old.yaml")
    text = shown("diff", "-M", "HEAD")
    assert "version 2025 vanished, compared with 2024" in text
    git(origin.folder, "mv", "rules/guild/notes/old.yaml", "rules/guild/versions/2025.yaml")
    text = shown("diff", "-M", "HEAD")
    assert text.count("version 2025 vanished, compared with 2024") == 1
    assert text.count("version 2025 appeared, compared with 2024") == 1


def test_of_a_scenario_it_is_not_said_that_nothing_changes(origin: Origin, shown: Shown) -> None:
    origin.edit("rules/club/scenarios/visits.yaml", "awarded: 40", "awarded: 41")
    origin.edit(".gitattributes", "rules/", "**/")
    text = shown("diff", "--", "rules")
    assert text.startswith("Not compared in meaning: what scenarios expect decides no figures\n\ndiff --git ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points: 50", "pionts: 50", f"b/{SECOND}:6:11: `pionts` is not a key of activity `visit`"),
        ("activities:", "activities: [", f"b/{SECOND}:7:1: "),
        ("points: 50", "points: \x1b[31m50", f"b/{SECOND}:6:"),
    ],
)
def test_a_file_that_cannot_be_read_shows_its_lines_and_why(
    origin: Origin, shown: Shown, old: str, new: str, said: str
) -> None:
    origin.edit(SECOND, old, new)
    text = shown("diff")
    assert text.startswith(f"Not compared in meaning: {said}")
    assert f"\n-{'  visit: {points: 50}' if 'points' in old else old}\n" in text
    assert "\x1b" not in text


def test_what_is_no_text_is_shown_somehow(origin: Origin, shown: Shown) -> None:
    (origin.folder / SECOND).write_bytes(b"\xff\xfe\0id: x\n")
    assert "Not compared in meaning" in shown("diff")


def test_a_file_without_a_program_shows_its_lines(origin: Origin, shown: Shown) -> None:
    origin.write("old/versions/1.yaml", "id: a\n")
    origin.commit()
    origin.write("old/versions/1.yaml", "id: b\n")
    origin.edit(".gitattributes", "rules/", "**/")
    text = shown("diff", "--", "old")
    assert text.startswith(
        "Not compared in meaning: there is no program around b/old/versions/1.yaml\n\ndiff --git "
    )
    assert text.endswith("-id: a\n+id: b\n")


def test_program_and_guardrails_are_compared_too(origin: Origin, shown: Shown) -> None:
    origin.edit("rules/club/guardrails.yaml", "at_most: 0", "at_most: 5")
    assert "guardrail-loosened" in shown("diff")
    git(origin.folder, "checkout", "--quiet", ".")
    origin.edit("rules/club/program.yaml", "Europe/Brussels", "Asia/Tokyo")
    assert "timezone-changed" in shown("diff")


def test_a_new_program_shows_its_lines(origin: Origin, shown: Shown) -> None:
    git(origin.folder, "rm", "-r", "--quiet", "rules")
    origin.commit("gone")
    git(origin.folder, "checkout", "--quiet", "HEAD~1", "--", "rules")
    text = shown("diff", "--cached")
    assert text.count("diff --git") == 5
    assert "+  visit: {points: 50}" in text


def test_a_merge_conflict_is_named(origin: Origin, shown: Shown) -> None:
    git(origin.folder, "checkout", "--quiet", "-b", "theirs")
    origin.edit(SECOND, "points: 50", "points: 60")
    origin.commit()
    git(origin.folder, "checkout", "--quiet", "change")
    origin.edit(SECOND, "points: 50", "points: 70")
    origin.commit()
    subprocess.run(("git", "merge", "theirs"), cwd=origin.folder, check=False, capture_output=True)
    assert f"* Unmerged path {SECOND}\n" in shown("diff", "--cached")
    shown("diff")


def test_a_file_that_is_gone_meanwhile_stops_nothing(commands: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ("pointbook", "gitdiff", "a.yaml", "gone.yaml", "0", "100644", "/dev/null", "0", "."),
        cwd=tmp_path,
        env=environment(commands),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Not compared: gone.yaml: ")


def test_people_are_told_that_git_calls_it(commands: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        ("pointbook", "gitdiff", "a", "b"),
        cwd=tmp_path,
        env=environment(commands),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 2
    assert "git calls this command" in done.stderr
