"""From when until when a member is what decides an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.views.explanation import explain

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
id: club
title: Club
timezone: America/St_Johns
balances: {points: {title: Points, resets: never}}
level_balance: points
member_attributes: {partner: {type: boolean}, town: {type: text}, renewed: {type: date}}
"""
VERSION = """\
id: v1
effective_from: 2010-01-01
levels: {low: {threshold: 1000}}
activities:
  kata: {eligible_if: {attribute: member.partner, is: true}, points: 10}
  open: {eligible_if: {not: {attribute: member.partner, is: true}}, points: 10}
  local: {eligible_if: {attribute: member.town, is: Ghent}, points: 10}
  named: {eligible_if: {attribute: member.town, present: true}, points: 10}
  soon: {eligible_if: {attribute: occurred_on, within: {days: 7, after: member.renewed}}, points: 10}
  walk: {points: 1, bonuses: [{points: 1, if: {attribute: member.partner, is: true}}]}
"""
MEMBERS = """\
member_id,signed_up_on,valid_from,partner,town,renewed
ann,2010-01-10,,false,Bruges,2010-01-01
ann,2010-01-10,2010-03-01,false,Ghent,2010-01-01
ann,2010-01-10,2010-06-01,true,,2010-06-01
ann,2010-01-10,2010-11-07,false,Bruges,2010-06-01
bob,2010-01-10,2010-06-01,true,Ghent,2010-06-01
"""
ASKED = "does not meet the condition: `member.partner is true` is asked for, and the member"


def told(folder: Path, activity: str, *moments: str, member: str = "ann") -> list[str]:
    """Each first reason of the last of some events."""
    (folder / "versions").mkdir()
    (folder / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    (folder / "versions/v1.yaml").write_text(VERSION, encoding="utf-8")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    rows = (f"e{number},{member},{activity},{moment}\n" for number, moment in enumerate(moments))
    (folder / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at\n" + "".join(rows), encoding="utf-8"
    )
    program = load_program(folder)
    log = read_log(program, members=[folder / "members.csv"], events=[folder / "events.csv"])
    assert not [*log.rejects, *log.member_rejects]
    return [step.text for step in explain(program, log, evaluate(program, log), member).events[-1].reasons]


@pytest.mark.parametrize(
    ("activity", "moment", "text"),
    [
        # The row of March changes nothing of it.
        ("kata", "2010-02-01", f"{ASKED} is not `partner` until 2010-06-01"),
        ("kata", "2010-05-31", f"{ASKED} is not `partner` until 2010-06-01"),
        ("kata", "2010-12-01", f"{ASKED} is not `partner` from 2010-11-07 on"),
        (
            "open",
            "2010-06-01",
            (
                "does not meet the condition: `not (member.partner is true)` is asked for, and the member is"
                " `partner` from 2010-06-01 until 2010-11-07"
            ),
        ),
        (
            "local",
            "2010-02-01",
            (
                "does not meet the condition: `member.town is Ghent` is asked for, and the member has"
                " `Bruges` until 2010-03-01"
            ),
        ),
        ("local", "2010-07-01", "the log does not carry `member.town` from 2010-06-01 until 2010-11-07"),
        (
            "named",
            "2010-07-01",
            (
                "does not meet the condition: `member.town is given` is asked for, and the member has none"
                " from 2010-06-01 until 2010-11-07"
            ),
        ),
        (
            "soon",
            "2010-07-01",
            (
                "does not meet the condition: `occurred_on within 7 days after member.renewed` is asked for,"
                " and occurred_on is 2010-07-01, member.renewed is 2010-06-01 from 2010-06-01 on"
            ),
        ),
        ("walk", "2010-02-01", "no +1 bonus: `member.partner is true` is asked for, and the member is not"),
    ],
)
def test_a_dated_attribute_that_decides_is_told_with_its_days(
    tmp_path: Path, activity: str, moment: str, text: str
) -> None:
    found = told(tmp_path, activity, moment)
    assert any(step.startswith(text) for step in found), found


def test_before_the_first_day_an_attribute_is_not_carried_until_then(tmp_path: Path) -> None:
    assert told(tmp_path, "kata", "2010-02-01", member="bob")[0] == (
        "the log does not carry `member.partner` until 2010-06-01, which the rule needs"
    )


def test_where_clocks_go_back_the_days_are_those_of_the_members_day(tmp_path: Path) -> None:
    # 02:30 UTC is midnight of 7 November; 02:31 UTC is 23:01 of the 6th, and the member's day is the 7th.
    moments = ("2010-11-07T02:30:00Z", "2010-11-07T02:31:00Z")
    assert told(tmp_path, "kata", *moments)[0] == f"{ASKED} is not `partner` from 2010-11-07 on"
