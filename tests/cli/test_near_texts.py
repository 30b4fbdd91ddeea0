"""The summary of `evaluate` names texts of the log that nearly are what a rule names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from near_texts import AS_OF, NEAR, put_near_texts

if TYPE_CHECKING:
    from club_shell import Shell


def _found(shell: Shell) -> list[dict[str, Any]]:
    summary = json.loads((shell.folder / "out/summary.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = summary["near_texts"]
    return found


@pytest.fixture
def near(shell: Shell) -> Shell:
    put_near_texts(shell)
    return shell


def test_texts_that_nearly_are_what_a_rule_names_are_counted_in_the_summary(near: Shell) -> None:
    done = near.evaluate(*AS_OF)

    assert done.code == 0, done.err
    assert _found(near) == NEAR
    told = done.out.partition("values that nearly are what a rule names, and are not:\n")[2]
    lines = told.partition("\n\n")[0].splitlines()
    assert len(lines) == 10
    in_case = "the two differ in letter case"
    ghent = f"    2 events with city 'ghent': the rule names 'Ghent'; {in_case} (club/versions/2024.yaml:27)"
    liege = "    1 event with city 'Lie\\u0300ge': the rule names 'Li\\xe8ge'; the two differ in accents"
    north = f"    1 member with member.chapter 'north': the rule names 'North'; {in_case}"
    assert lines[0] == ghent
    assert lines[4].startswith(
        "    1 event with city 'Ghent\\xa0': the rule names 'Ghent'; the two differ in spaces"
    )
    assert lines[6] == f"{liege} (club/versions/2024.yaml:27)"
    assert lines[7] == f"{north} (club/versions/2024.yaml:29)"
    assert lines[8].endswith("differ in an invisible character (U+200B) (club/versions/2024.yaml:26)")


def test_ten_are_told_the_most_frequent_first(near: Shell) -> None:
    near.edit("events.csv", "t13,ann,talk,2025-02-01,RUST,GHENT", "t13,ann,talk,2025-01-31,RUST,ghent")
    assert near.evaluate(*AS_OF).code == 0
    # As frequent as seven others, `RUST` comes before two of them by its letters; the last one falls out.
    rust = {"attribute": "topic", "value": "RUST", "named": "Rust", "differs_in": "letter case"}
    assert _found(near) == [*NEAR[:8], rust | {"events": 1, "rule": "club/versions/2024.yaml:26"}, NEAR[8]]


def test_a_fixed_version_is_the_only_one_whose_texts_matter(near: Shell) -> None:
    assert near.evaluate(*AS_OF, "--version", "2025").code == 0
    # `Ghent`: t01 and t10. `GHENT`: t03 and t12, before the first version, which the fixed one is not.
    cities = {one["value"]: one["events"] for one in _found(near) if one["attribute"] == "city"}
    assert cities == {"Ghent": 2, "GHENT": 2, "Ghent\u00a0": 1}


def test_a_text_that_the_rule_names_as_it_stands_is_meant_so(near: Shell) -> None:
    near.edit("club/versions/2024.yaml", "[Ghent,", "[Ghent, ghent,")
    assert near.evaluate(*AS_OF).code == 0
    assert "ghent" not in {one["value"] for one in _found(near)}


def test_without_such_texts_nothing_is_told(shell: Shell) -> None:
    done = shell.evaluate()
    assert _found(shell) == []
    assert "nearly" not in done.out


def test_explain_says_so_at_the_event(near: Shell) -> None:
    log = ("--events", "events.csv", "--members", "members.csv")
    done = near.run("explain", "club", "ann", *log, "--event", "t02")
    assert done.code == 0, done.err
    told = " ".join(done.out.split())
    assert "`ghent` is not `Ghent`: the two differ in letter case (club/versions/2024.yaml:27)" in told
    done = near.run("explain", "club", "ann", *log, "--event", "t01")
    assert "`Advanced ` is not `advanced`: the two differ in letter case and spaces" in " ".join(
        done.out.split()
    )
    done = near.run("explain", "club", "ann", *log, "--event", "t05")
    assert "`Lie\\u0300ge` is not `Li\\xe8ge`: the two differ in accents" in " ".join(done.out.split())
