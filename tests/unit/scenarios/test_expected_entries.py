"""What a scenario expects of the entries of one event, balance by balance: `null` is that there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "program.yaml": """\
id: club
title: Reading Club
timezone: Europe/Brussels
balances: {stars: {resets: never}, coins: {resets: never}}
""",
    "versions/first.yaml": """\
id: first
effective_from: 2024-01-01
source: {document: Club rules}
attributes: {first: {type: boolean, default: false}}
activities:
  visit: {earns: {stars: {points: 5}, coins: {points: 1, if: {attribute: first, is: true}}}}
""",
}


@pytest.mark.parametrize(
    ("first", "coins", "messages"),
    [
        (True, "{awarded: 1}", []),
        (True, "null", ["event event-001: there is an entry in `coins`"]),
        (True, "{awarded: 2}", ["event event-001, coins: `awarded` is 1, not 2"]),
        (False, "null", []),
        (False, "{awarded: 1}", ["event event-001: there is no entry in `coins`"]),
    ],
)
def test_an_entry_is_expected_or_that_there_is_none(
    tmp_path: Path, *, first: bool, coins: str, messages: list[str]
) -> None:
    event = f"activity: visit, occurred_at: 2024-02-01, first: {str(first).lower()}"
    scenario = f"""\
title: Ann visits
members: {{ann: {{signed_up_on: 2024-01-10}}}}
events: [{{{event}, expect: {{entries: {{stars: {{awarded: 5}}, coins: {coins}}}}}}}]
"""
    for name, content in {**FILES, "scenarios/s.yaml": scenario}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    [file] = scenario_files(str(tmp_path))

    runnable, findings = scenario_from(file, load(str(tmp_path)))

    assert not findings
    assert runnable is not None
    assert [finding.message for finding in differences(runnable)] == messages
