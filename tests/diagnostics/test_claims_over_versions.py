"""What a version by itself cannot come to, it can with what others let through: each case by hand.

A refusal must be true in time. Each case holds the finding against what the interpreter makes of a log.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.interpret import Evaluation, Interpreter
from pointbook.loading import ProgramDocuments, loaded_from
from pointbook.model.log import Event, Member
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding
    from pointbook.loading import Loaded
    from pointbook.source.document import Node

LEVELS = {"silver": {"threshold": 200}}
LIFE_CYCLE = {"demotion": "to_earned", "leap_day": "feb_28"}


def program_of(*versions: dict[str, Any], resets: str = "never") -> Loaded:
    """A program with these versions, of a balance `points`."""
    program = {
        "id": "p",
        "title": "P",
        "timezone": "UTC",
        "level_balance": "points",
        "balances": {"points": {"resets": resets}, "more": {"resets": "never", "start": 1}},
    }
    documents = []
    for number, version in enumerate(versions, start=1):
        header = {"id": str(number), "source": {"document": "none"}}
        complete = {} if "based_on" in version else {"levels": LEVELS, "life_cycle": LIFE_CYCLE}
        documents.append((f"{number}.yaml", node_of(f"{number}.yaml", {**header, **complete, **version})))
    return loaded_from(ProgramDocuments("p", node_of("program.yaml", program), tuple(documents), (), {}))


def node_of(name: str, content: Any) -> Node:
    node, _ = read_yaml(name, json.dumps(content, indent=1).encode())
    assert node is not None
    return node


def findings_of(loaded: Loaded, code: str) -> list[Finding]:
    return [finding for finding in loaded.findings if finding.code == code]


def result_of(
    loaded: Loaded, days: list[str], signed_up_on: str = "2024-01-01"
) -> list[tuple[int, str | None]]:
    """What each event of activity `a` on these days is awarded, and the level held after it."""
    assert loaded.program is not None
    events = []
    for number, day in enumerate(days):
        at = datetime.combine(date.fromisoformat(day), time(12))
        events.append(Event("m", at, f"{number:03}", at, "a", None, {}))
    member = Member("m", date.fromisoformat(signed_up_on), {})
    evaluation = Evaluation(Interpreter(loaded.program), {}, (), date(2030, 1, 1))
    return [(entry.awarded, entry.level) for entry in evaluation.member_result(member, events).entries]


def limited(limit: int, kind: str = "times", per: str = "lifetime", points: int = 50) -> dict[str, Any]:
    return {"points": points, "caps": [{kind: limit, "per": per}]}


def test_a_level_that_only_points_from_before_reach_is_a_warning():
    """Three times 50 under the first version, which has no cap, and once more under the second: 200."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": {"points": 50}}},
        {"effective_from": "2025-01-01", "activities": {"a": limited(2)}},
    )
    (finding,) = findings_of(loaded, "unreachable-level")
    assert finding.severity == "warning"
    assert finding.message == (
        "only members with points from before version `2` can reach level `silver`: it asks for 200 points,"
        " and all activities together give at most 100 in a lifetime"
    )
    days = ["2024-02-01", "2024-02-02", "2024-02-03", "2025-02-01"]
    assert result_of(loaded, days) == [(50, None), (50, None), (50, None), (50, "silver")]


def test_a_level_that_no_version_gives_enough_for_is_an_error():
    """Three times for life under the first version are 150; the second counts them: two times are up."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": limited(3)}},
        {"effective_from": "2025-01-01", "activities": {"a": limited(2)}},
    )
    (first, second) = findings_of(loaded, "unreachable-level")
    assert {first.severity, second.severity} == {"error"}


@pytest.mark.parametrize(
    ("resets", "from_the_second", "first", "severity"),
    [
        # The year that closes on the first day of the second version is held against its threshold.
        ("calendar_year", "2025-01-01", {"points": 50}, "warning"),
        ("calendar_year", "2025-01-01", limited(3), "error"),
        ("calendar_year", "2025-01-02", {"points": 50}, "warning"),
        ("membership_year", "2025-01-01", {"points": 50}, "warning"),
        ("never", "2025-01-01", {"points": 50}, "warning"),
    ],
)
def test_points_of_an_earlier_version_are_held_against_the_threshold(
    resets: str, from_the_second: str, first: dict[str, Any], severity: str
):
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": first}},
        {"effective_from": from_the_second, "activities": {"a": limited(1)}},
        resets=resets,
    )
    finding = findings_of(loaded, "unreachable-level")[-1]
    assert (finding.severity, finding.span.file) == (severity, "2.yaml")


def test_a_level_that_a_later_version_brings_within_reach_is_a_warning():
    """Two times 50 under the first version count for the silver of the second, which asks for 200 too."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": limited(2)}},
        {"effective_from": "2025-01-01", "activities": {"a": limited(9)}},
    )
    (finding,) = findings_of(loaded, "unreachable-level")
    assert finding.severity == "warning"
    assert finding.message.startswith("no member can reach level `silver` until version `2`: ")
    days = ["2024-02-01", "2024-02-02", "2024-02-03", "2025-02-01", "2025-02-02"]
    expected = [(50, None), (50, None), (0, None), (50, None), (50, "silver")]
    assert result_of(loaded, days) == expected


