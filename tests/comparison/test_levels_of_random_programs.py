"""Programs whose levels need several balances, whose amounts depend on them, and whose conditions are shared.

The fast fold gives what step after step gives; and levels are what a naive reading of the ledger says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from types import MappingProxyType

import pytest
from random_programs import log
from test_laws_of_levels_and_conditions import further

from pointbook.interpret import Interpreter
from pointbook.model.ledger import Assume, LevelCause
from pointbook.model.windows import Resets

AS_OF = date(2026, 6, 1)


def by_member(found):
    events = {}
    for event in found.events:
        if event.local.date() <= AS_OF:
            events.setdefault(event.member_id, []).append(event)
    return [(member, events.get(key, [])) for key, member in found.members.items()]


def stepped(interpreter, member, events):
    state, changes = interpreter.opened(member)
    entries = []
    for event in events:
        state, found = interpreter.step(state, event)
        entries += found
    state, closing = interpreter.advanced(state, AS_OF)
    return entries, [*changes, *(one for entry in entries for one in entry.changes), *closing], state


@pytest.mark.parametrize("part", range(4))
def test_the_fast_fold_gives_what_the_steps_give(part):
    for seed in range(part * 25, part * 25 + 25):
        dice = Random(seed)  # noqa: S311 - the same cases in every run
        whole = further(dice)
        found = log(dice, whole, [])
        for version in (None, whole.versions[-1].id):
            interpreter = Interpreter(whole, version, Assume.MID)
            for member, events in by_member(found):
                entries, _, state = stepped(interpreter, member, events)
                opened, _ = interpreter.opened(member)
                after, folded = interpreter.folded(opened, events)
                assert folded == entries
                after, _ = interpreter.advanced(after, AS_OF)
                assert interpreter.standing(after, AS_OF) == interpreter.standing(state, AS_OF)


def naive_level(version, totals):
    """The highest level that totals reach."""
    best = None
    for level in version.levels.values():
        ways = level.requires or ((("points", level.threshold),),)
        if level.is_base or any(all(totals[name] >= least for name, least in way) for way in ways):
            best = level.id
    return best


@pytest.mark.parametrize("part", range(2))
def test_levels_are_what_the_ledger_says_where_nothing_is_reviewed(part):
    seen = 0
    for seed in range(part * 40, part * 40 + 40):
        dice = Random(seed)  # noqa: S311 - the same cases in every run
        whole = further(dice)
        balances = {key: replace(one, resets=Resets.NEVER) for key, one in whole.balances.items()}
        whole = replace(whole, balances=MappingProxyType(balances))
        version = whole.versions[-1]
        order = [None, *version.levels]
        interpreter = Interpreter(whole, version.id, Assume.MID)
        for member, events in by_member(log(dice, whole, [])):
            entries, history, _ = stepped(interpreter, member, events)
            totals = {key: balance.start for key, balance in whole.balances.items()}
            held = naive_level(version, totals)
            for entry in entries:
                if entry.period is not None:
                    totals[entry.balance] += entry.awarded
                    held = max(held, naive_level(version, totals), key=order.index)
                    assert entry.level == held
                    seen += held is not None
            assert {one.cause for one in history} <= {LevelCause.REACHED}
    assert seen > 80
