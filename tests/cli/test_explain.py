from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pointbook.comparison.names import pseudonym

if TYPE_CHECKING:
    from conftest import Finished, Shell


def _explain(shell: Shell, member: str, *options: str) -> Finished:
    return shell.run(
        "explain", "club", member, "--events", "events.csv", "--members", "members.csv", *options
    )


EVENTS = """\
event_id,member_id,activity,occurred_at,points
e1,ann,visit,2024-02-01,
e2,ann,visit,2024-02-02,
e3,ann,visit,2024-02-03T09:30,
e4,ann,review,2024-02-04,70
e5,ann,review,2024-02-30,70
e6,ann,visit,2024-03-01,
"""
STANDING = """\
Reading Club: ann, signed up on 2024-01-10
As of 2024-02-29: 150 points in period 1 (since 2024-01-10, until 2025-01-10),
  level bronze
  coins: 0

What is needed:
  bronze is safe beyond 2025-01-10
  to reach silver: 150 more points before 2025-01-10
  from 2025-01-01 on, silver asks for 250 points instead of 300

"""
SUMS = """\
Levels:
  2024-02-04  none → bronze (reached): bronze asks for 100 [e4]

Period 1 of stars, 2024-01-10 to 2025-01-09: 150 points
       +80     3 × Visit to the club
        1 capped: at most 2 times per calendar month; 40 of 40 points cut;
          begins anew on 2024-03-01 [e3]
       +70     1 × review
"""
TOLD = """\
2024-02-01 00:00  Visit to the club [e1]: +40, stars 40, level none
    40 points  (club/versions/2024.yaml:13)
    at most 2 times per calendar month: 2 left, nothing is cut
    (club/versions/2024.yaml:14)
2024-02-02 00:00  Visit to the club [e2]: +40, stars 80, level none
    40 points  (club/versions/2024.yaml:13)
    at most 2 times per calendar month: 1 left, nothing is cut
    (club/versions/2024.yaml:14)
2024-02-03 09:30  Visit to the club [e3]: +0 (capped), stars 80, level none
    40 points  (club/versions/2024.yaml:13)
    at most 2 times per calendar month: 0 left, so 0 of 40 points count; it
    begins anew on 2024-03-01  (club/versions/2024.yaml:14)
2024-02-04 00:00  review [e4]: +70, stars 150, level bronze
    assessed at 70 of 10 to 90  (club/versions/2024.yaml:16)
2024-02-04  ** level none → bronze (reached): bronze asks for 100 [e4]
            (club/versions/2024.yaml:5)

4 events: stars +150
"""
ROWS = """\

Rows that could not be used:
  events.csv:6: bad_value: 2024-02-30 is not a date: February 2024 has 29 days

Events after the as-of date: 1
"""
HINT = "\nEvents: `--all`, `--event ID`, `--since D`, `--until D`, `--only WHAT`\n"


def test_first_the_standing_then_the_levels_then_sums_with_what_did_not_count(shell: Shell) -> None:
    """Two visits of 40 in February count, and the third does not; with 70 for the review that makes 150."""
    shell.write("events.csv", EVENTS)
    done = _explain(shell, "ann", "--as-of", "2024-02-29")
    assert done.code == 0
    assert not done.err
    assert done.out == STANDING + SUMS + ROWS + HINT


def test_each_event_shows_its_rule_its_place_and_what_each_limit_left(shell: Shell) -> None:
    shell.write("events.csv", EVENTS)
    done = _explain(shell, "ann", "--as-of", "2024-02-29", "--all")
    assert done.code == 0
    assert not done.err
    assert done.out == f"{STANDING}{SUMS}\nEvents:\n{TOLD}{ROWS}"


def test_what_is_missing_to_keep_a_level_is_told_with_the_date(shell: Shell) -> None:
    done = _explain(shell, "ann", "--as-of", "2025-02-01")
    assert "  to keep bronze: 100 more points before 2026-01-10\n" in done.out
    assert "  to reach silver: 250 more points before 2026-01-10\n" in done.out


def test_json_holds_the_same_for_programs(shell: Shell) -> None:
    done = _explain(shell, "ann", "--format", "json")
    assert done.code == 0
    told = json.loads(done.out)
    assert (told["member_id"], told["standing"]["points"], told["standing"]["level"]) == (
        "ann",
        160,
        "bronze",
    )
    assert [item["kind"] for item in told["timeline"]] == ["event", "event", "level", "event"]
    first = told["timeline"][0]
    assert first["rule"] == "club/versions/2024.yaml:11"
    assert first["reasons"][0] == {"text": "40 points", "rule": "club/versions/2024.yaml:13"}
    assert first["caps"] == [
        {"scope": "activity", "id": "visit", "position": 0, "remaining": 2, "passed": 40}
    ]
    assert told["outlook"][0] == "bronze is safe beyond 2025-01-10"


def test_explain_and_evaluate_agree_on_every_entry(shell: Shell) -> None:
    shell.evaluate("--output-format", "jsonl")
    ledger = [
        json.loads(line)
        for line in (shell.folder / "out/ledger.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    told = json.loads(_explain(shell, "bob", "--format", "json").out)
    events = [
        {key: event[key] for key in ledger[0]} for event in told["timeline"] if event["kind"] == "event"
    ]
    assert events == [entry for entry in ledger if entry["member_id"] == "bob"]


def test_an_unknown_member_is_wrong_usage_with_a_suggestion(shell: Shell) -> None:
    done = _explain(shell, "anne")
    assert done.code == 2
    assert "there is no member `anne`; did you mean `ann`?" in done.err
    assert not done.out


def test_a_member_who_has_done_nothing_is_explained_too(shell: Shell) -> None:
    shell.write("members.csv", "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\ncleo,2024-03-01\n")
    done = _explain(shell, "cleo")
    assert done.code == 0
    assert "No events.\n" in done.out
    assert "to reach bronze: 100 more points before 2025-03-01" in done.out


def test_a_member_who_signs_up_later_is_told_so(shell: Shell) -> None:
    done = _explain(shell, "bob", "--as-of", "2024-02-01")
    assert done.code == 0
    assert "Not signed up yet on the as-of date" in done.out


def test_an_unknown_version_is_wrong_usage(shell: Shell) -> None:
    done = _explain(shell, "ann", "--version", "v2025")
    assert done.code == 2
    assert "did you mean `2025`?" in done.err


def test_a_member_can_be_named_as_reports_of_a_comparison_do(shell: Shell) -> None:
    shell.write("events.csv", "event_id,member_id,activity,occurred_at,points\ne1,ann,visit,2024-02-01,\n")
    by_id, by_name = (_explain(shell, name) for name in ("ann", pseudonym("club", "ann")))
    assert by_id.code == by_name.code == 0
    assert by_id.out == by_name.out
    unknown = _explain(shell, pseudonym("another", "ann"))
    assert unknown.code == 2
    assert "there is no member" in unknown.err


def test_a_pseudonym_that_two_members_share_is_refused(shell: Shell) -> None:
    """By chance, these two have the same name of two words."""
    shell.write("members.csv", "member_id,signed_up_on\nm17975,2024-01-10\nm229556,2024-01-11\n")
    shell.write("events.csv", "event_id,member_id,activity,occurred_at,points\n")
    done = _explain(shell, "siduje-tiwuso")
    assert done.code == 2
    assert "2 members are called `siduje-tiwuso`; type the longer name" in done.err
    assert _explain(shell, "siduje-tiwuso-wahida").out.startswith("Reading Club: m229556")
