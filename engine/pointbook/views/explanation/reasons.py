"""The steps on the way from an event to its points, in words, each with the rule that makes it so."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.interpret.conditions import holds
from pointbook.interpret.valuation import found_for
from pointbook.likeness import Lookalikes
from pointbook.model.amounts import fits_places, plainest, product
from pointbook.model.eligibility import eligibility_of, with_eligibility
from pointbook.model.ledger import Outcome
from pointbook.model.points.forms import Assessed
from pointbook.model.wording import quantity
from pointbook.reasoning.conditions import conditions_of
from pointbook.views.explanation.conditions import near_miss, near_misses, time_span, undecided, why_not
from pointbook.views.explanation.explained import ExplainedStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Version
    from pointbook.model.rules import Bonus, Path


_PERCENT = Decimal("0.01")


def reasons_of(
    version: Version, activity: Activity, member: Member, event: Event, entry: Entry
) -> Iterator[ExplainedStep]:
    """The steps from `event` to what its rule in `version` requests, in order; limits are not among them."""
    yield from _amount(version, activity, member, event, entry)
    shared = eligibility_of(version, replace(activity, eligible_if=None))
    for path, condition in (*shared, *conditions_of(activity)):
        for text, place in near_misses(condition, path, event, member):
            yield ExplainedStep(text, version.span(*place), gist=text)


def _amount(
    version: Version, activity: Activity, member: Member, event: Event, entry: Entry
) -> Iterator[ExplainedStep]:
    place = ("activities", activity.id)
    if entry.outcome is Outcome.NOT_ELIGIBLE:
        yield from _failed(version, activity, member, event)
        return
    if entry.outcome is Outcome.MISSING_ATTRIBUTE:
        rule = with_eligibility(version, activity)
        missing = ", ".join(
            f"`{name}`{time_span(name, event, member)}" for name in _missing(rule, member, event)
        )
        text = f"the log does not carry {missing}, which the rule needs"
        yield ExplainedStep(text, version.span(*place), gist=text)
        return
    sharers = event.attributes.get(activity.sole.split_among or "")
    if entry.outcome is Outcome.OUT_OF_RANGE and isinstance(sharers, int) and sharers < 1:
        text = f"`{activity.sole.split_among}` is {sharers}, and points cannot be shared among so many"
        yield ExplainedStep(text, version.span(*place, "split_among"), gist=text)
        return
    yield _base(version, activity, event, entry)
    for index, bonus in enumerate(activity.sole.bonuses if entry.outcome.is_valued else ()):
        text = f"{_worth(bonus, event, entry)} {bonus.title or 'bonus'}"
        if index not in entry.bonuses:
            text = f"no {text}: {why_not(bonus.condition, event, member)}"
        yield ExplainedStep(text, version.span(*place, "bonuses", index))
    if entry.bonuses and activity.sole.split_among is None and _is_rounded(activity, entry):
        yield ExplainedStep(f"together, rounded to {entry.requested:,}")
    if activity.sole.split_among is not None and entry.outcome is not Outcome.OUT_OF_RANGE:
        text = f"shared among {sharers}: {entry.requested:,} each"
        yield ExplainedStep(text, version.span(*place, "split_among"))
    if entry.ignored and event.points is not None:
        unused = quantity(event.points, "point")
        gist = "the log says points that this rule does not use"
        yield ExplainedStep(f"the log says {unused}, which this rule does not use", gist=gist)


def _failed(version: Version, activity: Activity, member: Member, event: Event) -> Iterator[ExplainedStep]:
    """The conditions that do not hold, so that the event does not count."""
    for path, condition in eligibility_of(version, activity):
        if holds(condition, event, member) is False:
            text = f"does not meet the condition{_whose(path)}: {why_not(condition, event, member)}"
            yield ExplainedStep(text, version.span(*path), gist=text)


def _whose(path: Path) -> str:
    """Whose condition it is, where it is not the activity's own."""
    if path[0] == "groups":
        return f" of group `{path[1]}`"
    return "" if path[0] == "activities" else " for every activity"


