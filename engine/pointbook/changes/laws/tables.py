"""What it does that a table lists other amounts, or gives others for what it does not list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.meeting import each
from pointbook.changes.laws.points import (
    BOTH_SIGNS,
    gives_more,
    gives_only,
    is_voluntary,
    more_as_written,
    own_will,
    takes_only,
)
from pointbook.changes.subject import ABSENT
from pointbook.reasoning.awards import amount_range

if TYPE_CHECKING:
    from pointbook.changes.laws.meeting import EntryIn
    from pointbook.changes.subject import Subject
    from pointbook.model.points.forms import Points


def table_value(subject: Subject) -> Judgement:
    """Another amount in a table, or one that only one version lists: nothing is given for it in the other.

    Bonuses come with an amount only, so that what an unlisted value would give includes them.
    """
    old, new = subject.values
    key = subject.new[-1]
    if ABSENT in subject.values and any(one.form.otherwise is not None for one in each(subject)):
        return _listed_or_other(subject, f"`{key}`")
    if old is ABSENT:
        return _listed(subject, new, f"`{key}` gives points")
    if new is ABSENT:
        return _listed(subject, old, f"`{key}` gives points no more").opposite
    if new > old:
        return more_as_written(subject, f"`{key}` gives more points")
    return more_as_written(subject, f"`{key}` gives fewer points").opposite


def _listed_or_other(subject: Subject, key: str) -> Judgement:
    """One more or one less amount in a table that says what others give."""
    amount = subject.present
    rules = each(subject)
    tables = [one.form for one in rules]
    if tables[0].otherwise != tables[1].otherwise:
        return Judgement(Direction.MIXED, f"what {key} gives where it is not listed differs too")
    ends = tables[0].otherwise.amounts(rules[0].entry.attributes)
    may_fail = tables[0].otherwise.can_fail
    judgement = Judgement(Direction.MIXED, f"{key} gives more for some events, less for others")
    if not may_fail and all(high is not None and amount >= high for _, high in ends):
        judgement = more_as_written(subject, f"{key} gives no less than what is not listed")
    elif not may_fail and all(low is not None and amount <= low for low, _ in ends):
        judgement = more_as_written(subject, f"{key} gives no more than what is not listed").opposite
    return judgement.opposite if subject.values[1] is ABSENT else judgement


def given_for_others(subject: Subject) -> Judgement:
    """What a table gives for values that it does not list, which without it is nothing."""
    rules = each(subject)
    if None in subject.values:
        form = next(form for form in subject.values if form is not None)
        whole = [_with(one, form) for one in rules]
        gives = all(map(gives_only, whole))
        if is_voluntary(subject) or not (gives or all(map(takes_only, whole))):
            return Judgement(Direction.MIXED, own_will(subject) if is_voluntary(subject) else BOTH_SIGNS)
        more = gives_more(subject, "values that are not listed give points", more_events=True)
        less = Judgement(Direction.ADVERSE, "values that are not listed take points")
        judgement = more if gives else less
        return judgement if subject.values[0] is None else judgement.opposite
    old, new = (amount_range(*_with(one, form)[:2]) for one, form in zip(rules, subject.values, strict=True))
    if not any(form.can_fail or form.copies for form in subject.values):
        if old[1] is not None and new[0] is not None and new[0] >= old[1]:
            return gives_more(subject, "values that are not listed give no less")
        if old[0] is not None and new[1] is not None and new[1] <= old[0]:
            return gives_more(subject, "values that are not listed give no more").opposite
    return Judgement(Direction.MIXED, "values that are not listed give more for some events, less for others")


def _with(one: EntryIn, form: Points) -> EntryIn:
    return one._replace(entry=replace(one.entry, points=form))


def _listed(subject: Subject, amount: int, reason: str) -> Judgement:
    """One more amount in a table."""
    if is_voluntary(subject):
        return Judgement(Direction.MIXED, own_will(subject))
    extra = [bonus.points for one in each(subject) for bonus in one.entry.bonuses]
    if amount + sum(points for points in extra if points < 0) < 0:
        if amount + sum(points for points in extra if points > 0) <= 0:
            return Judgement(Direction.ADVERSE, reason.replace("gives points", "takes points"))
        return Judgement(Direction.MIXED, BOTH_SIGNS)
    return more_as_written(subject, reason, more_events=True)
