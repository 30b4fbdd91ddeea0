"""Random rules: whatever is tried, what is accepted passes by the rules as they are and fails with the edit.

`POINTBOOK_EXAMPLES=50 pytest tests/property/test_random_mutations.py` tries more programs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pointbook.loading import loaded_from
from pointbook.mutation.accepting import new_scenarios
from pointbook.mutation.drafts import scenario_document
from pointbook.mutation.judging import Fate, Judge
from pointbook.mutation.noticing import is_noticed

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages; these share a module

from strategies import rules_of_seed

_EDITS = 4


@pytest.mark.parametrize("seed", range(int(os.environ.get("POINTBOOK_EXAMPLES", "2"))))
def test_what_is_accepted_passes_today_and_fails_with_the_edit(seed: int) -> None:
    rules = rules_of_seed(seed, 1, 3)
    judge = Judge.of(rules.loaded.documents, ())
    chosen = range(seed, len(judge.edits), len(judge.edits) // _EDITS)
    fates = {index: judge(index) for index in chosen}
    assert all((one.case is None) is (not one.scenario) for one in fates.values())
    cases = [(judge.edits[index], one.case) for index, one in fates.items() if one.case is not None]
    made = new_scenarios(cases, judge.loaded, ())
    documents = tuple(scenario_document(one.file, one.text) for one in made)
    assert not any(is_noticed(document, judge.loaded) for document in documents)
    for edit, _ in cases:
        mutant = loaded_from(edit.applied(judge.loaded.documents))
        assert any(is_noticed(document, mutant) for document in documents), edit
    again = Judge.of(rules.loaded.documents, documents)
    assert all(again(index).fate is Fate.NOTICED for index, one in fates.items() if one.case is not None)
