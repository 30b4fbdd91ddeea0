"""What cannot be seen in names of columns, members and activities is shown, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Shell

VISIT = "e1,ann,visit,2024-02-01\n"
HEADER = "event_id,member_id,activity,occurred_at\n"


@pytest.mark.parametrize(
    ("name", "shown", "code"),
    [
        ("activ\u200bity", "activ\\u200bity", "U+200B"),
        ("\ufeffactivity", "\\ufeffactivity", "U+FEFF"),
        ("acti\u00advity", "acti\\xadvity", "U+00AD"),
    ],
)
def test_a_column_with_an_invisible_character_is_told_which(
    shell: Shell, name: str, shown: str, code: str
) -> None:
    shell.write("events.csv", HEADER.replace("activity", name) + VISIT)
    done = shell.evaluate()
    assert done.code == 3
    differ = f"the two differ in an invisible character ({code})"
    assert f"help: rename '{shown}' to `activity`: {differ}" in done.err


def test_a_column_that_may_be_left_out_likewise(shell: Shell) -> None:
    shell.write("events.csv", HEADER.replace("\n", ",po\u2060ints\n") + VISIT.replace("\n", ",\n"))
    differ = "the two differ in an invisible character (U+2060)"
    assert f"rename 'po\\u2060ints' to `points`: {differ}" in shell.evaluate().err


@pytest.mark.parametrize(
    ("activity", "told"),
    [
        (
            "vi\u200bsit",
            "'vi\\u200bsit': did you mean `visit`? the two differ in an invisible character (U+200B)",
        ),
        ("visit\u00a0", "'visit\\xa0': did you mean `visit`? the two differ in spaces around it"),
        ("\uff56isit", "'\uff56isit': did you mean `visit`? the two differ in full-width characters"),
        ("Visit\u00a0to the  club", "Visit\\u00a0to the  club: this is the title of `visit`; write that id"),
        ("revew ", "'revew ': did you mean `review`?"),
    ],
)
def test_an_activity_is_shown_so_that_one_sees_what_is_wrong(shell: Shell, activity: str, told: str) -> None:
    shell.write("events.csv", HEADER + VISIT.replace("visit", activity))
    assert f"    1 {told}\n" in shell.evaluate().out


def test_a_member_with_an_invisible_character_is_told_which(shell: Shell) -> None:
    shell.write("events.csv", HEADER + VISIT + VISIT.replace("e1,ann", "e2,a\u200bnn"))
    assert shell.evaluate().code == 1
    rejects = (shell.folder / "out/rejects.csv").read_text(encoding="utf-8")
    alike = "there is no member 'a\\u200bnn', but there is 'ann'"
    assert f"{alike}: the two differ in an invisible character (U+200B)" in rejects
