"""All causes that are tried, in the order in which one is taken of those that explain as much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.reconciliation.causes.amounts import amount_causes, assumption_causes
from pointbook.reconciliation.causes.anniversaries import anniversary_causes
from pointbook.reconciliation.causes.balances import balance_causes
from pointbook.reconciliation.causes.caps import cap_causes
from pointbook.reconciliation.causes.events import (
    before_sign_up_causes,
    missing_causes,
    rejected_causes,
    twice_causes,
)
from pointbook.reconciliation.causes.levels import level_causes
from pointbook.reconciliation.causes.rounding import rounding_causes
from pointbook.reconciliation.causes.times import earlier_day_causes, zone_causes
from pointbook.reconciliation.causes.versions import far_date_causes, rule_causes, version_causes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import Hypothesis

CAUSES: tuple[Callable[[Ground], Iterator[Hypothesis]], ...] = (
    level_causes,
    version_causes,
    cap_causes,
    zone_causes,
    rejected_causes,
    missing_causes,
    twice_causes,
    assumption_causes,
    rounding_causes,
    amount_causes,
    balance_causes,
    anniversary_causes,
    before_sign_up_causes,
    earlier_day_causes,
    rule_causes,
    far_date_causes,
)


def hypotheses(ground: Ground) -> tuple[Hypothesis, ...]:
    """Every hypothesis that a program and its log give reason for."""
    return tuple(found for causes in CAUSES for found in causes(ground))
