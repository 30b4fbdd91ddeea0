"""The steps on the way from an event to its points, in words, each with the rule that makes it so."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.interpret.conditions import holds, value_of
from pointbook.interpret.valuation import found_for
from pointbook.likeness import Lookalikes
from pointbook.model.amounts import fits_places, plainest, product
from pointbook.model.eligibility import eligibility_of, with_eligibility
from pointbook.model.ledger import Outcome
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.wording import quantity
from pointbook.views.explanation.conditions import near_miss, near_misses, time_span, undecided, why_not
from pointbook.views.explanation.explained import ExplainedStep
from pointbook.views.explanation.spends import why_not_covered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.conditions import Condition
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Attributes
    from pointbook.model.program import Version
    from pointbook.model.rules import Bonus, Path
    from pointbook.views.explanation.taken_events import TakenEvent


_PERCENT = Decimal("0.01")
_LEAST_PERCENT = -100
_POINTS = re.compile(r"(?<=[0-9]) points?(?= (?:×|for )|$)")
"""What an amount is of, after the number; left away where it is named by its balance."""


def reasons_of(taken: TakenEvent, entry: Entry) -> Iterator[ExplainedStep]:
    """The steps from an event to what one of its entries requests, in order; limits are not among them."""
    rule = taken.rule_of(entry)
    yield from _amount(taken, rule, entry)
    if entry.outcome is Outcome.INSUFFICIENT_BALANCE:
        yield why_not_covered(taken, rule)
    for path, condition in eligibility_of(taken.version, taken.activity):
        yield from _near_misses(taken, path, condition, is_of_event=True)
    if rule.condition is not None:
        yield from _near_misses(taken, taken.path_of(rule, "if"), rule.condition)
    for index, bonus in enumerate(rule.bonuses):
        yield from _near_misses(taken, taken.path_of(rule, "bonuses", index, "if"), bonus.condition)


def _near_misses(
    taken: TakenEvent, path: Path, condition: Condition, *, is_of_event: bool = False
) -> Iterator[ExplainedStep]:
    for text, place in near_misses(condition, path, taken.event, taken.member):
        yield ExplainedStep(text, taken.version.span(*place), gist=text, is_of_event=is_of_event)


def _amount(taken: TakenEvent, rule: EntryRule, entry: Entry) -> Iterator[ExplainedStep]:
    if entry.outcome is Outcome.NOT_ELIGIBLE:
        yield from _failed(taken)
    elif _copies_nothing(taken, rule):
        if entry.outcome is not Outcome.INSUFFICIENT_BALANCE:
            text = f"the same as {taken.names.balances[rule.points.copies or '']}, which came to nothing"
            yield ExplainedStep(text, taken.version.span(*taken.path_of(rule, "points")), gist=text)
    elif entry.outcome is Outcome.MISSING_ATTRIBUTE:
        yield _lacking(taken, rule)
    else:
        # Of a spend, amounts are told as they are written: above zero.
        told = entry._replace(base=-entry.base, requested=-entry.requested) if rule.is_spend else entry
        yield from _valued(taken, rule, told)


def _copies_nothing(taken: TakenEvent, rule: EntryRule) -> bool:
    """Whether it is the same as another entry of which nothing came."""
    original = taken.entries.get(rule.points.copies or "")
    if original is None or original.awarded != 0 or original.outcome is Outcome.AWARDED:
        return False
    return isinstance(found_for(rule.points, taken.event, taken.member), SameAs)


def _valued(taken: TakenEvent, rule: EntryRule, entry: Entry) -> Iterator[ExplainedStep]:
    """How the amount is found: what it begins with, bonuses, shares."""
    event, span = taken.event, taken.version.span
    sharers = event.attributes.get(rule.split_among or "")
    if entry.outcome is Outcome.OUT_OF_RANGE and isinstance(sharers, int) and sharers < 1:
        text = f"`{rule.split_among}` is {sharers}, and points cannot be shared among so many"
        yield ExplainedStep(text, span(*taken.path_of(rule, "split_among")), gist=text)
        return
    is_valued = entry.outcome.is_valued or entry.outcome is Outcome.INSUFFICIENT_BALANCE
    yield _base(taken, rule, entry, is_valued=is_valued)
    if is_valued:
        yield from _bonuses(taken, rule, entry)
    if rule.split_among is not None and entry.outcome is not Outcome.OUT_OF_RANGE:
        text = f"shared among {sharers}: {entry.requested:,} each"
        yield ExplainedStep(text, span(*taken.path_of(rule, "split_among")))
    if entry.ignored and event.points is not None:
        whose = "this rule does not use" if len(taken.entries) == 1 else "none of its entries uses"
        text = f"the log says {quantity(event.points, 'point')}, which {whose}"
        gist = "the log says points that this rule does not use"
        yield ExplainedStep(text, gist=gist, is_of_event=True)


def _bonuses(taken: TakenEvent, rule: EntryRule, entry: Entry) -> Iterator[ExplainedStep]:
    """What is added to the amount, and what is not."""
    for index, bonus in enumerate(rule.bonuses):
        text = f"{_worth(taken, bonus, entry)} {bonus.title or 'bonus'}"
        if index not in entry.bonuses:
            text = f"no {text}: {why_not(bonus.condition, taken.event, taken.member)}"
        yield ExplainedStep(text, taken.version.span(*taken.path_of(rule, "bonuses", index)))
    if entry.bonuses and rule.split_among is None and _is_rounded(rule, entry, taken.event.attributes):
        added = (rule.bonuses[index].percent_for(taken.event.attributes) for index in entry.bonuses)
        least = "not below -100 %, " if sum(one or 0 for one in added) < _LEAST_PERCENT else ""
        yield ExplainedStep(f"together, {least}rounded to {entry.requested:,}")


def _failed(taken: TakenEvent) -> Iterator[ExplainedStep]:
    """The conditions that do not hold, so that the event does not count."""
    for path, condition in eligibility_of(taken.version, taken.activity):
        if holds(condition, taken.event, taken.member) is False:
            why = why_not(condition, taken.event, taken.member)
            text = f"does not meet the condition{_whose(path)}: {why}"
            yield ExplainedStep(text, taken.version.span(*path), gist=text, is_of_event=True)


def _whose(path: Path) -> str:
    """Whose condition it is, where it is not the activity's own."""
    if path[0] == "groups":
        return f" of group `{path[1]}`"
    return "" if path[0] == "activities" else " for every activity"


