"""`pointbook explain` of some events: which options choose them, and how these go together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Finished, Shell

GOLDEN = Path(__file__).parents[1] / "golden"
EVENTS = """\
event_id,member_id,activity,occurred_at,points
e1,ann,visit,2024-02-01,
e2,ann,visit,2024-02-02,
e3,ann,visit,2024-02-03,
e4,ann,review,2024-02-04,70
e5,ann,review,2024-02-30,70
e6,ann,visit,2024-03-01,
e7,bob,visit,2024-03-01,
e8,ann,visit,2024-06-01,
e9,,visit,2024-03-01,
e1,ann,visit,2024-02-01,
"""


def _explain(shell: Shell, *options: str) -> Finished:
    shell.write("events.csv", EVENTS)
    log = ("--events", "events.csv", "--members", "members.csv", "--as-of", "2024-03-31")
    return shell.run("explain", "club", "ann", *log, *options)


def _ids(shell: Shell, *options: str) -> list[str]:
    """The events that are told, and the days on which levels change."""
    timeline = json.loads(_explain(shell, *options, "--format", "json").out)["timeline"]
    return [item["event_id"] if item["kind"] == "event" else item["date"] for item in timeline]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), ["e1", "e2", "e3", "e4", "2024-02-04", "e6"]),
        (("--all",), ["e1", "e2", "e3", "e4", "2024-02-04", "e6"]),
        (("--event", "e4"), ["e4", "2024-02-04"]),
        (("--event", "e4", "--event", "e1"), ["e1", "e4", "2024-02-04"]),
        (("--since", "2024-02-03"), ["e3", "e4", "2024-02-04", "e6"]),
        (("--until", "2024-02-03"), ["e1", "e2", "e3"]),
        (("--since", "2024-02-03", "--until", "2024-02-03"), ["e3"]),
        (("--only", "capped"), ["e3"]),
        (("--only", "counted"), ["e1", "e2", "e3", "e4", "e6"]),
        (("--only", "uncounted"), []),
        (("--only", "levels"), ["2024-02-04"]),
        (("--only", "levels", "--only", "capped", "--since", "2024-02-01"), ["e3", "2024-02-04"]),
        (("--only", "awarded", "--since", "2024-02-03"), ["e4", "e6"]),
    ],
)
def test_options_choose_events(shell: Shell, options: tuple[str, ...], told: list[str]) -> None:
    assert _ids(shell, *options) == told


def test_events_that_are_chosen_stand_in_place_of_sums(shell: Shell) -> None:
    """Under the 2 visits a month, the third of February is cut to nothing: 0 of its 40 points."""
    done = _explain(shell, "--only", "capped")
    assert done.code == 0
    assert done.out.partition("\n\n2024")[2] == (
        "-02-03 00:00  Visit to the club [e3]: +0 (capped), stars 80, level none\n"
        "    40 points  (club/versions/2024.yaml:13)\n"
        "    at most 2 times per calendar month: 0 left, so 0 of 40 points count; it\n"
        "    begins anew on 2024-03-01  (club/versions/2024.yaml:14)\n"
        "\n"
        "1 event: stars +0\n"
        "\n"
        "Rows that could not be used:\n"
        "  events.csv:6: bad_value: 2024-02-30 is not a date: February 2024 has 29 days\n"
        "  events.csv:11: duplicate: the same row as events.csv:2\n"
        "\n"
        "Events after the as-of date: 1\n"
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("e5", "events.csv:6: bad_value: 2024-02-30 is not a date: February 2024 has 29 days"),
        ("e9", "events.csv:10: missing_value: it has no member_id"),
        ("e1", "events.csv:11: duplicate: the same row as events.csv:2"),
        ("e8", "[e8] is of 2024-06-01, after the as-of date 2024-03-31: it does not count yet"),
    ],
)
def test_what_became_of_an_event_that_does_not_count_is_told(shell: Shell, event: str, told: str) -> None:
    done = _explain(shell, "--event", event)
    assert done.code == 0
    assert told in done.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--event", "e11"), "Invalid value for --event: there is no event `e11`; did you mean `e1`?"),
        (("--event", "e7"), "Invalid value for --event: event `e7` is of another member, `bob`"),
        (("--only", "caped"), "Invalid value for '--only': there is no `caped`; did you mean `capped`?"),
        (("--only", "not-eligible"), "there is no `not-eligible`; did you mean `not_eligible`?"),
        (("--all", "--only", "capped"), "`--all` leaves nothing out; leave away the options that choose"),
        (("--event", "e1", "--since", "2024-01-01"), "`--event` names events; leave away `--since`,"),
        (("--since", "2024-03-01", "--until", "2024-02-01"), "`--since 2024-03-01` is after `--until 2024-"),
    ],
)
def test_slips_are_wrong_usage_with_what_to_do(shell: Shell, options: tuple[str, ...], message: str) -> None:
    done = _explain(shell, *options)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_where_nothing_fits_it_is_said_what_there_is(shell: Shell) -> None:
    done = _explain(shell, "--since", "2025-01-01")
    assert done.code == 0
    assert done.out.endswith(
        "Nothing fits what was asked for. There are, from 2024-02-01 to 2024-03-01: 4\n"
        "  awarded, 1 capped\n"
        "\n"
        "Events after the as-of date: 1\n"
    )


def test_json_has_the_sums_whatever_is_chosen(shell: Shell) -> None:
    """Two of three visits of February count, and that of March: 3 x 40 = 120; the review is worth 70."""
    told = json.loads(_explain(shell, "--only", "capped", "--format", "json").out)
    assert (told["as_of"], told["version"]) == ("2024-03-31", None)
    assert told["at_period_end"] == {"date": "2025-01-10", "level": "bronze"}
    assert [(change["to_level"], change["event_id"]) for change in told["levels"]] == [("bronze", "e4")]
    [period] = told["periods"]
    assert {key: period[key] for key in period if key != "activities"} == {
        "balance": "stars",
        "title": "stars",
        "period": 1,
        "period_start": "2024-01-10",
        "period_end": "2025-01-10",
        "start": 0,
        "total": 190,
        "events": 5,
    }
    assert [(one["activity"], one["events"], one["awarded"]) for one in period["activities"]] == [
        ("visit", 4, 120),
        ("review", 1, 70),
    ]
    assert period["activities"][0] == {
        "activity": "visit",
        "title": "Visit to the club",
        "events": 4,
        "requested": 160,
        "awarded": 120,
        "outcomes": [
            {
                "outcome": "awarded",
                "events": 3,
                "event_ids": ["e1", "e2", "e6"],
                "requested": 120,
                "awarded": 120,
                "reasons": [],
                "begins_anew": None,
            },
            {
                "outcome": "capped",
                "events": 1,
                "event_ids": ["e3"],
                "requested": 40,
                "awarded": 0,
                "reasons": [
                    {"text": "at most 2 times per calendar month", "rule": "club/versions/2024.yaml:14"}
                ],
                "begins_anew": None,
            },
        ],
    }


def test_markdown_is_a_page_to_send(shell: Shell) -> None:
    shell.edit("club/versions/2024.yaml", "Visit to the club", "Visit | <b>club</b>")
    done = _explain(shell, "--format", "markdown")
    assert done.code == 0
    assert (
        done.out
        == """\
