"""`pointbook new`: a draft that validates, with what each value is today."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Shell

RULES = Path(__file__).parents[2] / "rules"
VERSIONS = sorted(path.relative_to(RULES) for path in RULES.glob("*/versions/*.yaml"))
TODAY = ("--announced-on", "2025-11-01", "--document", "Club rules 2026")


def test_a_draft_has_a_header_and_each_value_with_what_it_is_today(shell: Shell) -> None:
    settings = (
        "levels/silver/threshold=240",
        "activities/visit/points=45",
        "activities/visit/caps/times per calendar_month/limit=3",
    )
    sets = [word for setting in settings for word in ("--set", setting)]
    done = shell.run("new", "club", "2026-01-01", *TODAY, *sets)
    assert (done.code, done.err) == (0, "written to club/versions/2026-01-01.yaml\n")
    written = (shell.folder / "club/versions/2026-01-01.yaml").read_text(encoding="utf-8")
    assert written == done.out
    assert written.splitlines()[1:] == [
        "id: 2026-01-01",
        'based_on: "2025"',
        "effective_from: 2026-01-01",
        "announced_on: 2025-11-01",
        "source: {document: Club rules 2026}",
        "",
        "levels:",
        "  silver:",
        "    threshold: 240  # 250 in 2025",
        "activities:",
        "  visit:",
        "    points: 45  # 40 in 2025",
        "    caps: [{times: 3, per: calendar_month}]  # [{times: 2, per: calendar_month}] in 2025",
    ]
    assert "2026-01-01.yaml" not in shell.run("validate", "club", "--format", "concise").out
    changes = shell.run("diff", "club", "2025", "2026-01-01").out
    assert "Silver: threshold 250 → 240" in changes or "silver: threshold 250 → 240" in changes


@pytest.mark.parametrize("base", ["2024", "2025", "latest"])
def test_a_draft_may_be_based_on_any_version(shell: Shell, base: str) -> None:
    done = shell.run(
        "new",
        "club",
        "spring",
        *TODAY,
        "--based-on",
        base,
        "--effective-from",
        "2026-03-01",
        "--set",
        "levels/bronze/threshold=90",
    )
    assert done.code == 0, done.err
    assert f'based_on: "{"2024" if base == "2024" else "2025"}"' in done.out
    assert "spring.yaml" not in shell.run("validate", "club", "--format", "concise").out


def test_a_draft_without_values_is_a_header_to_fill_in(shell: Shell) -> None:
    done = shell.run("new", "club", "2026-01-01", "--announced-on", "2025-11-01")
    assert done.code == 0
    assert done.out.splitlines()[-1].startswith("source: {document: Draft of 20")


@pytest.mark.parametrize("settings", [(), ("--set", "life_cycle/leap_day=mar_1")], ids=["empty", "set"])
@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_a_draft_on_any_version_of_any_program_is_clean(
    version: Path, settings: tuple[str, ...], shell: Shell
) -> None:
    program, of = version.parts[0], version.stem
    shutil.copytree(RULES / program, shell.folder / "p", ignore=shutil.ignore_patterns("examples"))
    before = shell.run("validate", "p", "--format", "concise").out
    made = shell.run("new", "p", "2999-12-31", "--based-on", of, *settings)
    assert (made.code, "warning" in made.err) == (0, False), made.err
    assert shell.run("validate", "p", "--format", "concise").out == before
    assert shell.run("test", "p").code == 0
    assert ("removes:" in made.out) is (of != VERSIONS[-1].stem)


def test_a_draft_on_an_older_version_says_what_goes(shell: Shell) -> None:
    shell.write(
        "club/versions/2025.yaml",
        (shell.folder / "club/versions/2025.yaml").read_text(encoding="utf-8")
        + "  gold: {threshold: 900}\nactivities: {talk: {points: 9}}\n",
    )
    done = shell.run("new", "club", "2026-01-01", *TODAY, "--based-on", "2024")
    assert done.code == 0, done.err
    assert done.out.splitlines()[6:12] == [
        "note: What 2025 changes ends with it.",
        "removes:",
        "  levels:",
        '    gold: {note: "Not in 2024, which this changes."}',
        "  activities:",
        '    talk: {note: "Not in 2024, which this changes."}',
    ]


def test_a_patch_whose_lines_change_nothing_is_still_found(shell: Shell) -> None:
    done = shell.run("new", "club", "2026-01-01", *TODAY)
    shell.write("club/versions/2026-01-01.yaml", f"{done.out}levels: {{silver: {{threshold: 250}}}}\n")
    assert "error[patch-changes-nothing]" in shell.run("validate", "club").out


def test_what_a_program_manager_should_know_is_said(shell: Shell) -> None:
    shell.write("club/guardrails.yaml", "guardrails:\n  notice: {measure: notice_days, at_least: 30}\n")
    soon = shell.run("new", "club", "2026-01-01", "--announced-on", "2025-12-30")
    assert soon.code == 0
    said = "guardrail `notice` asks for 30 days if anything in it could lower somebody"
    assert f"warning: announced 2 days before it takes effect; {said}\n" in soon.err
    between = shell.run(
        *("new", "club", "2025-06-01", "--announced-on", "2025-05-01", "--based-on", "2025"),
        *("--set", "levels/silver/threshold=240"),
    )
    said = "`2026-01-01` takes effect later than `2025-06-01`, and what changes here is not in force from"
    assert (between.code, f"warning: {said}" in between.err) == (0, True)


IMPOSSIBLE = {
    "2025": (2, "there is a version `2025` already; give another id, or edit it"),
    "a/b": (2, "`a/b` cannot be a version's id: write letters, digits"),
    "spring": (2, "`spring` is no date, so its first day is not known; add --effective-from YYYY-MM-DD"),
    "2026-01-01 --set levels/slver/threshold=5": (2, "did you mean `levels/silver/threshold` (250)"),
    "2026-01-01 --set levels/silver/threshold": (2, "`levels/silver/threshold` is not all of it: write"),
    "2026-01-01 --set levels/silver/threshold=many": (3, 'must be a whole number, not the text "many"'),
    "2026-01-01 --set levels/silver/threshold=250": (2, "is 250 in `2025` already; give another value"),
    "2026-01-01 --set levels/silver/threshold=9 --set levels/silver/threshold=8": (2, "are the same place"),
    "2026-01-01 --set activities/review/points=9 --set activities/review/points/range/0=8": (2, "same place"),
    "2024-02-01": (2, "members would be told of it on 2024-11-01, after it takes effect on 2024-02-01"),
    "2026-01-01 --based-on 2052": (2, "there is no version `2052`; did you mean"),
    "2026 --effective-from 2025-01-01 --set levels/silver/threshold=5": (3, "takes effect on 2025-01-01 too"),
}


@pytest.mark.parametrize("arguments", IMPOSSIBLE)
def test_what_cannot_be_is_told_and_nothing_is_written(shell: Shell, arguments: str) -> None:
    code, message = IMPOSSIBLE[arguments]
    before = sorted(path.name for path in (shell.folder / "club/versions").iterdir())
    done = shell.run("new", "club", *arguments.split(), "--announced-on", "2024-11-01")
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert ("\nnothing was written: " in done.err) is (code == 3)
    assert sorted(path.name for path in (shell.folder / "club/versions").iterdir()) == before


def test_a_draft_with_errors_is_shown_in_its_own_line(shell: Shell) -> None:
    done = shell.run("new", "club", "2026-01-01", *TODAY, "--set", "levels/bronze/threshold=400")
    assert (done.code, done.out) == (3, "")
    assert "threshold: 400  # 100 in 2025" in done.err
    assert "pointbook validate" not in done.err  # there is no such file to look at
