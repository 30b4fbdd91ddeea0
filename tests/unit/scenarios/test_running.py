"""Each kind of wrong expectation gives one finding, which points at the value that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.diagnostics import Finding

PROGRAM = """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
  coins: {resets: never}
member_attributes:
  partner: {type: boolean}
"""
VERSION = """\
id: first
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  bronze: {threshold: 50}
  silver: {threshold: 300}
benefits:
  lounge: {from_level: bronze}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit: {points: 60}
  review: {points: {range: [10, 90]}}
"""
RIGHT = """\
title: Ann visits twice
members:
  ann: {signed_up_on: 2024-01-10}
events:
  - {activity: visit, occurred_at: 2024-02-01, expect: {awarded: 60, total: 60, level: bronze, assumed: false}}
  - {activity: visit, occurred_at: 2024-02-30, expect: {rejected: bad_value}}
  - {activity: review, occurred_at: 2024-02-02, expect: {outcome: unvalued, requested: 0}}
  - {activity: visit, occurred_at: 2024-05-01, expect: {after_as_of: true}}
as_of: 2024-03-01
standings:
  - {as_of: 2024-03-01, points: 60, next_level: silver, points_to_next: 240, benefits: [lounge], coins: 0}
  - {as_of: 2024-01-09, absent: true}
history:
  ann:
    - {date: 2024-02-01, from_level: null, to_level: bronze, cause: reached}
