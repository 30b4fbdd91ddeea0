"""What checks say never happens, tried by lifting the rule; and the step against all ways on mixed files.

The harness is tests/faults/random_rulesets.py. More rulesets than by default:
`POINTBOOK_RULESETS=2000 pytest …`, or by time, `just faults`.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))  # test folders are not packages
import claims
import evaluators

MANY = int(os.environ.get("POINTBOOK_RULESETS", "0"))
RULESETS = MANY or 16
SPENDING = 2
"""A seed of rules under which something is spent."""


def test_what_a_check_says_never_happens_never_happens():
    count: Counter[str] = Counter()
    broken = [fault for seed in range(RULESETS) for _, fault in claims.tried(seed, count)]
    assert broken == []
    assert count["cap-never-binds (error)"]
    assert count["unreachable-level (error)"]


def test_what_a_check_says_of_entries_never_happens_never_happens():
    count: Counter[str] = Counter()
    seeds = range(MANY or 6)
    broken = [fault for seed in seeds for _, fault in claims.tried(seed, count, claims.LONG)]
    assert broken == []
    assert count["unreachable-level (error)"]
    assert count["spend-never-covered (error)"]


def test_a_claim_about_a_spend_that_is_false_is_found(monkeypatch: pytest.MonkeyPatch):
    """The harness finds what it is there for: as if nothing were ever there to spend."""
    monkeypatch.setattr("pointbook.checks.spend_never_covered.most_in_a_period", lambda *_: 0)
    assert list(claims.tried(SPENDING, Counter(), claims.LONG))


def test_a_claim_that_is_false_is_found(monkeypatch: pytest.MonkeyPatch):
    """The harness finds what it is there for: as if a level had only what its own version gives."""
    monkeypatch.setattr("pointbook.checks.unreachable_level._judged_before", lambda *_: [])
    monkeypatch.setattr("pointbook.checks.unreachable_level._is_held_from_before", lambda *_: False)
    assert list(claims.tried(54, Counter()))


@pytest.mark.parametrize("seed", range(MANY or 1))
def test_every_way_gives_the_same_however_the_log_is_ordered_and_cut(seed: int, tmp_path: Path):
    count: Counter[str] = Counter()
    assert list(evaluators.tried(seed, tmp_path, count)) == []
    assert count
