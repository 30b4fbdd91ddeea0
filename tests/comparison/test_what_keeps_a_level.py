"""Levels that ask for less to be kept than to be reached: fair shares, worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import compared

OLD = """\
activities: {talk: {title: Talk, points: 70}, post: {title: Post, points: 40}}
levels: {silver: {title: Silver, threshold: 100, keep: 60}}
"""
NEW = "activities: {talk: {points: 50}, post: {points: 50}}\n"
EVENTS = """\
e1,ann,talk,2024-02-01,
e2,ann,post,2024-03-01,
e3,ann,talk,2025-02-01,
e4,ann,talk,2026-02-01,"""


def test_the_change_that_takes_what_keeps_a_level_has_the_demotion():
    """Ann has 110 points or 100, then 70 or 50: at least 60 keep Silver, so that the talk loses it."""
    found = compared(OLD, NEW, "ann,2024-01-01", EVENTS)
    (ann,) = found.members
    assert (ann.old.effects.points, ann.new.effects.points) == (70 + 40 + 70 + 70, 50 + 50 + 50 + 50)
    assert (ann.old.level, ann.new.level) == ("silver", None)
    shares = {found.changes[one.index].rule_id: one.fair for one in found.attribution.shares if one.counted}
    # The post alone gives 10 more. The talk alone leaves 50 + 40 = 90, and Silver is not reached at all:
    # a promotion and no demotion fewer, which the post makes up for.
    assert {key: fair[0] for key, fair in shares.items()} == {"talk": -60, "post": 10}
    assert [sum(fair[figure] for fair in shares.values()) for figure in (1, 2)] == [0, 1]