summary: {events_read: 4, ledger: 2, rejects: 1, after_as_of: 1, unvalued: 1, capped: 0}
"""  # noqa: E501 - one event per line, as people write them


@pytest.fixture
def findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Finding, ...]]:
    """What comes of a scenario: why it cannot be run, else where it differs."""
    monkeypatch.chdir(tmp_path)

    def found(text: str) -> tuple[Finding, ...]:
        for name, content in (
            ("program.yaml", PROGRAM),
            ("versions/first.yaml", VERSION),
            ("scenarios/s.yaml", text),
        ):
            path = Path("club") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        loaded = load("club")
        [file] = scenario_files("club")
        scenario, problems = scenario_from(file, loaded)
        return problems if scenario is None else differences(scenario)

    return found


def test_a_scenario_whose_expectations_hold_has_no_findings(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    assert findings(RIGHT) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "pointed_at", "message"),
    [
        ("awarded: 60", "awarded: 70", "70", "event event-001: `awarded` is 60, not 70"),
        ("total: 60", "total: null", "null", "event event-001: `total` is 60, not none"),
        (
            "level: bronze, assumed",
            "level: silver, assumed",
            "silver",
            "event event-001: `level` is bronze, not silver",
        ),
        ("assumed: false", "assumed: true", "true", "event event-001: `assumed` is false, not true"),
        (
            "outcome: unvalued",
            "outcome: awarded",
            "awarded",
            "event event-003: `outcome` is unvalued, not awarded",
        ),
        (
            "rejected: bad_value",
            "rejected: duplicate",
            "duplicate",
            "event event-002: `rejected` is bad_value, not duplicate",
        ),
        ("rejected: bad_value", "awarded: 60}} #", "60", "event event-002: `awarded` is not there, not 60"),
        ("{after_as_of: true}", "{awarded: 60}", "60", "event event-004: `awarded` is not there, not 60"),
        (
            "{outcome: unvalued, requested: 0}",
            "{after_as_of: true}",
            "true",
            "event event-003: `after_as_of` is not there, not true",
        ),
        ("points: 60,", "points: 61,", "61", "ann on 2024-03-01: `points` is 60, not 61"),
        (
            "points_to_next: 240",
            "points_to_next: 1240",
            "1240",
            "ann on 2024-03-01: `points_to_next` is 240, not 1,240",
        ),
        ("benefits: [lounge]", "benefits: []", "[", "ann on 2024-03-01: `benefits` is [lounge], not []"),
        ("coins: 0", "coins: 5", "5", "ann on 2024-03-01: `coins` is 0, not 5"),
        (
            "2024-01-09, absent: true",
            "2024-01-09, points: 0",
            "0",
            "ann on 2024-01-09: `points` is not there, not 0",
        ),
        (
            "2024-03-01, points: 60",
            "2024-03-01, absent: true, points: 60",
            "true",
            "ann on 2024-03-01: `absent` is not there, not true",
        ),
        ("cause: reached", "cause: kept", "kept", "ann: change 1: `cause` is reached, not kept"),
        (
            "{date: 2024-02-01, f",
            "{date: 2024-02-02, f",
            "2024-02-02",
            "ann: change 1: `date` is 2024-02-01, not 2024-02-02",
        ),
        ("ledger: 2", "ledger: 3", "3", "the summary: `ledger` is 2, not 3"),
        ("capped: 0", "capped: 1", "1", "the summary: `capped` is 0, not 1"),
    ],
)
def test_a_wrong_expectation_is_pointed_at(
    findings: Callable[[str], tuple[Finding, ...]], right: str, wrong: str, pointed_at: str, message: str
) -> None:
    assert RIGHT.count(right) == 1
    text = RIGHT.replace(right, wrong)
    [finding] = findings(text)
    assert (finding.code, finding.message) == ("expectation-failed", message)
    line = text.splitlines()[finding.span.line - 1]
    assert line[finding.span.column - 1 :].startswith(pointed_at)
    assert finding.hint


@pytest.mark.parametrize("word", ["None", '"null"', '"-"', '""'])
def test_a_word_for_none_is_told_how_none_is_written(
    findings: Callable[[str], tuple[Finding, ...]], word: str
) -> None:
    [finding] = findings(RIGHT.replace("level: bronze, assumed", f"level: {word}, assumed"))
    shown = word.strip('"')
    assert finding.message == f"event event-001: `level` is bronze, not {shown}"
    early = f"  - {{as_of: 2024-01-31, level: {word}}}\n"
    [finding] = findings(RIGHT.replace("  - {as_of: 2024-01-09", early + "  - {as_of: 2024-01-09"))
    assert finding.message == f'ann on 2024-01-31: "{shown}" is taken for a word here'
    assert finding.hint == "write `level: null` for none"


def test_none_is_taken_for_no_level_beside_null(findings: Callable[[str], tuple[Finding, ...]]) -> None:
    early = "  - {as_of: 2024-01-31, level: none}\n"
    assert not findings(RIGHT.replace("  - {as_of: 2024-01-09", early + "  - {as_of: 2024-01-09"))
    [finding] = findings(RIGHT.replace("level: bronze, assumed", "level: none, assumed"))
    assert finding.message == "event event-001: `level` is bronze, not none"


def test_a_change_that_does_not_happen_is_pointed_at(findings: Callable[[str], tuple[Finding, ...]]) -> None:
    more = "cause: reached}\n    - {date: 2024-02-09, from_level: bronze, to_level: silver, cause: reached}"
    [finding] = findings(RIGHT.replace("cause: reached}", more))
    assert finding.message == "ann: change 2 does not happen"
    assert finding.hint == "2024-02-01 none → bronze (reached)"
    assert str(finding.span) == "club/scenarios/s.yaml:16:7"


def test_a_change_that_is_not_expected_is_told_at_the_member(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    before, _, after = RIGHT.partition("  ann:\n    - {date")
    [finding] = findings(before + "  ann: []\n" + after.partition("\n")[2])
    assert finding.message == "ann: a change that is not expected: 2024-02-01 none → bronze (reached)"
    assert str(finding.span) == "club/scenarios/s.yaml:14:3"


def test_a_member_that_cannot_be_used_is_pointed_at(findings: Callable[[str], tuple[Finding, ...]]) -> None:
    found = findings(
        "title: T\nmembers:\n  ann: {signed_up_on: 2024-01-10, partner: perhaps}\nhistory: {ann: []}\n"
    )
    assert [str(finding.span) for finding in found] == ["club/scenarios/s.yaml:3:8"]
    assert found[0].message.startswith("a member cannot be used: ")
    assert "perhaps" in found[0].message


@pytest.mark.parametrize(
    ("right", "wrong", "place", "message", "hint"),
    [
        (
            "title: Ann visits twice",
            "titel: Ann",
            "1:1",
            "`titel` is not a key of the scenario",
            "did you mean `title`?",
        ),
        ("awarded: 60", "award: 60", "5:57", "`award` is not a key of", "did you mean `awarded`?"),
        (
            "2024-02-01, expect",
            "2024-02-01, ponits: 5, expect",
            "5:48",
            "`ponits` is not a key of the event",
            "did you mean `points`?",
        ),
        ("coins: 0", "coin: 0", "11:98", "`coin` is not a key of the standing", "did you mean `coins`?"),
        (
            "  ann:\n    - {d",
            "  anne:\n    - {d",
            "14:3",
            "the scenario has no member `anne`",
            "did you mean `ann`?",
        ),
        (
            "unvalued: 1",
            "unvaluedd: 1",
            "16:66",
            "`unvaluedd` is not a key of the summary",
            "did you mean `unvalued`?",
        ),
        (
            "as_of: 2024-03-01\nst",
            "as_of: 2024-03-01\nversion: frist\nst",
            "10:10",
            "there is no version `frist`",
            "did you mean `first`?",
        ),
        (
            "{signed_up_on: 2024-01-10}",
            "{signed_up_on: 2024-01-10, partnr: true}",
            "3:35",
            "`partnr` is not a key of member `ann`",
            "did you mean `partner`?",
        ),
        (
            "as_of: 2024-03-01\nst",
            "as_of: 2024-02-30\nst",
            "9:8",
            "2024-02-30 is not a date",
            "correct the date",
        ),
    ],
)
def test_a_misspelt_word_is_found_before_anything_runs(  # noqa: PLR0913, PLR0917 - a table of cases
    findings: Callable[[str], tuple[Finding, ...]],
    right: str,
    wrong: str,
    place: str,
    message: str,
    hint: str,
) -> None:
    assert RIGHT.count(right) == 1
    [finding] = findings(RIGHT.replace(right, wrong))
    assert str(finding.span) == f"club/scenarios/s.yaml:{place}"
    assert finding.message.startswith(message)
    assert finding.hint == hint


def test_changes_to_the_rules_are_for_the_scenario_only(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    versions = (
        "versions:\n"
        "  - {id: second, based_on: first, effective_from: 2024-01-02, activities: {visit: {points: 7}}}\n"
    )
    found = findings(RIGHT + versions)
    assert [finding.message for finding in found][:1] == ["event event-001: `awarded` is 7, not 60"]
    assert findings(RIGHT) == ()


def test_an_inline_version_with_a_fault_is_told_at_its_place(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    found = findings(RIGHT + "versions:\n  - {id: second, based_on: frist, effective_from: 2024-01-02}\n")
    assert [(str(finding.span), finding.code) for finding in found] == [
        ("club/scenarios/s.yaml:18:28", "unknown-version")
    ]


def test_an_inline_version_that_breaks_what_it_takes_over_is_told(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    found = findings(
        RIGHT + "versions:\n"
        "  - {id: second, based_on: first, effective_from: 2024-01-02, levels: {silver: {threshold: null}}}\n"
    )
    assert [(str(finding.span), finding.message) for finding in found] == [
        ("club/versions/first.yaml:6:3", "level `silver` has no `threshold`")
    ]
    assert [(related.span.file, related.span.line) for related in found[0].related] == [
        ("club/scenarios/s.yaml", 18)
    ]


def test_a_scenario_that_expects_nothing_is_no_scenario(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    found = findings("title: T\nmembers:\n  ann: {signed_up_on: 2024-01-10}\n")
    assert [finding.code for finding in found] == ["expects-nothing"]


def test_a_rejected_event_that_nobody_expects_is_a_failure(
    findings: Callable[[str], tuple[Finding, ...]],
) -> None:
    found = findings(
        "title: T\nmembers:\n  ann: {signed_up_on: 2024-01-10}\nhistory: {ann: []}\n"
        "events:\n  - {activity: visit, occurred_at: 2024-02-30}\n"
    )
    assert len(found) == 1
    assert "is rejected as bad_value: 2024-02-30 is not a date" in found[0].message


DATED = """\
title: Ann becomes a partner
versions: [{id: later, based_on: first, effective_from: 2024-02-01, activities: {visit: {eligible_if: {attribute: member.partner, is: true}}}}]
members:
  ann:
    - {signed_up_on: 2024-01-10, partner: false}
    - {valid_from: 2024-03-01, partner: true}
