"""What each command shows at 80 columns, with and without colour: screens that someone has read."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from club_shell import ROOT, club_in
from terminal_here import plain, readable, screen

from pointbook_cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from club_shell import Shell

SCREENS = ROOT / "tests/golden/screens"
SHIPPED = "rules/dataminer-devops"
CLUB_LOG = ("--events", "events.csv", "--members", "members.csv")
LOG = ("--events", "some-events.csv", "--members", "some-members.csv")
ADOPTED = ("--out", "adopted", "--draft-rules", "--timezone", "Europe/Brussels")
VISITS = ("--events", "visits.csv", "--members", "visitors.csv")
NEW = ("--announced-on", "2026-11-01", "--document", "Board of 2026-11-01")
GUARDRAILS = """\
guardrails:
  few-at-bronze: {title: At most 10 % hold bronze, measure: level_share, level: bronze, at_most_percent: 10}
  nobody-falls: {title: Nobody falls, measure: members_losing_level, at_most: 0}
"""
APPROVALS = """\
approvals:
  silver-rises:
    change: c-ea11d4a7330d
    address: levels/silver/threshold
    by: Ann Peeters
    reason: Decided by the board on 3 November.
    until: 2026-12-31
  many-at-bronze:
    guardrail: few-at-bronze
    version: "2024"
    at_most_percent: 60
    by: Ann Peeters
    reason: The club is small.
    until: 2026-12-31