def test_a_level_that_is_closed_to_new_members_is_a_warning_where_nothing_takes_it_away():
    """200 points reached silver under the first version; the second asks for 500, and gives at most 240."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": limited(4)}},
        {
            "effective_from": "2025-01-01",
            "levels": {"silver": {"threshold": 500}},
            "activities": {"a": limited(4, points=60)},
        },
    )
    (finding,) = findings_of(loaded, "unreachable-level")
    assert finding.severity == "warning"
    assert finding.message.startswith(
        "only members whose level is from before version `2` can have level `silver`: it asks for 500 points"
    )
    days = ["2024-02-01", "2024-02-02", "2024-02-03", "2024-02-04", "2025-02-01"]
    assert result_of(loaded, days)[-2:] == [(50, "silver"), (0, "silver")]


def test_a_cap_that_an_earlier_version_used_up_cuts_though_its_own_never_reaches_it():
    """Of five times for life of the group three are used; three of the activity's own would be left."""
    together = {"together": {"caps": [{"times": 5, "per": "lifetime"}]}}
    loaded = program_of(
        {
            "effective_from": "2024-01-01",
            "groups": together,
            "activities": {"a": {"points": 50, "groups": ["together"]}},
        },
        {
            "effective_from": "2025-01-01",
            "based_on": "1",
            "activities": {"a": {"caps": [{"times": 3, "per": "lifetime"}]}},
        },
    )
    (finding,) = findings_of(loaded, "cap-never-binds")
    assert finding.severity == "warning"
    assert finding.message == (
        "a cap of 5 times in a lifetime cuts group `together` only with what version `1` let through:"
        " the caps of its activities leave at most 3 events in a lifetime in version `2`"
    )
    days = [*[f"2024-02-0{day}" for day in range(1, 4)], *[f"2025-02-0{day}" for day in range(1, 5)]]
    awarded = [points for points, _ in result_of(loaded, days)]
    assert awarded == [50, 50, 50, 50, 50, 0, 0]  # the sixth is the third of its own cap


def test_a_cap_that_counts_for_a_later_version_is_a_warning():
    """Once a year keeps within 100 points; without that, the second version's 100 have 50 left."""
    caps = [{"times": 1, "per": "calendar_year"}, {"points": 100, "per": "calendar_year"}]
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": {"points": 50, "caps": caps}}},
        {"effective_from": "2024-06-01", "activities": {"a": {"points": 50, "caps": caps[1:]}}},
    )
    (finding,) = findings_of(loaded, "cap-never-binds")
    assert finding.severity == "warning"
    assert "never cuts anything of activity `a` until version `2`: " in finding.message
    awarded = [points for points, _ in result_of(loaded, ["2024-02-01", "2024-07-01", "2024-07-02"])]
    assert awarded == [50, 50, 0]  # were the cap not there before: 50, 50, 50


def test_a_cap_that_no_version_can_fill_is_an_error():
    caps = [{"times": 1, "per": "calendar_year"}, {"points": 100, "per": "calendar_year"}]
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": {"points": 50, "caps": caps}}},
        {"effective_from": "2024-06-01", "based_on": "1", "activities": {"a": {"points": 60}}},
    )
    (finding,) = findings_of(loaded, "cap-never-binds")
    assert finding.severity == "error"


