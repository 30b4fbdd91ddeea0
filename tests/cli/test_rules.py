"""`pointbook rules`: every code in a line, and one of them explained."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pointbook.catalogue.findings import Area
from pointbook.changes.kinds import Kind

if TYPE_CHECKING:
    from conftest import Shell

CODES = [code for area in Area for code in area.codes]


def test_every_code_has_a_line(shell: Shell) -> None:
    done = shell.run("rules")
    assert (done.code, done.err) == (0, "")
    listed = re.findall(r"^  ([a-z0-9-]+) ", done.out, re.MULTILINE)
    assert listed == [*CODES, *(kind.code for kind in Kind)]
    assert re.search(r"^  split-number +error +fix +A number whose", done.out, re.MULTILINE)
    assert re.search(r"^  misdated-id +warning +A version whose id", done.out, re.MULTILINE)
    assert re.search(r"^  guardrail-loosened +adverse +nothing", done.out, re.MULTILINE)
    assert re.search(r"^  threshold-raised +adverse, mostly +the levels", done.out, re.MULTILINE)


def test_a_code_is_explained_with_a_failing_and_a_fixed_example(shell: Shell) -> None:
    done = shell.run("rules", "split-number")
    assert done.code == 0
    assert (
        done.out
        == """\
split-number (error, mended by `validate --fix`)

A number whose thousands are set apart by a comma, which ends the value.

What: Within brackets YAML reads `15,000` as 15 and then another entry, `000`.

Why: A threshold of 15 in place of 15,000 would give the level to everybody.

Fix: The comma goes. Not where the number begins with 0, which can be the whole part of a decimal.

Failing:

    levels:
      member: {threshold: 15,000}

Fixed:

    levels:
      member: {threshold: 15000}
"""
    )


def test_a_kind_of_change_is_explained_by_what_diff_says(shell: Shell) -> None:
    done = shell.run("rules", "threshold-raised")
    assert done.code == 0
    assert (
        done.out
        == """\
threshold-raised (a kind of change)

It touches the levels of any member.

What undoes it is `threshold-lowered`.

Before:

    levels: {gold: {threshold: 4000}}

After:

    levels: {gold: {threshold: 5000}}

What `diff` says: gold: threshold 4,000 → 5,000

Direction: adverse here, which other rules can change: more points are needed to reach and keep the
level.
"""
    )


def test_json_has_the_same(shell: Shell) -> None:
    one = json.loads(shell.run("rules", "unknown-group", "--format", "json").out)
    assert (one["code"], one["area"], one["severity"], one["can_be_fixed"]) == (
        "unknown-group",
        "checks",
        "error",
        True,
    )
    assert one["failing"].startswith("groups:\n  social:\n")
    change = json.loads(shell.run("rules", "cap-added", "--format", "json").out)
    assert (change["direction"], change["is_always_so"], change["undone_by"]) == (
        "adverse",
        False,
        "cap-removed",
    )
    assert change["before"] == {"activities": {"answer": {}}}


def test_all_of_it_is_one_object(shell: Shell) -> None:
    whole = json.loads(shell.run("rules", "--format", "json").out)
    assert [rule["code"] for rule in whole["findings"]] == CODES
    assert [rule["code"] for rule in whole["changes"]] == [kind.code for kind in Kind]


@pytest.mark.parametrize(
    ("code", "meant"), [("unknown-grup", "unknown-group"), ("treshold-raised", "threshold-raised")]
)
def test_an_unknown_code_exits_with_2_and_a_suggestion(shell: Shell, code: str, meant: str) -> None:
    done = shell.run("rules", code)
    assert done.code == 2
    assert f"there is no code `{code}`; did you mean `{meant}`?" in done.err