"""
SMALL_PROGRAM = """\
id: small
title: A small program
timezone: UTC
level_balance: points
balances: {points: {resets: never}}
"""
SMALL_VERSION = """\
id: a
effective_from: 2024-01-01
levels: {low: {threshold: 5}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities: {buy: {points: 5}}
"""
WRITTEN = {
    "validate": ("validate", "broken"),
    "validate-concise": ("validate", "broken", "--format", "concise"),
    "validate-diff": ("validate", "broken", "--diff"),
    "validate-clean": ("validate", SHIPPED),
    "show": ("show", "club", "2025"),
    "show-broken": ("show", "broken", "2024"),
    "evaluate": ("evaluate", SHIPPED, *LOG, "--out", "out", "--backend", "python"),
    "evaluate-no-file": (
        "evaluate",
        "club",
        "--events",
        "none.csv",
        "--members",
        "members.csv",
        "--out",
        "out",
        "--backend",
        "python",
    ),
    "explain": ("explain", SHIPPED, "m-0003", *LOG),
    "explain-all": ("explain", "club", "ann", *CLUB_LOG, "--all"),
    "explain-nobody": ("explain", "club", "anna", *CLUB_LOG),
    "diff": ("diff", SHIPPED, "2023-10-10", "2024-03-13"),
    "diff-adverse": ("diff", SHIPPED, "2024-03-13", "2023-10-10", "--fail-on", "adverse"),
    "diff-approved": ("diff", "approved", "2025", "2024", "--fail-on", "adverse", "--on", "2026-01-01"),
    "gitdiff": (
        "gitdiff",
        "club/versions/2025.yaml",
        "before.yaml",
        "0",
        "100644",
        "club/versions/2025.yaml",
        "0",
        "100644",
    ),
    "compare": ("compare", SHIPPED, "2023-10-10", "2024-03-13", *LOG),
    "compare-approved": ("compare", "approved", "2025", "2024", *CLUB_LOG, "--on", "2026-01-01"),
    "compare-worse": ("compare", SHIPPED, "2024-03-13", "2023-10-10", *LOG),
    "compare-set": (
        "compare",
        SHIPPED,
        "2024-03-13",
        *LOG,
        "--set",
        "levels/catalyst/threshold=10000,15000,90000",
    ),
    "reconcile": ("reconcile", "club", *VISITS, "--published", "shown.csv", "--as-of", "2025-01-09"),
    "test": ("test", "failing"),
    "test-mutate": ("test", "small", "--mutate", "--workers", "1"),
    "test-coverage": ("test", "club", "--coverage"),
    "adopt": ("adopt", "some-events.csv", "--members", "some-members.csv", *ADOPTED),
    "init": ("init", "mine"),
    "new": ("new", "club", "2027-01-01", "--set", "levels/silver/threshold=400", *NEW),
    "publish": ("publish", "club", "2024"),
    "publish-failing": ("publish", "failing", "2025"),
    "completion": ("completion", "bsh"),
    "evaluate-missing": ("evaluate",),
    "sql": ("sql", "club"),
    "rules": ("rules",),
    "rules-finding": ("rules", "unknown-value"),
    "rules-change": ("rules", "cap-lowered"),
    "schema": ("schema", "guardrails"),
    "sample": ("sample", "club", "--out", "sampled", "--members", "3"),
}
"""The screens of each command; what one writes does not change another."""

FILES = ("show", "new", "sql", "schema", "gitdiff", "validate-diff", "test-mutate")
"""Of these, lines are as they stand in files."""
SLOW = (
    "validate-clean",
    "evaluate",
    "explain",
    "adopt",
    "compare",
    "compare-worse",
    "compare-set",
    "diff",
    "test-mutate",
)
"""Of these, the screen without colour is that with colour without its colours, and not shown anew."""
COMMANDS_TO_COPY = "  pointbook "
WIDTH = 80


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The club, a broken and a failing one; and twelve members of the shipped program."""
    shell = club_in(tmp_path_factory.mktemp("screens"))
    folder = shell.folder
    shutil.copytree(ROOT / SHIPPED, folder / SHIPPED, ignore=shutil.ignore_patterns("examples"))
    _some_members(ROOT / SHIPPED / "examples", folder)
    shutil.copytree(folder / "club", folder / "broken")
    shell.edit("broken/versions/2024.yaml", "calendar_month", "calender_month")
    shell.edit(
        "broken/versions/2024.yaml",
        "  silver: {threshold: 300}",
        "  silver: {threshold: 90, note: A level for all who come to us every other week, treshold: 300}",
    )
    shutil.copytree(folder / "club", folder / "failing")
    shell.edit("failing/scenarios/visits.yaml", "awarded: 0, outcome: capped", "awarded: 40")
    shutil.copy(folder / "club/versions/2025.yaml", folder / "before.yaml")
    shell.edit("before.yaml", "250", "280")
    _visits(shell)
    shutil.copytree(folder / "club", folder / "approved")
    shell.write("approved/guardrails.yaml", GUARDRAILS)
    shell.write("approved/approvals.yaml", APPROVALS)
    shell.write("small/program.yaml", SMALL_PROGRAM)
    shell.write("small/versions/a.yaml", SMALL_VERSION)
    return shell


def _some_members(examples: Path, folder: Path) -> None:
    chosen = {f"m-{number:04}" for number in range(1, 13)}
    for kind in ("events", "members"):
        with (examples / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        at = header.index("member_id")
        with (folder / f"some-{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *(row for row in rows if row[at] in chosen)])


def _visits(shell: Shell) -> None:
    """Three a month by eight members, of which another system counts three, and of one of them one less."""
    names = [f"v{number}" for number in range(8)]
    days = ("2024-02-01", "2024-02-02", "2024-02-03", "2024-03-01")
    shell.write(
        "visitors.csv", "".join(["member_id,signed_up_on\n", *(f"{name},2024-01-10\n" for name in names)])
    )
    rows = [f"{name}-{day},{name},visit,{day}\n" for name in names for day in days]
    shell.write("visits.csv", "".join(["event_id,member_id,activity,occurred_at\n", *rows]))
    shown = [f"{name},{160 if name != 'v7' else 7}\n" for name in names[1:]]
    shell.write("shown.csv", "".join(["member_id,points\n", "v0,many\n", *shown, "zed,3\n"]))


def _undo(shell: Shell) -> None:
    """Take away what commands write."""
    for name in ("out", "adopted", "mine", "sampled"):
        shutil.rmtree(shell.folder / name, ignore_errors=True)
    for name in ("club/versions.lock", "club/versions/2027-01-01.yaml"):
        (shell.folder / name).unlink(missing_ok=True)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_terminal_shows(shell: Shell, golden: Callable[[Path, str], None], name: str) -> None:
    _undo(shell)
    coloured = screen(WRITTEN[name], shell.folder)
    uncoloured = plain(coloured)
    if name not in SLOW:
        _undo(shell)
        assert screen(WRITTEN[name], shell.folder, {"NO_COLOR": "1"}) == uncoloured
    golden(SCREENS / f"{name}.txt", uncoloured)
    golden(SCREENS / f"{name}.colour.txt", readable(coloured, shell.folder))
    if name not in FILES:
        too_long = [line for line in uncoloured.split("\n") if len(line) > WIDTH and " " in line.strip()]
        assert all(line.startswith(COMMANDS_TO_COPY) for line in too_long), too_long


def test_the_tour(golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pointbook_cli.commands.demo._shipped_program", lambda: Path(SHIPPED))
    shown = screen(["demo"], ROOT)
    golden(SCREENS / "demo.txt", plain(shown))
    golden(SCREENS / "demo.colour.txt", readable(shown, ROOT))


def test_every_command_has_a_screen() -> None:
    assert {arguments[0] for arguments in WRITTEN.values()} | {"demo"} == set(COMMANDS)