# Reading Club: ann

Signed up on 2024-01-10.

As of 2024-03-31: **190 points in period 1 (since 2024-01-10, until 2025-01-10), level bronze**

- coins: 0

## What is needed

- bronze is safe beyond 2025-01-10
- to reach silver: 110 more points before 2025-01-10
- from 2025-01-01 on, silver asks for 250 points instead of 300

## Levels

| date | level |
|---|---|
| 2024-02-04 | none → bronze (reached): bronze asks for 100 &#91;e4&#93; |

## Period 1 of stars, 2024-01-10 to 2025-01-09: 190 points

| points | events | activity | what did not count, and why |
|---:|---:|---|---|
| +120 | 4 | Visit &#124; &#60;b&#62;club&#60;/b&#62; | 1 capped: at most 2 times per calendar month; \
40 of 40 points cut &#91;e3&#93; |
| +70 | 1 | review |  |

## Rows that could not be used

- events.csv:6: bad&#95;value: 2024-02-30 is not a date: February 2024 has 29 days
- events.csv:11: duplicate: the same row as events.csv:2

Events after the as-of date: 1
"""
    )


def test_a_fixed_version_is_said(shell: Shell) -> None:
    assert "\nAs if version 2025 had always been in force\n" in _explain(shell, "--version", "2025").out


def test_a_level_from_before_and_what_the_anniversary_brings_are_said(shell: Shell) -> None:
    """70 + 2 x 40 + 40 = 190 points of year 1 reach bronze; year 2 has none, and year 3 takes it away."""
    shell.write("events.csv", EVENTS)
    log = ("--events", "events.csv", "--members", "members.csv", "--as-of", "2025-02-01")
    done = shell.run("explain", "club", "ann", *log)
    assert "\n  bronze is carried from the period before; 0 points alone reach none\n" in done.out
    assert "\n  without further points: none from 2026-01-10 on\n" in done.out


def test_a_level_that_points_taken_away_would_not_reach_is_held_within_the_period(shell: Shell) -> None:
    """A review of 90 and two visits of 40 make 170; 100 less are 70, and bronze asks for 100."""
    shell.edit("club/versions/2024.yaml", "  gift:\n", "  fine: {points: -100}\n  gift:\n")
    shell.write(
        "events.csv",
        "event_id,member_id,activity,occurred_at,points\n"
        "e1,ann,review,2024-02-01,90\ne2,ann,visit,2024-02-02,\ne3,ann,visit,2024-02-03,\n"
        "e4,ann,fine,2024-02-04,\n",
    )
    done = shell.run("explain", "club", "ann", "--events", "events.csv", "--members", "members.csv")
    assert "\n  bronze is held since 2024-02-02; 70 points alone reach none\n" in done.out
    assert "\n  without further points: none from 2025-01-10 on\n" in done.out
    assert "\n  to keep bronze: 30 more points before 2025-01-10\n" in done.out


@pytest.mark.parametrize("width", [40, 80, 132])
def test_no_line_is_wider_than_the_terminal(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for options in ((), ("--all",)):
        assert max(map(len, _explain(shell, *options).out.splitlines())) <= width


def test_a_member_of_three_hundred_events_fits_two_screens(
    repository: Shell, golden: Callable[[Path, str], None]
) -> None:
    """Two screens of 50 lines of 80 characters."""
    folder = "rules/dataminer-devops/examples"
    log = ("--events", f"{folder}/events.csv", "--members", f"{folder}/members.csv")
    done = repository.run("explain", "rules/dataminer-devops", "m-0034", *log)
    lines = done.out.splitlines()
    assert len(lines) <= 100
    assert max(map(len, lines)) <= 80
    golden(GOLDEN / "explain.txt", done.out)


def test_of_very_much_the_most_telling_is_shown(shell: Shell) -> None:
    """12 years with 12 slips each: only the latest year has all, and those before year 7 only their sums."""
    slips = [
        f"e{year}-{slip},ann,slip{slip},{2012 + year}-03-01," for year in range(12) for slip in range(12)
    ]
    bad = [f"r{row},ann,visit,2013-02-30," for row in range(7)]
    shell.write("members.csv", "member_id,signed_up_on\nann,2012-01-01\n")
    shell.edit("club/versions/2024.yaml", "effective_from: 2024-01-01", "effective_from: 2012-01-01")
    shell.write("club/versions/2025.yaml", "")
    (shell.folder / "club/versions/2025.yaml").unlink()
    rows = ["event_id,member_id,activity,occurred_at,points", "v,ann,review,2023-03-02,90", *slips, *bad, ""]
    shell.write("events.csv", "\n".join(rows))
    done = shell.run("explain", "club", "ann", "--events", "events.csv", "--members", "members.csv")
    lines = done.out.splitlines()
    assert sum(" 1 × slip" in line for line in lines) == 12 + 5 * 6
    assert lines.count("        +0     6 × 6 other activities; of 6 events there is more to say") == 5
    assert lines.count("        +0    12 × 12 other activities; of 12 events there is more to say") == 6
    assert "  and 2 more (`--all`)" in lines
