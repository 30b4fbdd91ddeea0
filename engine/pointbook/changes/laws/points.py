"""What it does that events of an activity come to more points, or that more of them count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.meeting import EntryIn, each, elsewhere
from pointbook.changes.laws.passing import (
    SHARES_LIMITS,
    Passing,
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
    from collections.abc import Callable

    from pointbook.changes.laws.meeting import Chain
    from pointbook.changes.subject import Subject
    from pointbook.model.rules import Bonus

VOLUNTARY = "it only takes from a balance that decides no level, and spending may be the members' own choice"
CHOSEN = "spending is the members' own choice"
BOTH_SIGNS = "it can give points and take them"


def _whole(chain: Chain) -> Chain:
    return chain


def _shared(one: EntryIn, *, whole: bool) -> Callable[[Chain], Chain]:
    """Of a chain, from the first limit on that others go through too; of a whole activity, other ones."""

    def tail(chain: Chain) -> Chain:
        while chain and not any(not whole or name[0] != one.activity.id for name in chain[0].shared):
            chain = chain[1:]
        return chain

    return tail


def gives_only(one: EntryIn) -> bool:
    """Whether it only ever gives."""
    return never_negative(one.entry, one.activity)


def takes_only(one: EntryIn) -> bool:
    """Whether it only ever takes."""
    return never_positive(one.entry, one.activity)


def is_voluntary(subject: Subject) -> bool:
    """Whether the entry spends, or only takes from a balance that decides no level, in every version."""
    pair, own = subject.pair, each(subject)
    balances = {one.entry.balance for one in own}
    others = (
        one
        for one in elsewhere(pair, subject.rule_id)
        if one.entry.balance in balances or len(one.activity.entries) == 1
    )
    return all(
        one.entry.is_spend or (takes_only(one) and not pair.decides_levels(one.entry.balance))
        for one in (*own, *others)
    )


@with_reason
def activity_counts(subject: Subject, what: str) -> Judgement:
    """An activity more, as far as one entry goes; `what` says that it counts, or that it counted."""
    return _comes(subject, f"it {what}", f"an activity that gives points {what}", f"a deduction {what}", None)


def own_will(subject: Subject) -> str:
    """Why what only takes is mixed, in words."""
    return CHOSEN if all(one.entry.is_spend for one in each(subject)) else VOLUNTARY


@with_reason
def entry_counts(subject: Subject, what: str) -> Judgement:
    """An entry more; `what` says so."""
    balance = subject.present.balance
    return _comes(subject, what, what, what.replace("something", "a deduction"), balance)


def _comes(subject: Subject, what: str, gives: str, takes: str, balance: str | None) -> Judgement:
    [one] = each(subject)
    if awards_of(one.entry, one.activity).always_zero:
        return Judgement(Direction.FAVOURABLE, f"{what}, though it gives nothing")
    if is_voluntary(subject):
        return Judgement(Direction.MIXED, own_will(subject))
    if takes_only(one):
        return Judgement(Direction.ADVERSE, takes)
    if not gives_only(one):
        return Judgement(Direction.MIXED, BOTH_SIGNS)
    if any(True for _ in elsewhere(subject.pair, subject.rule_id, balance)):
        through = _through(subject)  # what is used up of its own limits counts on in other versions
    else:
        through = passing(subject.pair, each(subject), _shared(one, whole=balance is None))
    return judged(subject, through, gives, SHARES_LIMITS)


def more_as_written(subject: Subject, reason: str, *, more_events: bool = False) -> Judgement:
    """The judgement on more points, as written; `more_events` if some events gave nothing before."""
    if any(one.entry.is_spend for one in each(subject)):
        return Judgement(Direction.ADVERSE, reason)
    return gives_more(subject, reason, more_events=more_events)


def gives_more(subject: Subject, reason: str, *, more_events: bool = False) -> Judgement:
    """The judgement on more points that are given, or fewer that are taken."""
    own = each(subject)
    if all(map(takes_only, own)):
        return Judgement(Direction.FAVOURABLE, reason)
    same_events = not more_events and all(always_positive(one.entry, one.activity) for one in own)
    through = passing(subject.pair, own, _whole, same_events=same_events)
    return judged(subject, through, reason)


more_points = with_reason(more_as_written)
"""Every event of an activity gives at least as much as before."""


@with_reason
def more_steps(subject: Subject, reason: str) -> Judgement:
    """A rate counts more whole steps of the same quantity."""
    rates = [rate for one in each(subject) for rate in one.form.rates]
    if min(rates) >= 0:
        return more_as_written(subject, reason)
    if max(rates) <= 0:
        return more_as_written(subject, reason).opposite
    return Judgement(Direction.MIXED, BOTH_SIGNS)


@with_reason
def more_percent(subject: Subject, reason: str) -> Judgement:
    """A bonus gives a higher percentage of the amount."""
    return _signed(subject, reason, 1)


def _signed(subject: Subject, reason: str, sign: int) -> Judgement:
    """More percent, or fewer: more points where no amount takes any, fewer where none gives any."""
    ends = [amount_range(one.entry, one.activity) for one in each(subject)]
    if all(low is not None and low >= 0 for low, _ in ends):
        judgement = more_as_written(subject, reason)
    elif all(high is not None and high <= 0 for _, high in ends):
        judgement = more_as_written(subject, reason).opposite
    else:
        judgement = Judgement(Direction.MIXED, BOTH_SIGNS)
    return judgement if sign >= 0 else judgement.opposite


def other_form(subject: Subject) -> Judgement:
    """The points are found in another way: told by the least and the most of either.

    A table gives nothing for what it does not list, and a rate nothing for nothing, whatever the bonuses.
    """
    old, new = each(subject)
    (least, most), (new_least, new_most) = (amount_range(one.entry, one.activity) for one in (old, new))
    fails, now_fails = (one.entry.points.can_fail or bool(one.entry.points.copies) for one in (old, new))
    rises = most is not None and new_least is not None and new_least >= most
    falls = least is not None and new_most is not None and new_most <= least
    if rises and falls:
        reason = "the amount is the same, but one of the two needs the log to carry it"
        return Judgement(Direction.MIXED, reason)
    if (fails or now_fails) and old.entry.is_spend and len(old.activity.entries) > 1:
        return Judgement(Direction.MIXED, "where what it costs cannot be found, the event gives nothing else")
    if rises and (not fails or gives_only(new)) and (not now_fails or takes_only(old)):
        text = f"the least by the new rule, {new_least:,}, is not below the most by the old one, {most:,}"
        return gives_more(subject, text, more_events=fails or now_fails)
    if falls and (not fails or takes_only(new)) and (not now_fails or gives_only(old)):
        text = f"the most by the new rule, {new_most:,}, is not above the least by the old one, {least:,}"
        return gives_more(subject, text, more_events=fails or now_fails).opposite
    if all(isinstance(one.entry.points, (Fixed, Assessed)) for one in (old, new)):
        return Judgement(Direction.MIXED, "some assessments come to more points, others to fewer")
    return Judgement(Direction.MIXED, "the points are found in another way, so it depends on each event")


@with_reason
def more_events(subject: Subject, reason: str) -> Judgement:
    """More events of an activity count, or have the entry."""
    own = each(subject)
    if all(map(takes_only, own)):
        if is_voluntary(subject):
            return Judgement(Direction.MIXED, own_will(subject))
        return Judgement(Direction.ADVERSE, reason)
    if not all(map(gives_only, own)):
        return Judgement(Direction.MIXED, BOTH_SIGNS)
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
        judgement = more_as_written(subject, reason)
        found.append(judgement if bonus.points >= 0 else judgement.opposite)
    if bonus.percent != 0:
        if isinstance(bonus.percent, Table) and bonus.percent.can_fail:
            return Judgement(Direction.MIXED, "an event has no amount whose percentage is not listed")
        if min(bonus.percents) < 0 < max(bonus.percents):
            return Judgement(Direction.MIXED, BOTH_SIGNS)
        found.append(_signed(subject, reason, 1 if min(bonus.percents) >= 0 else -1))
    if len({judgement.direction for judgement in found}) > 1:
        return Judgement(Direction.MIXED, "its points and its percentage do opposite things")
    return found[0]


@with_reason
def points_shared(subject: Subject, reason: str) -> Judgement:
    """The points are shared among several people; `reason` is of an activity that only gives."""
    own = each(subject)
    if all(map(takes_only, own)):
        return Judgement(Direction.FAVOURABLE, "deductions are shared")
    if all(map(gives_only, own)):
        return more_as_written(subject, reason).opposite
    return Judgement(Direction.MIXED, BOTH_SIGNS)


def other_order(subject: Subject) -> Judgement:
    """Entries of an event stand in the ledger in another order, each with the level held after it."""
    pair = subject.pair
    rules = [rule for rule in subject.rules if rule is not ABSENT]
    if all(all(one.condition for one in rule.entries if not one.points.copies) for rule in rules):
        return Judgement(Direction.MIXED, "of an event without any entry, the first one tells why")
    copies = [one for one in rules[0].entries if one.points.copies and one.balance in rules[-1].balances]
    if any((rules[0].copied_by(one) is None) is not (rules[-1].copied_by(one) is None) for one in copies):
        return Judgement(Direction.MIXED, "a copy gives nothing that stands above what it copies")
    levels = [level for version in pair.versions for level in version.levels.values()]
    asked = {balance for level in levels for balance in level.further_balances}
    moved = set(subject.values[0]) if subject.new[-1] == "earns" else set()
    if any(name in asked or pair.decides_levels(name) for name in moved) and levels:
        return Judgement(
            Direction.MIXED, "a level can be reached before another entry of the event, or later"
        )
    return Judgement(Direction.NEUTRAL, "the lines of an event come in another order, each as before")
