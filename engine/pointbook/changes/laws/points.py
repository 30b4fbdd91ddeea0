"""What it does that events of an activity come to more points, or that more of them count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.passing import (
    SHARES_LIMITS,
    Passing,
    each,
    elsewhere,
    judged,
    passing,
    takes_turns,
)
from pointbook.changes.laws.rule import with_reason
from pointbook.changes.subject import ABSENT
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.points.lookup import Table
from pointbook.reasoning.awards import (
    always_positive,
    amount_range,
    awards_of,
    never_negative,
    never_positive,
)

if TYPE_CHECKING:
    from pointbook.changes.laws.passing import Chain
    from pointbook.changes.subject import Subject
    from pointbook.model.rules import Bonus

VOLUNTARY = "it only takes from a balance that decides no level, and spending may be the members' own choice"
_BOTH_SIGNS = "it can give points and take them"


def _whole(chain: Chain) -> Chain:
    return chain


def _shared(chain: Chain) -> Chain:
    """From the first limit on that others go through too."""
    while chain and not chain[0].shared:
        chain = chain[1:]
    return chain


def is_voluntary(subject: Subject) -> bool:
    """Whether the activity only takes, from a balance that decides no level, in every version."""
    pair = subject.pair
    rules = [rule for rule, _ in (*each(subject), *elsewhere(pair, subject.rule_id))]
    return all(never_positive(rule) and not pair.decides_levels(rule.sole.balance) for rule in rules)


@with_reason
def activity_counts(subject: Subject, what: str) -> Judgement:
    """An activity more; `what` says that it counts, or that it counted."""
    activity = subject.present
    if awards_of(activity).always_zero:
        return Judgement(Direction.FAVOURABLE, f"it {what}, though it gives nothing")
    if never_positive(activity):
        if is_voluntary(subject):
            return Judgement(Direction.MIXED, VOLUNTARY)
        return Judgement(Direction.ADVERSE, f"a deduction {what}")
    if not never_negative(activity):
        return Judgement(Direction.MIXED, _BOTH_SIGNS)
    if any(True for _ in elsewhere(subject.pair, subject.rule_id)):
        through = _through(subject)  # what is used up of its own limits counts on in other versions
    else:
        through = passing(subject.pair, each(subject), _shared)
    return judged(subject, through, f"an activity that gives points {what}", SHARES_LIMITS)


def _more(subject: Subject, reason: str, *, more_events: bool = False) -> Judgement:
    """The judgement on more points; `more_events` if some events gave nothing before."""
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.FAVOURABLE, reason)
    same_events = all(map(always_positive, subject.rules)) and not more_events
    through = passing(subject.pair, each(subject), _whole, same_events=same_events)
    return judged(subject, through, reason)


more_points = with_reason(_more)
"""Every event of an activity gives at least as much as before."""


def table_value(subject: Subject) -> Judgement:
    """Another amount in a table, or one that only one version lists: nothing is given for it in the other.

    Bonuses come with an amount only, so that what an unlisted value would give includes them.
    """
    old, new = subject.values
    key = subject.new[-1]
    if ABSENT in subject.values and any(rule.points.otherwise is not None for rule in subject.rules):
        return _listed_or_other(subject, f"`{key}`")
    if old is ABSENT:
        return _listed(subject, new, f"`{key}` gives points")
    if new is ABSENT:
        return _listed(subject, old, f"`{key}` gives points no more").opposite
    if new > old:
        return _more(subject, f"`{key}` gives more points")
    return _more(subject, f"`{key}` gives fewer points").opposite


def _listed_or_other(subject: Subject, key: str) -> Judgement:
    """One more or one less amount in a table that says what others give."""
    amount = subject.present
    tables = [rule.points for rule in subject.rules]
    if tables[0].otherwise != tables[1].otherwise:
        return Judgement(Direction.MIXED, f"what {key} gives where it is not listed differs too")
    ends = tables[0].otherwise.amounts(subject.rules[0].attributes)
    may_fail = tables[0].otherwise.can_fail
    judgement = Judgement(Direction.MIXED, f"{key} gives more for some events, less for others")
    if not may_fail and all(high is not None and amount >= high for _, high in ends):
        judgement = _more(subject, f"{key} gives no less than what is not listed")
    elif not may_fail and all(low is not None and amount <= low for low, _ in ends):
        judgement = _more(subject, f"{key} gives no more than what is not listed").opposite
    return judgement.opposite if subject.values[1] is ABSENT else judgement


def given_for_others(subject: Subject) -> Judgement:
    """What a table gives for values that it does not list, which without it is nothing."""
    rules = subject.rules
    if None in subject.values:
        form = next(form for form in subject.values if form is not None)
        whole = [replace(rule, points=form) for rule in rules]
        gives = all(map(never_negative, whole))
        if is_voluntary(subject) or not (gives or all(map(never_positive, whole))):
            return Judgement(Direction.MIXED, VOLUNTARY if is_voluntary(subject) else _BOTH_SIGNS)
        more = _more(subject, "values that are not listed give points", more_events=True)
        less = Judgement(Direction.ADVERSE, "values that are not listed take points")
        judgement = more if gives else less
        return judgement if subject.values[0] is None else judgement.opposite
    old, new = (
        amount_range(replace(rule, points=form)) for rule, form in zip(rules, subject.values, strict=True)
    )
    if not any(form.can_fail for form in subject.values):
        if old[1] is not None and new[0] is not None and new[0] >= old[1]:
            return _more(subject, "values that are not listed give no less")
        if old[0] is not None and new[1] is not None and new[1] <= old[0]:
            return _more(subject, "values that are not listed give no more").opposite
    return Judgement(Direction.MIXED, "values that are not listed give more for some events, less for others")


@with_reason
def more_steps(subject: Subject, reason: str) -> Judgement:
    """A rate counts more whole steps of the same quantity."""
    rates = [rate for rule in subject.rules for rate in rule.points.rates]
    if min(rates) >= 0:
        return _more(subject, reason)
    if max(rates) <= 0:
        return _more(subject, reason).opposite
    return Judgement(Direction.MIXED, _BOTH_SIGNS)


@with_reason
def more_percent(subject: Subject, reason: str) -> Judgement:
    """A bonus gives a higher percentage of the amount."""
    return _signed(subject, reason, 1)


def _signed(subject: Subject, reason: str, sign: int) -> Judgement:
    """More percent, or fewer: more points where no amount takes any, fewer where none gives any."""
    ends = [amount_range(rule) for rule in subject.rules]
    if all(low is not None and low >= 0 for low, _ in ends):
        judgement = _more(subject, reason)
    elif all(high is not None and high <= 0 for _, high in ends):
        judgement = _more(subject, reason).opposite
    else:
        judgement = Judgement(Direction.MIXED, _BOTH_SIGNS)
    return judgement if sign >= 0 else judgement.opposite


def _listed(subject: Subject, amount: int, reason: str) -> Judgement:
    """One more amount in a table."""
    if is_voluntary(subject):
        return Judgement(Direction.MIXED, VOLUNTARY)
    extra = [bonus.points for rule in subject.rules for bonus in rule.bonuses]
    if amount + sum(points for points in extra if points < 0) < 0:
        if amount + sum(points for points in extra if points > 0) <= 0:
            return Judgement(Direction.ADVERSE, reason.replace("gives points", "takes points"))
        return Judgement(Direction.MIXED, _BOTH_SIGNS)
    return _more(subject, reason, more_events=True)


def other_form(subject: Subject) -> Judgement:
    """The points are found in another way: told by the least and the most of either.

    A table gives nothing for what it does not list, and a rate nothing for nothing, whatever the bonuses.
    """
    old, new = subject.rules
    (least, most), (new_least, new_most) = amount_range(old), amount_range(new)
    fails, now_fails = old.points.can_fail, new.points.can_fail
    rises = most is not None and new_least is not None and new_least >= most
    falls = least is not None and new_most is not None and new_most <= least
    if rises and falls:
        reason = "the amount is the same, but one of the two needs the log to carry it"
        return Judgement(Direction.MIXED, reason)
    if rises and (not fails or never_negative(new)) and (not now_fails or never_positive(old)):
        text = f"the least by the new rule, {new_least:,}, is not below the most by the old one, {most:,}"
        return _more(subject, text, more_events=fails or now_fails)
    if falls and (not fails or never_positive(new)) and (not now_fails or never_negative(old)):
        text = f"the most by the new rule, {new_most:,}, is not above the least by the old one, {least:,}"
        return _more(subject, text, more_events=fails or now_fails).opposite
    if isinstance(old.points, (Fixed, Assessed)) and isinstance(new.points, (Fixed, Assessed)):
        return Judgement(Direction.MIXED, "some assessments come to more points, others to fewer")
    return Judgement(Direction.MIXED, "the points are found in another way, so it depends on each event")


@with_reason
def more_events(subject: Subject, reason: str) -> Judgement:
    """More events of an activity count."""
    if all(map(never_positive, subject.rules)):
        if is_voluntary(subject):
            return Judgement(Direction.MIXED, VOLUNTARY)
        return Judgement(Direction.ADVERSE, reason)
    if not all(map(never_negative, subject.rules)):
        return Judgement(Direction.MIXED, _BOTH_SIGNS)
    return judged(subject, _through(subject), reason)


def _through(subject: Subject) -> Passing:
    """What comes out of the activity's limits if more of its events come to them."""
    through = passing(subject.pair, each(subject), _whole)
    if through is Passing.LESS and takes_turns(subject.pair, subject):
        return Passing.SOONER
    return through


