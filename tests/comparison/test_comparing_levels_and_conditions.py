"""Comparisons of rules whose levels need several balances, or decide amounts, are what both come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from random_programs import log
from test_laws_of_levels_and_conditions import edit, further
from test_shortcuts import outcomes_of

from pointbook.comparison.comparing import compare
from pointbook.comparison.question import question_of
from pointbook.comparison.terms import Options
from pointbook.model.ledger import Assume

AS_OF = date(2026, 6, 1)


@pytest.mark.parametrize("part", range(2))
def test_each_member_is_what_all_events_under_both_come_to(part):
    seen = 0
    for seed in range(part * 12, part * 12 + 12):
        dice = Random(seed)  # noqa: S311 - the same cases in every run
        whole = further(dice)
        balances = {key: replace(one, decimals=0) for key, one in whole.balances.items()}
        whole = replace(whole, balances=type(whole.balances)(balances))
        old = whole.versions[-1]
        new = replace(edit(dice, old), id="new")
        question = question_of(whole, old, new, old_is_external=False, since=None, as_of=AS_OF)
        for _ in range(4):
            events = log(dice, whole, [])
            found = compare(question, events, Options(assume=Assume.LOW, show_ids=True))
            sides = {member.name: (member.old, member.new) for member in found.members}
            assert sides == outcomes_of(question, events, Assume.LOW)
            seen += any(one != other for one, other in sides.values())
    assert seen > 1