def _worth(bonus: Bonus, event: Event, entry: Entry) -> str:
    """What a bonus adds, percentages in points too: "+25 % of 400 = +100"."""
    percent = bonus.percent_for(event.attributes)
    if bonus.percent == 0 or percent is None:
        return f"{bonus.points:+,}" if bonus.percent == 0 else bonus.words
    parts = [
        f"{percent:+,} % of {entry.base:,} = {plainest(product(entry.base, product(percent, _PERCENT))):+,}"
    ]
    if bonus.points != 0:
        parts.append(f"{bonus.points:+,}")
    return " and ".join(parts)


def _is_rounded(activity: Activity, entry: Entry) -> bool:
    """Whether an amount with its bonuses is none that the balance can hold, so that it was rounded."""
    is_whole = fits_places(entry.base, activity.sole.places)
    return not is_whole or any(activity.sole.bonuses[index].percent != 0 for index in entry.bonuses)


def _base(version: Version, activity: Activity, event: Event, entry: Entry) -> ExplainedStep:
    """The points before bonuses and sharing, or why there are none."""
    rule = activity.sole.points
    text = rule.valuation_text(event, entry)
    for need in rule.needs if entry.outcome is Outcome.OUT_OF_RANGE else ():
        value = event.attributes.get(need.name)
        if isinstance(value, str) and need.listed and value not in need.listed:
            alike, words = Lookalikes(need.listed).of(value)
            text += f"; {near_miss(value, alike[0], words)}" if alike else ""
    span = version.span("activities", activity.id, *rule.path_for(event.attributes))
    if entry.outcome.is_valued and not entry.assumed:
        return ExplainedStep(text, span)
    # Of several values outside the range, one reason.
    gist = text.replace(f" at {event.points:,}," if event.points is not None else "", "", 1)
    return ExplainedStep(text, span, gist=gist)


def why_read_as(version: Version, activity: Activity, entry: Entry) -> Iterator[ExplainedStep]:
    """That the version has the activity by another id than the log."""
    if activity.id != entry.activity:
        text = f"version {version.id} has `{activity.id}` in place of `{entry.activity}`"
        yield ExplainedStep(text, version.span("activities", activity.id))


def why_not_comparable(  # noqa: PLR0913, PLR0917 - all there is to one event
    reference: Version, given_under: Activity, activity: Activity, member: Member, event: Event, entry: Entry
) -> Iterator[ExplainedStep]:
    """Why the log's value is not used, where `given_under`, the rule of its day, is none that compares."""
    rule = activity.sole.points
    now, then = (found_for(form, event, member) for form in (rule, given_under.sole.points))
    if not isinstance(now, Assessed) or now == then or now.compares_with(then):
        return
    if not (entry.assumed or entry.outcome is Outcome.NOT_COMPARABLE):
        return
    found = "a value" if event.points is None else f"the log's {event.points:,}"
    text = (
        f"version {reference.id}, in force on that day, says {given_under.sole.points.words}: it asked for no"
        f" value that compares, so that {found} has no place in {now.minimum:,} to {now.maximum:,}"
    )
    path = given_under.sole.points.path_for(event.attributes)
    yield ExplainedStep(text, reference.span("activities", given_under.id, *path))


def _missing(activity: Activity, member: Member, event: Event) -> list[str]:
    """The attributes without which nothing can be decided: who is eligible, else what it is worth."""
    eligible = activity.eligible_if
    if eligible is not None and holds(eligible, event, member) is None:
        return [*dict.fromkeys(undecided(eligible, event, member))]
    needed = [need.name for need in activity.needs if need.name not in event.attributes]
    for bonus in activity.sole.bonuses:
        if holds(bonus.condition, event, member) is None:
            needed += undecided(bonus.condition, event, member)
    return [*dict.fromkeys(needed)]