@with_reason
def bonus_given(subject: Subject, reason: str) -> Judgement:
    """A bonus more."""
    return _bonus_given(subject, subject.present, reason)


@with_reason
def bonus_given_oftener(subject: Subject, reason: str) -> Judgement:
    """A bonus is given in more cases; the subject is its condition."""
    assert subject.whole is not None
    before, after = subject.whole.values
    if before.percent != after.percent:
        return Judgement(Direction.MIXED, "the percentage changes as well")
    if (before.points > 0) != (after.points > 0):
        return Judgement(Direction.MIXED, "the bonus changes its sign as well")
    return _bonus_given(subject, after, reason)


def _bonus_given(subject: Subject, bonus: Bonus, reason: str) -> Judgement:
    found = []
    if bonus.points != 0 or bonus.percent == 0:
        judgement = _more(subject, reason)
        found.append(judgement if bonus.points >= 0 else judgement.opposite)
    if bonus.percent != 0:
        if isinstance(bonus.percent, Table) and bonus.percent.can_fail:
            return Judgement(Direction.MIXED, "an event has no amount whose percentage is not listed")
        if min(bonus.percents) < 0 < max(bonus.percents):
            return Judgement(Direction.MIXED, _BOTH_SIGNS)
        found.append(_signed(subject, reason, 1 if min(bonus.percents) >= 0 else -1))
    if len({judgement.direction for judgement in found}) > 1:
        return Judgement(Direction.MIXED, "its points and its percentage do opposite things")
    return found[0]


@with_reason
def points_shared(subject: Subject, reason: str) -> Judgement:
    """The points are shared among several people; `reason` is of an activity that only gives."""
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.FAVOURABLE, "deductions are shared")
    if all(map(never_negative, subject.rules)):
        return _more(subject, reason).opposite
    return Judgement(Direction.MIXED, _BOTH_SIGNS)
