"""Percentages that together take more than the whole amount.

**What.** The percentages of bonuses that can hold at once do not come to less than -100 together.

**Why.** Percentages add up, and an amount less 130 % of it would be a deduction, which nobody means. What
goes below -100 counts as -100.

**Fix.** None: which of them is too low is not known.

Failing:

    activities:
      blog.published:
        attributes: {copied: {type: boolean}, late: {type: boolean}}
        points: 100
        bonuses:
          - {percent: -80, if: {attribute: copied, is: true}}
          - {percent: -50, if: {attribute: late, is: true}}

Fixed:

    activities:
      blog.published:
        attributes: {copied: {type: boolean}, late: {type: boolean}}
        points: 100
        bonuses:
          - {percent: -80, if: {attribute: copied, is: true}}
          - {percent: -20, if: {attribute: late, is: true}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding
from pointbook.model.conditions import All, Comparison

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.amounts import Amount
    from pointbook.model.conditions import Condition
    from pointbook.model.rules import Bonus

    _Lowering = tuple[Amount, int, Bonus]

CODE = "percents-below-minus-100"
_WHOLE = -100
_MOST_TRIED = 10


def percents_below_minus_100(subject: CheckSubject) -> Findings:
    """A finding for each activity whose bonuses can take more than all of its amount."""
    entries = (
        (version, activity, entry)
        for version, activity in subject.program.activities
        for entry in activity.entries
    )
    for version, activity, entry in entries:
        lowering = [
            (min(bonus.percents), index, bonus)
            for index, bonus in enumerate(entry.bonuses)
            if bonus.percents and min(bonus.percents) < 0
        ]
        together = _lowest(lowering)
        if together < _WHOLE:
            lowest, index, _ = min(lowering, key=lambda one: one[:2])
            whose = "it takes" if lowest < _WHOLE else "together with other bonuses it takes"
            yield Finding(
                version.span("activities", activity.id, *entry.at("bonuses", index, "percent")),
                CODE,
                f"{whose} {-together:,} % of the points of activity `{activity.id}`, more than all",
                "percentages add up; write ones that come to -100 together at most",
            )


def _lowest(lowering: Sequence[_Lowering]) -> Amount:
    """The least that those of some bonuses come to that can hold at once.

    Where very many ask for single values, only the lowest of these is certain.
    """
    always = [percent for percent, _, bonus in lowering if not _equals(bonus.condition)]
    others = [one for one in lowering if _equals(one[2].condition)]
    others = [min(others, key=lambda one: one[:2])] if len(others) > _MOST_TRIED else others
    return sum(always) + _lowest_of(others, [])


def _lowest_of(left: Sequence[_Lowering], taken: list[_Lowering]) -> Amount:
    if not left:
        return sum(percent for percent, _, _ in taken)
    first, *rest = left
    without = _lowest_of(rest, taken)
    if any(_exclude(first[2], other) for _, _, other in taken):
        return without
    return min(_lowest_of(rest, [*taken, first]), without)


def _exclude(one: Bonus, other: Bonus) -> bool:
    """Whether two bonuses ask for different values of the same attribute."""
    asked = dict(_equals(one.condition))
    return any(asked.get(name, value) != value for name, value in _equals(other.condition))


def _equals(condition: Condition) -> list[tuple[str, object]]:
    """Attributes with the one value that a condition asks for."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    return [
        (part.attribute, part.equals)
        for part in parts
        if isinstance(part, Comparison) and part.equals is not None
    ]
