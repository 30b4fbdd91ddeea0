"""The laws of directions, on random programs and random edits of every key of every file.

A change may only be called favourable, adverse or neutral if no log says otherwise: each program is
evaluated as it is in force, and each version as if it had always been, with every assessed value at the
low end of its range, and at the high end.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from random_programs import edited, log, program

from pointbook.changes.against import program_difference
from pointbook.changes.directions import Direction, together
from pointbook.evaluating import evaluate

AS_OF = date(2026, 6, 1)


def outcomes_of(whole, events, version, assume):
    """By member: running sums by balance and event, all that is neutral's business, and levels by date."""
    found = {}
    for result in evaluate(whole, events, as_of=AS_OF, version=version, assume=assume):
        sums = defaultdict(list)
        running = {key: balance.start for key, balance in whole.balances.items()}
        for entry in result.entries:
            running[entry.balance] = running.get(entry.balance, 0) + entry.awarded
            for key, total in running.items():
                sums[key].append(total)
        for key, total in running.items():
            sums[key].append(total)
        exact = [
            (e.event_id, e.balance, e.requested, e.awarded, e.outcome, e.period, e.total, e.level)
            for e in result.entries
        ]
        standing = result.standing
        history = [(line.date, line.from_level, line.to_level, line.cause) for line in result.history]
        exact += [standing.points, standing.level, standing.benefits, standing.balances, history]
        found[result.member.id] = dict(sums), exact
    return found


def broken_law(direction, old, new):
    """What contradicts the direction; nothing if the law holds."""
    for member, (sums, exact) in old.items():
        other_sums, other_exact = new[member]
        if direction is Direction.NEUTRAL and exact != other_exact:
            return f"{member}: {exact} != {other_exact}"
        for key in {*sums, *other_sums}:
            length = max(len(sums.get(key, ())), len(other_sums.get(key, ())))
            one, two = sums.get(key, [0] * length), other_sums.get(key, [0] * length)
            if direction is Direction.FAVOURABLE and any(b < a for a, b in zip(one, two, strict=True)):
                return f"{member} has less of {key}: {one} > {two}"
            if direction is Direction.ADVERSE and any(b > a for a, b in zip(one, two, strict=True)):
                return f"{member} has more of {key}: {one} < {two}"
    return ""


def ids(whole):
    return {version.id for version in whole.versions}


def check(seed):
    """What contradicts the directions of a random edit; nothing if their laws hold, or if they are mixed."""
    dice = Random(seed)  # noqa: S311 - the same cases in every run
    old = program(dice)
    new = edited(dice, old)
    changes = list(program_difference(old, new, "old", "new").changes)
    direction = together(change.direction for change in changes)
    for _ in range(0 if direction is Direction.MIXED else 4):
        events = log(dice)
        for assume in ("low", "high"):
            for version in (None, *sorted(ids(old) & ids(new))):
                pair = [outcomes_of(whole, events, version, assume) for whole in (old, new)]
                if told := broken_law(direction, *pair):
                    lines = [f"{one.direction} {one.sentence}; {one.code}, {one.reason}" for one in changes]
                    return f"seed {seed}, version {version}, {assume}: {told}\n" + "\n".join(lines)
    return ""


@pytest.mark.parametrize("part", range(4))
def test_no_random_edit_breaks_the_law_of_its_direction(part):
    for seed in range(part * 60, part * 60 + 60):
        assert not check(seed)
