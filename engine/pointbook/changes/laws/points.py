"""What it does that events of an activity come to more points, or that more of them count."""

from __future__ import annotations

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
from pointbook.model.points import Assessed, Fixed, Table
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
    return all(never_positive(rule) and not pair.decides_levels(rule.balance) for rule in rules)


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
    if old is ABSENT:
        return _listed(subject, new, f"`{key}` gives points")
    if new is ABSENT:
        return _listed(subject, old, f"`{key}` gives points no more").opposite
    if new > old:
        return _more(subject, f"`{key}` gives more points")
    return _more(subject, f"`{key}` gives fewer points").opposite


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
    fails, now_fails = isinstance(old.points, Table), isinstance(new.points, Table)
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
    return _bonus_given(subject, subject.present.points, reason)


@with_reason
def bonus_given_oftener(subject: Subject, reason: str) -> Judgement:
    """A bonus is given in more cases; the subject is its condition."""
    assert subject.whole is not None
    before, after = (bonus.points for bonus in subject.whole.values)
    if (before > 0) != (after > 0):
        return Judgement(Direction.MIXED, "the bonus changes its sign as well")
    return _bonus_given(subject, after, reason)


def _bonus_given(subject: Subject, points: int, reason: str) -> Judgement:
    judgement = _more(subject, reason)
    return judgement if points >= 0 else judgement.opposite


@with_reason
def points_shared(subject: Subject, reason: str) -> Judgement:
    """The points are shared among several people; `reason` is of an activity that only gives."""
    if all(map(never_positive, subject.rules)):
        return Judgement(Direction.FAVOURABLE, "deductions are shared")
    if all(map(never_negative, subject.rules)):
        return _more(subject, reason).opposite
    return Judgement(Direction.MIXED, _BOTH_SIGNS)