events:
  - {activity: visit, occurred_at: 2024-02-29, expect: {outcome: not_eligible}}
  - {activity: visit, occurred_at: 2024-03-01, expect: {awarded: 60}}
"""  # noqa: E501 - one version per line


def test_a_member_can_be_a_list_of_rows(findings: Callable[[str], tuple[Finding, ...]]) -> None:
    assert findings(DATED) == ()
    (wrong,) = findings(DATED.replace("awarded: 60", "awarded: 0"))
    assert wrong.message == "event event-002: `awarded` is 60, not 0"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("valid_from:", "valid_form:", 6, "`valid_form` is not a key of member `ann`"),
        ("{signed_up_on: 2024-01-10, partner: false}", "{partner: false}", 5, "it has no signed_up_on"),
        ("valid_from: 2024-03-01, ", "", 6, "has the same member_id, but differs in partner"),
        ("valid_from: 2024-03-01, ", "signed_up_on: 2024-01-11, valid_from: 2024-03-01, ", 6, "signed_up_on"),
        ("2024-03-01, partner", "2024-03-32, partner", 6, "March 2024 has 31 days"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_at_that_row(
    findings: Callable[[str], tuple[Finding, ...]], right: str, wrong: str, line: int, message: str
) -> None:
    found = findings(DATED.replace(right, wrong))
    assert any(message in one.message for one in found if one.span.line == line), found
