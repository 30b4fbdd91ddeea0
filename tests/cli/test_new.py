"""`pointbook new`: a draft that validates, with what each value is today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Shell

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


IMPOSSIBLE = {
    "2025": (2, "there is a version `2025` already; give another id, or edit it"),
    "a/b": (2, "`a/b` cannot be a version's id: write letters, digits"),
    "spring": (2, "`spring` is no date, so its first day is not known; add --effective-from YYYY-MM-DD"),
    "2026-01-01 --set levels/slver/threshold=5": (2, "did you mean `levels/silver/threshold` (250)"),
    "2026-01-01 --set levels/silver/threshold": (2, "`levels/silver/threshold` is not all of it: write"),
    "2026-01-01 --set levels/silver/threshold=many": (3, 'must be a whole number, not the text "many"'),
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
    assert sorted(path.name for path in (shell.folder / "club/versions").iterdir()) == before
