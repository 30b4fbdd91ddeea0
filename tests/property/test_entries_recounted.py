"""Entries by a second, naive reading: everything counted anew from the ledger so far, at each event.

`POINTBOOK_LOGS=5000 pytest tests/property/test_entries_recounted.py` looks harder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from random_caps import MEMBER
from random_entries import Came, Reading, entries_program, log_of_entries

from pointbook.interpret import Interpreter
from pointbook.model.ledger import Outcome

LOGS = int(os.environ.get("POINTBOOK_LOGS", "240"))
PARTS, LOGS_OF_A_PROGRAM, EVENTS = 4, 4, 14
IN_LOGS = {
    *(Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED, Outcome.UNVALUED, Outcome.OUT_OF_RANGE),
    *(
        Outcome.MISSING_ATTRIBUTE,
        Outcome.NOT_ELIGIBLE,
        Outcome.INSUFFICIENT_BALANCE,
        Outcome.NO_SUCH_ACTIVITY,
    ),
}


@pytest.mark.parametrize("seed", range(PARTS))
def test_a_recount_at_each_event_comes_to_each_of_its_entries(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - not for secrets
    outcomes = set()
    for _ in range(LOGS // PARTS // LOGS_OF_A_PROGRAM):
        program = entries_program(dice)
        interpreter = Interpreter(program)
        for _ in range(LOGS_OF_A_PROGRAM):
            events = log_of_entries(dice, program, EVENTS)
            opened, _ = interpreter.opened(MEMBER)
            state, ledger = opened, []
            for event in events:
                state, entries = interpreter.step(state, event)
                wanted = Reading(program, ledger, event).entries(entries)
                found = [Came(*(getattr(entry, name) for name in Came._fields)) for entry in entries]
                assert found == wanted, (program.versions, ledger, event)
                ledger += entries
                outcomes |= {entry.outcome for entry in entries}
            assert interpreter.folded(opened, events) == (state, ledger), program.versions
    assert outcomes >= IN_LOGS