def why_no_entry(taken: TakenEvent) -> Iterator[ExplainedStep]:
    """Of each balance that the activity has an entry of and the event has none, why.

    An event that is eligible and of which no entry is there has one all the same, which is not.
    """
    is_nothing = all(one.outcome is Outcome.NOT_ELIGIBLE for one in taken.entries.values())
    is_nothing = is_nothing and not [*_failed(taken)]
    for rule in taken.activity.spends_first:
        name, condition = taken.names.balances[rule.balance], rule.condition
        if rule.balance in taken.entries and not is_nothing:
            continue
        if condition is not None and holds(condition, taken.event, taken.member) is False:
            text, part = why_not(condition, taken.event, taken.member), "if"
        else:
            text, part = f"it is the same as {taken.names.balances[rule.points.copies or '']}", "points"
        text = f"no {name}: {text}"
        gist = text if is_nothing else ""
        yield ExplainedStep(text, taken.version.span(*taken.path_of(rule, part)), gist, is_of_event=True)


def _worth(taken: TakenEvent, bonus: Bonus, entry: Entry) -> str:
    """What a bonus adds, percentages in points too: "+25 % of 400 = +100"."""
    percent = bonus.percent_for(taken.event.attributes)
    if bonus.percent == 0 or percent is None:
        return f"{bonus.points:+,}" if bonus.percent == 0 else bonus.words
    parts = [
        f"{percent:+,} % of {entry.base:,} = {plainest(product(entry.base, product(percent, _PERCENT))):+,}"
    ]
    if bonus.points != 0:
        parts.append(f"{bonus.points:+,}")
    return " and ".join(parts)


