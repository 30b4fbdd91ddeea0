"""Which cap cut an event where it meets several; each figure by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import RawRow, accepted_log
from pointbook.views.explanation import explain

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.views.explanation import Explanation

VERSION = """\
id: first
effective_from: 2024-01-01
levels: {bronze: {threshold: 10}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
groups:
  social: {caps: [{points: 50, per: week}]}
activities:
  post:
    points: 40
    caps: [{points: 70, per: calendar_month}, {times: 1, per: day}]
    groups: [social]
  share: {points: 20, groups: [social]}
"""
POST, SHARE = "post", "share"


def explained(folder: Path, *events: tuple[str, str]) -> Explanation:
    (folder / "versions").mkdir()
    (folder / "program.yaml").write_text(
        "id: club\ntitle: Club\ntimezone: UTC\nlevel_balance: stars\nbalances: {stars: {resets: never}}\n"
    )
    (folder / "versions/first.yaml").write_text(VERSION)
    program = load_program(folder)
    members = [RawRow("members", 2, "", {"member_id": "ann", "signed_up_on": "2024-01-01"})]
    rows = [
        {"event_id": f"e{line}", "member_id": "ann", "activity": activity, "occurred_at": day}
        for line, (activity, day) in enumerate(events, 2)
    ]
    log = accepted_log(
        program, members, [RawRow("events", line, "", row) for line, row in enumerate(rows, 2)]
    )
    return explain(program, log, evaluate(program, log, as_of=date(2024, 3, 31)), "ann")


MONTH, DAY, WEEK = (
    "at most 70 points per calendar month",
    "at most 1 time per day",
    "at most 50 points per week together with others of social",
)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # Monday and Tuesday: the week has 10 left, the month 30.
        (
            [(POST, "2024-02-05"), (POST, "2024-02-06")],
            [
                f"{MONTH}: 30 left, but another limit leaves less",
                f"{DAY}: 1 left, nothing is cut",
                f"{WEEK}: 10 left, so 10 of 40 points count; it begins anew on 2024-02-12",
            ],
        ),
        # Twice on Monday: the day leaves nothing.
        (
            [(POST, "2024-02-05"), (POST, "2024-02-05")],
            [
                f"{MONTH}: 30 left, but another limit leaves less",
                f"{DAY}: 0 left, so 0 of 40 points count; it begins anew on 2024-02-06",
                f"{WEEK}: 10 left, but another limit leaves less",
            ],
        ),
        # 40 + 30 of the month, then a share in the second week, which leaves 0: the month is named first.
        (
            [(POST, "2024-02-05"), (POST, "2024-02-12"), (SHARE, "2024-02-13"), (POST, "2024-02-14")],
            [
                f"{MONTH}: 0 left, so 0 of 40 points count; it begins anew on 2024-03-01",
                f"{DAY}: 1 left, nothing is cut",
                f"{WEEK}: 0 left, but another limit leaves no more",
            ],
        ),
    ],
)
def test_the_cap_that_leaves_the_least_is_said_to_cut(
    tmp_path: Path, events: list[tuple[str, str]], expected: list[str]
) -> None:
    last = explained(tmp_path, *events).events[-1]
    assert [reason.text for reason in last.reasons][1:] == expected


def test_room_comes_when_all_that_leave_as_little_begin_anew(tmp_path: Path) -> None:
    """On 28 February the month has nothing left, and neither has the week, which goes on to 3 March."""
    told = explained(
        tmp_path,
        *((POST, "2024-02-12"), (POST, "2024-02-26"), (SHARE, "2024-02-27"), (POST, "2024-02-28")),
    )
    cut = [reason.begins_anew for reason in told.events[-1].reasons if reason.gist]
    assert cut == [date(2024, 3, 4)]
