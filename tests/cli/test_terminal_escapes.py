"""Texts of files neither steer a terminal nor make up lines, whatever the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Shell

STEERING = "\x1b[31m\x9b2J\r\nFORGED\u2028FORGED\u202e"
"""Colour, a cleared screen in one byte, and line breaks of three kinds; then writing from right to left."""

HOSTILE = json.dumps(STEERING)  # JSON is YAML
LOG = ("--events", "events.csv", "--members", "members.csv")
COMMANDS = {
    "validate": ("validate", "club"),
    "show": ("show", "club", "2025"),
    "test": ("test", "club"),
    "diff": ("diff", "club", "2024", "2025"),
    "evaluate": ("evaluate", "club", *LOG, "--out", "out"),
    "explain": ("explain", "club", "ann", *LOG),
    "nobody": ("explain", "club", STEERING, *LOG),
    "compare": ("compare", "club", "2024", "2025", *LOG),
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
    return shell


@pytest.mark.parametrize("name", COMMANDS)
def test_no_text_steers_a_terminal_or_makes_up_a_line(hostile: Shell, name: str) -> None:
    done = hostile.run(*COMMANDS[name])
    assert done.code != 4, done.err
    said = done.out + done.err
    assert said
    steering = {character for character in said if not character.isprintable() and character != "\n"}
    assert steering == set(), said
    assert not [line for line in said.splitlines() if line.startswith("FORGED")], said
