"""Directions of changes to caps, and to what goes into them, hold on random logs of programs full of caps."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from random_caps import MEMBER, capped_program, log_of_one, with_one_edit

from pointbook.changes.against import program_difference
from pointbook.changes.directions import Direction, together
from pointbook.interpret import Interpreter
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from pointbook.model.log import Event
    from pointbook.model.program import Program

EDITS, LOGS = 300, 8


def sums(program: Program, version: str | None, assume: Assume, events: list[Event]) -> list[int]:
    interpreter = Interpreter(program, version, assume)
    state, _ = interpreter.opened(MEMBER)
    return [*accumulate(entry.awarded for entry in interpreter.folded(state, events)[1])]


def broken(direction: Direction, old: list[int], new: list[int]) -> bool:
    moves = [two - one for one, two in zip(old, new, strict=True)]
    return (
        (direction is Direction.FAVOURABLE and min(moves) < 0)
        or (direction is Direction.ADVERSE and max(moves) > 0)
        or (direction is Direction.NEUTRAL and any(moves))
    )


@pytest.mark.parametrize("seed", range(2))
def test_no_edit_of_caps_breaks_the_law_of_its_direction(seed: int) -> None:
    dice, told = Random(seed), Counter[Direction]()  # noqa: S311 - not for secrets
    for _ in range(EDITS):
        old = capped_program(dice)
        new = with_one_edit(dice, old)
        changes = program_difference(old, new, "old", "new").changes
        if not changes:
            continue
        direction = together(change.direction for change in changes)
        told[direction] += 1
        fixed = {version.id for version in old.versions}
        for _ in range(0 if direction is Direction.MIXED else LOGS):
            events = [event._replace(points=None) for event in log_of_one(dice, 14)]
            version = dice.choice((None, None, *sorted(fixed)))
            assume = dice.choice((Assume.LOW, Assume.HIGH))
            one, two = (sums(whole, version, assume, events) for whole in (old, new))
            assert not broken(direction, one, two), (changes, version, old, events)
    assert min(told[Direction.FAVOURABLE], told[Direction.ADVERSE]) > 5, told
