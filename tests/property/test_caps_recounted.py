"""Caps by a second, naive reading: recount everything from the ledger so far at each event."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from random_caps import MEMBER, capped_program, frozen, log_of_one, owned_caps, recounted

from pointbook.interpret import Interpreter
from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event
    from pointbook.model.program import Program

PROGRAMS, LOGS = 100, 20


def ledger(program: Program, events: list[Event]) -> list[Entry]:
    interpreter = Interpreter(program)
    state, _ = interpreter.opened(MEMBER)
    return interpreter.folded(state, events)[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_recount_at_each_event_comes_to_what_is_awarded(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - not for secrets
    outcomes = set()
    for _ in range(PROGRAMS // 4):
        program = capped_program(dice)
        owned = owned_caps(program)
        for _ in range(LOGS):
            entries = ledger(program, log_of_one(dice, 16))
            for number, entry in enumerate(entries):
                assert entry.awarded == recounted(owned, entries, number), (program, entries[: number + 1])
                outcomes.add(entry.outcome)
    assert {Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED} <= outcomes


def test_the_order_of_caps_and_of_groups_does_not_matter() -> None:
    dice = Random(5)  # noqa: S311 - not for secrets
    for _ in range(PROGRAMS // 2):
        program = capped_program(dice)
        turned = replace(program, versions=tuple(map(_turned, program.versions)))
        for _ in range(LOGS // 2):
            events = log_of_one(dice, 16)
            # Which cap is named is another where several leave as little.
            found, other = (
                [entry._replace(cuts=()) for entry in ledger(one, events)] for one in (program, turned)
            )
            assert found == other


def _turned(version):
    return replace(
        version,
        activities=frozen(
            {
                key: replace(one, caps=one.caps[::-1], groups=one.groups[::-1])
                for key, one in version.activities.items()
            }
        ),
        groups=frozen({key: replace(one, caps=one.caps[::-1]) for key, one in version.groups.items()}),
    )