LIFETIME = [{"points": 100, "per": "lifetime"}]
SHORT = {"points": 50, "caps": LIFETIME}
OF_ENTRY = {"earns": {"points": {"points": 50, "caps": LIFETIME}}}
OF_BALANCE = {"points": 50, "caps": [{**LIFETIME[0], "balance": "points"}]}


@pytest.mark.parametrize(("first", "second"), [(SHORT, OF_ENTRY), (OF_ENTRY, SHORT), (SHORT, OF_BALANCE)])
def test_a_cap_that_is_written_elsewhere_is_used_anew(first: dict[str, Any], second: dict[str, Any]):
    """100 points by the activity's cap, and 100 by its entry's, or by the one that names the balance."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": first}},
        {"effective_from": "2025-01-01", "activities": {"a": second}},
    )
    assert [finding.severity for finding in findings_of(loaded, "unreachable-level")] == [
        "warning",
        "warning",
    ]
    days = ["2024-02-01", "2024-02-02", "2024-02-03", "2025-02-01", "2025-02-02", "2025-02-03"]
    awarded = result_of(loaded, days)
    assert [points for points, _ in awarded] == [50, 50, 0, 50, 50, 0]
    assert awarded[-1][1] == "silver"


def test_a_requirement_that_those_need_not_meet_who_have_the_level_is_a_warning():
    """100 points reached silver under the first version; the second asks for 300 or 400, and gives 100."""
    now = {"silver": {"requires": [{"points": 400}, {"points": 300}]}}
    loaded = program_of(
        {
            "effective_from": "2024-01-01",
            "levels": {"silver": {"threshold": 100}},
            "activities": {"a": SHORT},
        },
        {"effective_from": "2025-01-01", "levels": now, "activities": {"a": SHORT}},
    )
    (finding,) = findings_of(loaded, "requirement-out-of-reach")
    assert finding.severity == "warning"
    assert finding.message == (
        "only members whose level is from before version `2` can have level `silver`: it asks for 400 points,"
        " of which all activities together give at most 100 in a lifetime"
    )
    assert result_of(loaded, ["2024-02-01", "2024-02-02", "2025-02-01"])[-1] == (0, "silver")


def test_a_requirement_that_no_version_gives_enough_for_is_an_error():
    levels = {"silver": {"requires": [{"points": 400}, {"points": 300}]}}
    loaded = program_of(
        {"effective_from": "2024-01-01", "levels": levels, "activities": {"a": SHORT}},
        {"effective_from": "2025-01-01", "levels": levels, "activities": {"a": SHORT}},
    )
    assert {finding.severity for finding in findings_of(loaded, "requirement-out-of-reach")} == {"error"}
    assert loaded.program is None


def test_an_entry_beside_a_spend_that_goes_is_named():
    """The short form stands beside what the activity spends; then it only spends."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": {"points": 5, "spends": {"more": 1}}}},
        {"effective_from": "2025-01-01", "activities": {"a": {"spends": {"more": 1}}}},
    )
    (finding,) = findings_of(loaded, "id-disappears")
    assert finding.message.startswith("version `2` no longer has the entry `a/points`: ")
    assert finding.hint == (
        'if that is meant, write `removes: {entries: {a/points: {note: "..."}}}` with the reason;'
        " if not, write `points` again"
    )


def test_a_version_that_returns_to_an_earlier_one_changes_the_one_before_it():
    """The second version is for a month only; the third is the first again."""
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": {"points": 50}}},
        {"effective_from": "2024-06-01", "based_on": "1", "activities": {"a": {"points": 200}}},
        {"effective_from": "2024-07-01", "based_on": "1"},
    )
    assert findings_of(loaded, "patch-changes-nothing") == []
    days = ["2024-05-01", "2024-06-15", "2024-07-15"]
    assert [points for points, _ in result_of(loaded, days)] == [50, 200, 50]


def test_an_activity_of_the_version_before_can_be_replaced_though_the_base_never_had_it():
    loaded = program_of(
        {"effective_from": "2024-01-01", "activities": {"a": {"points": 50}}},
        {"effective_from": "2024-06-01", "based_on": "1", "activities": {"quiz.won": {"points": 200}}},
        {
            "effective_from": "2024-07-01",
            "based_on": "1",
            "activities": {"contest.won": {"points": 100, "replaces": "quiz.won"}},
        },
    )
    assert findings_of(loaded, "wrong-replacement") == []