def _is_rounded(rule: EntryRule, entry: Entry, given: Attributes) -> bool:
    """Whether an amount with its bonuses is none that the balance can hold, so that it was rounded."""
    if not fits_places(entry.base, rule.places):
        return True
    percents = (rule.bonuses[index].percent_for(given) for index in entry.bonuses)
    return any(percent != 0 for percent in percents)


def _base(taken: TakenEvent, rule: EntryRule, entry: Entry, *, is_valued: bool) -> ExplainedStep:
    """The points before bonuses and sharing, or why there are none."""
    points, event = rule.points, taken.event
    text = points.valuation_text(event, entry)
    if taken.names.are_amounts_named:
        text = f"{entry.base:,} every time" if isinstance(points, Fixed) else _POINTS.sub("", text, 1)
    if isinstance(points, SameAs):
        original = taken.entries[points.balance]
        what = taken.names.balances[points.balance]
        text = (
            f"the same as {what if original.requested >= 0 else f'what was taken of {what}'}: {entry.base:,}"
        )
    for need in points.needs if entry.outcome is Outcome.OUT_OF_RANGE else ():
        value = event.attributes.get(need.name)
        if isinstance(value, str) and need.listed and value not in need.listed:
            alike, words = Lookalikes(need.listed).of(value)
            text += f"; {near_miss(value, alike[0], words)}" if alike else ""
    steps = points.path_for(event.attributes)
    span = taken.version.span("activities", taken.activity.id, *rule.at(*steps))
    if is_valued and not entry.assumed:
        return ExplainedStep(text, span)
    # Of several values outside the range, one reason.
    gist = text.replace(f" at {event.points:,}," if event.points is not None else "", "", 1)
    return ExplainedStep(text, span, gist=gist)


def why_read_as(version: Version, activity: Activity, entry: Entry) -> Iterator[ExplainedStep]:
    """That the version has the activity by another id than the log."""
    if activity.id != entry.activity:
        text = f"version {version.id} has `{activity.id}` in place of `{entry.activity}`"
        yield ExplainedStep(text, version.span("activities", activity.id), is_of_event=True)


def why_not_comparable(
    taken: TakenEvent, entry: Entry, reference: Version, given_under: Activity
) -> Iterator[ExplainedStep]:
    """Why the log's value is not used, where `given_under`, the rule of its day, is none that compares."""
    if not (entry.assumed or entry.outcome is Outcome.NOT_COMPARABLE):
        return
    event, before = taken.event, given_under.assessed or given_under.entries[0]
    now, then = (found_for(rule.points, event, taken.member) for rule in (taken.rule_of(entry), before))
    if not isinstance(now, Assessed) or now == then or now.compares_with(then):
        return
    found = "a value" if event.points is None else f"the log's {event.points:,}"
    text = (
        f"version {reference.id}, in force on that day, says {before.points.words}: it asked for no"
        f" value that compares, so that {found} has no place in {now.minimum:,} to {now.maximum:,}"
    )
    path = before.at(*before.points.path_for(event.attributes))
    yield ExplainedStep(text, reference.span("activities", given_under.id, *path))


def _lacking(taken: TakenEvent, rule: EntryRule) -> ExplainedStep:
    """The attributes without which nothing can be decided: who is eligible, else what it is worth."""
    event, member = taken.event, taken.member
    eligible = with_eligibility(taken.version, taken.activity).eligible_if
    is_of_event = eligible is not None and holds(eligible, event, member) is None
    if is_of_event:
        conditions = [eligible]
    elif rule.condition is not None and holds(rule.condition, event, member) is None:
        conditions = [rule.condition]
    else:
        conditions = [
            bonus.condition for bonus in rule.bonuses if holds(bonus.condition, event, member) is None
        ]
    names = [] if is_of_event or rule.condition in conditions else [need.name for need in rule.needs]
    missing = [name for name in names if value_of(name, event, member) is None]
    missing += [name for condition in conditions if condition for name in undecided(condition, event, member)]
    told = ", ".join(f"`{name}`{time_span(name, event, member)}" for name in dict.fromkeys(missing))
    text = f"the log does not carry {told}, which the rule needs"
    span = taken.version.span("activities", taken.activity.id, *(() if is_of_event else rule.path))
    return ExplainedStep(text, span, gist=text, is_of_event=is_of_event)
