"""Texts of files neither steer a terminal nor make up lines, whatever the command."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click
import pytest
from terminal_here import plain, readable, screen

from pointbook.diagnostics import Finding, InputError, RulesError, Span
from pointbook.folding.processes import WorkerDiedError, WorkerFailedError
from pointbook_cli.reporters.escaping import json_text

if TYPE_CHECKING:
    from club_shell import Shell

STEERING = "\x1b[31m\x9b2J\r\nFORGED\u2028FORGED\u200b\u202e\U000e0001"
"""Colour, a cleared screen in one byte, and line breaks of three kinds; then what has no width, writing from
right to left, and a tag."""

HOSTILE = json.dumps(STEERING).replace(
    r"\udb40\udc01", r"\U000e0001"
)  # JSON is YAML, but for pairs of surrogates
LOG = ("--events", "events.csv", "--members", "members.csv")
COMMANDS = {
    "validate": ("validate", "club"),
    "fix": ("validate", f"{STEERING}/broken", "--fix"),
    "fix diff": ("validate", f"{STEERING}/broken", "--diff"),
    "no such rule": ("rules", STEERING),
    "show": ("show", "club", "2025"),
    "test": ("test", "club"),
    "mutate": ("test", "mutated", "--mutate", "--workers", "1"),
    "coverage": ("test", "club", "--coverage"),
    "test junit": ("test", STEERING, "--format", "junit"),
    "git diff": (
        "gitdiff",
        f"{STEERING}/versions/2025.yaml",
        *("/dev/null", "0", ".", f"{STEERING}/versions/2025.yaml", "0", "100644"),
    ),
    "evaluate": ("evaluate", "club", *LOG, "--out", "out"),
    "explain": ("explain", "club", "ann", *LOG),
    "explain all": ("explain", "club", "ann", *LOG, "--all"),
    "explain markdown": ("explain", "club", "ann", *LOG, "--all", "--format", "markdown"),
    "explain event": ("explain", "club", "ann", *LOG, "--event", STEERING),
    "explain only": ("explain", "club", "ann", *LOG, "--only", STEERING),
    "nobody": ("explain", "club", STEERING, *LOG),
    "compare": ("compare", "club", "2024", "2025", *LOG),
    "diff all": ("diff", "club", "2024", "2025", "--all"),
    "diff github": ("diff", STEERING, "2024", "2025", "--format", "github"),
    "diff json": ("diff", "club", "2024", "2025", "--format", "json"),
    "diff markdown": ("diff", "club", "2024", "2025", "--all", "--format", "markdown"),
    "diff sarif": ("diff", STEERING, "2024", "2025", "--format", "sarif"),
    "explain json": ("explain", "club", "ann", *LOG, "--format", "json"),
    "reconcile": ("reconcile", "club", *LOG, "--published", "shown.csv", "--as-of", "2025-01-09"),
    "reconcile markdown": (
        *("reconcile", "club", *LOG, "--published", "shown.csv", "--as-of", "2025-01-09"),
        *("--format", "markdown"),
    ),
    "reconcile json": (
        *("reconcile", "club", *LOG, "--published", "shown.csv", "--as-of", "2025-01-09"),
        *("--format", "json"),
    ),
    "compare markdown": ("compare", "club", "2024", "2025", *LOG, "--format", "markdown"),
    "compare github": ("compare", "club", "2024", "2025", *LOG, "--format", "github"),
    "evaluate into": ("evaluate", "club", *LOG, "--out", STEERING),
    "compare into": ("compare", "club", "2024", "2025", *LOG, "--out", f"{STEERING}.html"),
    "sample into": ("sample", "club", "--out", STEERING, "--members", "2"),
    "adopt": ("adopt", "events.csv", "--members", "members.csv", "--out", "new", "--draft-rules"),
    "adopt into": ("adopt", "events.csv", "--out", STEERING),
    "adopt into what is there": ("adopt", "events.csv", "--out", f"{STEERING}/broken", "--draft-rules"),
    "adopt no such file": ("adopt", STEERING, "--out", "new"),
    "completion": ("completion", STEERING),
    "version of itself": ("diff", "club", *(f"{STEERING}/versions/2025.yaml",) * 2),
    "given twice": (
        *("evaluate", "club", "--members", "members.csv", "--out", "out"),
        *("--events", f"{STEERING}.csv", "--events", f"./{STEERING}.csv"),
    ),
    "pattern": ("evaluate", "club", "--events", f"{STEERING}.csv", "events.csv"),
    "no folder": ("evaluate", "club", *LOG, "--out", f"no/{STEERING}"),
    "no such word": ("diff", "club", "2024", "2025", "--fail-on", STEERING),
    "init into": ("init", STEERING),
    "init into what is there": ("init", f"{STEERING}/broken"),
    "init title": ("init", "new", "--title", STEERING),
    "init timezone": ("init", "new", "--timezone", STEERING),
    "values": ("compare", STEERING, "2024", *LOG, "--set", "activities/visit/points=30,50"),
    "unknown column": (
        "evaluate",
        "club",
        "--events",
        "column.csv",
        "--members",
        "members.csv",
        "--out",
        "out",
    ),
    "unknown key": ("evaluate", "club", "--events", "key.jsonl", "--members", "members.csv", "--out", "out"),
    "unknown address": ("compare", "club", "2024", *LOG, "--set", f"{STEERING}=1"),
    "unknown program": ("diff", "club", "--with", STEERING),
    "unknown file": ("validate", f"club/{STEERING}.yaml"),
    "other program": ("validate", STEERING),
    "other version": ("show", STEERING, "2025"),
    "other scenarios": ("test", STEERING),
    "other changes": ("diff", STEERING, "2024", "2025"),
    "other log": ("evaluate", STEERING, *LOG, "--out", "out"),
    "other member": ("explain", STEERING, "ann", *LOG),
    "other guardrails": ("compare", STEERING, "2024", "2025", *LOG),
    "broken program": ("show", f"{STEERING}/broken", "2024"),
    "broken program full": ("validate", f"{STEERING}/broken"),
    "broken program concise": ("validate", f"{STEERING}/broken", "--format", "concise"),
    "broken program github": ("validate", f"{STEERING}/broken", "--format", "github"),
    "broken program json": ("validate", f"{STEERING}/broken", "--format", "json"),
    "broken program sarif": ("validate", f"{STEERING}/broken", "--format", "sarif"),
    "broken program junit": ("validate", f"{STEERING}/broken", "--format", "junit"),
    "no such file": ("evaluate", "club", "--events", STEERING, "--members", "members.csv", "--out", "out"),
    "no such folder": ("validate", STEERING),
    "no such version": ("show", "club", STEERING),
    "no such option": ("evaluate", f"--{STEERING}"),
    "no such command": (STEERING,),
}


@pytest.fixture
def hostile(shell: Shell) -> Shell:
    """The program with such texts wherever it takes texts, and a log with such ids."""
    folder = shell.folder
    program = (folder / "club/program.yaml").read_text()
    (folder / "club/program.yaml").write_text(program.replace("Reading Club", HOSTILE))
    version = (folder / "club/versions/2024.yaml").read_text()
    version = version.replace("Visit to the club", HOSTILE).replace("Club rules", HOSTILE)
    version = version.replace("lounge: {", f"lounge: {{title: {HOSTILE}, ")
    (folder / "club/versions/2024.yaml").write_text(version)
    (folder / "club/scenarios/more.yaml").write_text(
        (folder / "club/scenarios/visits.yaml").read_text().replace("Two visits a month count", HOSTILE)
    )
    quoted = f'"{STEERING}'
    (folder / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at,points\n"
        f'{quoted}1",ann,visit,2024-02-01,\n'
        f'{quoted}2",ann,{quoted}",2024-02-02,\n'
        f'{quoted}3",{quoted}",visit,2024-02-03,\n'
        f'{quoted}4",ann,review,2024-03-01,{quoted}"\n'
        f'{quoted}5",ann,visit,2099-01-01,\n',
        newline="",
    )
    shutil.copy(folder / "events.csv", folder / f"{STEERING}.csv")
    (folder / "column.csv").write_text(
        "event_id,member_id,activity,occurred_at," + STEERING.replace("\r\n", "") + "\n"
    )
    (folder / "shown.csv").write_text(
        f'member_id,points,level\nann,7,bronze\n{quoted}",5,\nbob,1,{quoted}"\n', newline=""
    )
    key = {
        "event_id": "e1",
        "member_id": "ann",
        "activity": "visit",
        "occurred_at": "2024-02-01",
        STEERING: 1,
    }
    (folder / "key.jsonl").write_text(json.dumps(key))
    shutil.copytree(folder / "club", folder / STEERING)
    (folder / STEERING / "guardrails.yaml").write_text(
        f"nobody-loses: {{title: {HOSTILE}, at_most: {{losing: {{members: 0}}}}}}\n"
    )
    shell.write(
        "mutated/program.yaml",
        "id: x\ntitle: x\ntimezone: UTC\nlevel_balance: p\nbalances: {p: {resets: never}}\n",
    )
    shell.write(
        "mutated/versions/a.yaml",
        "id: a\neffective_from: 2024-01-01\nlevels: {low: {threshold: 5}}\n"
        "life_cycle: {demotion: to_earned, leap_day: feb_28}\n"
        "activities:\n  buy:\n    attributes: {size: {type: text}}\n"
        f"    points: {{by: {{attribute: size, values: {{{HOSTILE}: 5}}}}}}\n",
    )
    shutil.copytree(folder / "club", folder / STEERING / "broken")
    (folder / STEERING / "broken/versions/2024.yaml").write_text(f"{HOSTILE}: {HOSTILE}\n")
    (folder / STEERING / f"broken/versions/{STEERING}.yaml").write_text("id: 1\n")
    return shell


@pytest.mark.parametrize("name", COMMANDS)
def test_no_text_steers_a_terminal_or_makes_up_a_line(hostile: Shell, name: str) -> None:
    done = hostile.run(*COMMANDS[name])
    assert done.code != 4, done.err
    _assert_harmless(done.out + done.err)


COLOURED = (
    *(
        "show",
        "test",
        "coverage",
        "fix diff",
        "git diff",
        "evaluate",
        "explain all",
        "explain event",
    ),
    *("compare", "values", "diff all", "reconcile", "adopt", "init into", "no such option"),
    *("other guardrails", "broken program full", "broken program concise"),
)
"""One command of each look."""


@pytest.mark.parametrize("name", COLOURED)
def test_no_text_steers_a_terminal_in_colour(hostile: Shell, name: str) -> None:
    backend = ("--backend", "python") if name == "evaluate" else ()
    shown = screen((*COMMANDS[name], *backend), hostile.folder)
    readable(shown, hostile.folder)  # links lead where they say
    _assert_harmless(plain(shown))


def test_no_edit_steers_a_terminal_in_colour(hostile: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # without the bar that a terminal shows
    _assert_harmless(plain(hostile.run(*COMMANDS["mutate"]).out))


def _assert_harmless(said: str) -> None:
    assert "forged" in said.casefold(), said
    steering = {character for character in said if not character.isprintable() and character != "\n"}
    assert steering == set(), said
    assert not [line for line in said.splitlines() if line.casefold().startswith("forged")], said


@pytest.mark.parametrize(
    "error",
    [
        ValueError(STEERING),
        KeyError(STEERING),
        OSError(5, STEERING, STEERING),
        OSError(28, STEERING),
        InputError(STEERING, STEERING, STEERING),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, STEERING),
        WorkerDiedError(STEERING),
        WorkerFailedError(STEERING),
        click.UsageError(STEERING),
        RulesError([Finding(Span(STEERING, 1, 1), "code", STEERING, STEERING)]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_error_steers_a_terminal_or_makes_up_a_line(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(_: object) -> None:
        raise error

    monkeypatch.setattr("pointbook_cli.commands.show.load", failing)
    done = shell.run("show", "club", "2024")
    assert done.code != 0
    assert not done.out
    _assert_harmless(done.err)


def test_json_means_the_same_with_codes_for_what_is_not_printable() -> None:
    assert json.loads(json_text({STEERING: [STEERING, "é", 1]})) == {STEERING: [STEERING, "é", 1]}
    assert json_text(["é"]) == '[\n  "é"\n]'
