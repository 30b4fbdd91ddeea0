"""A whole evaluation at a glance: who is at risk, whatever balance the level asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pointbook
from pointbook.views.overview import overview_of

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.views.overview import Overview

PROGRAM = """\
id: hotel
title: Hotel
timezone: UTC
level_balance: nights
balances: {nights: {resets: calendar_year}, spend: {resets: calendar_year}}
"""
VERSION = """\
id: v1
effective_from: 2024-01-01
levels:
  BASE
  gold: {requires: {nights: 2, spend: 50}}
activities:
  stay: {earns: {nights: {points: 2}, spend: {points: {range: [0, 100]}}}}
  night: {balance: nights, points: 2}
"""
BASE = "member: {base: true}"
EVENTS = """\
event_id,member_id,activity,occurred_at,points
e1,ann,stay,2024-02-01,60
e2,ann,night,2025-02-01,
e3,bea,stay,2025-02-01,60
e4,cem,night,2025-02-01,
"""


def overview(folder: Path, base: str) -> Overview:
    (folder / "versions").mkdir()
    (folder / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    (folder / "versions" / "v1.yaml").write_text(VERSION.replace("BASE", base), encoding="utf-8")
    members = "".join(f"{name},2024-01-01\n" for name in ("ann", "bea", "cem"))
    (folder / "members.csv").write_text(f"member_id,signed_up_on\n{members}", encoding="utf-8")
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    program = pointbook.load_program(folder)
    log = pointbook.read_log(program, members=[folder / "members.csv"], events=[folder / "events.csv"])
    evaluation = pointbook.evaluate(program, log)
    return overview_of(evaluation, list(evaluation), log)


def test_who_lacks_any_balance_that_the_level_asks_for_is_at_risk(tmp_path: Path) -> None:
    """Ann has her 2 nights of 2025 and no spend; Bea has both; Cem never leaves the base level."""
    found = overview(tmp_path, BASE)
    assert [standing.member_id for standing in found.at_risk] == ["ann"]
    assert [(count.level.id if count.level else None, count.members) for count in found.levels] == [
        ("member", 1),
        ("gold", 2),
    ]


def test_members_without_a_level_have_a_line_where_there_is_no_base_level(tmp_path: Path) -> None:
    found = overview(tmp_path, "")
    assert [(count.level.id if count.level else None, count.members) for count in found.levels] == [
        (None, 1),
        ("gold", 2),
    ]
