from __future__ import annotations

from pointbook.interpret.limits import above_floor


def test_a_total_below_its_floor_is_not_lifted_by_a_deduction() -> None:
    """A floor may come after the fact; a deduction of 5 from -20 with a floor of 0 takes nothing."""
    passed, cuts = above_floor(-5, "points", -20, 0)
    assert passed == 0
    assert cuts[0].remaining == 0
