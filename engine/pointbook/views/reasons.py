"""The steps on the way from an event to its points, in words, each with the rule that makes it so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.model.cap_wording import cap_text
from pointbook.model.ledger import Outcome
from pointbook.model.quantities import quantity
from pointbook.model.rules import (
    MEMBER_PREFIX,
    OCCURRED_ON,
    Assessed,
    Comparison,
    Fixed,
    Not,
    PerUnit,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.diagnostics import Span
    from pointbook.model.ledger import Cut, Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Activity, Condition, Version


@dataclass(frozen=True, slots=True)
class Reason:
    """One step on the way from an event to its points.

    Attributes:
        text: What happens, in words.
        span: The rule that makes it so, or None where no rule does.
    """

    text: str
    span: Span | None


def reasons_of(
    version: Version, activity: Activity, member: Member, event: Event, entry: Entry
) -> list[Reason]:
    """The steps from `event` to `entry` by a rule that `version` has, in order."""
    place = ("activities", activity.id)
    if entry.outcome is Outcome.BEFORE_SIGN_UP:
        return [Reason(f"before the sign-up on {member.signed_up_on}: does not count", None)]
    if entry.outcome is Outcome.NOT_ELIGIBLE:
        return [Reason("does not meet the condition for this activity", version.span(*place, "eligible_if"))]
    if entry.outcome is Outcome.MISSING_ATTRIBUTE:
        missing = ", ".join(f"`{name}`" for name in _missing(activity, member, event))
        return [Reason(f"the log does not carry {missing}, which the rule needs", version.span(*place))]
    sharers = event.attributes.get(activity.split_among or "")
    if entry.outcome is Outcome.OUT_OF_RANGE and isinstance(sharers, int) and sharers < 1:
        text = f"`{activity.split_among}` is {sharers}, and points cannot be shared among so many"
        return [Reason(text, version.span(*place, "split_among"))]
    reasons = [
        Reason(_valuation_text(activity, event, entry), version.span(*place, *_amount_path(activity, event)))
    ]
    counts = entry.outcome.is_valued
    for index, bonus in enumerate(activity.bonuses if counts else ()):
        given = index in entry.bonuses
        text = f"{'' if given else 'no '}{bonus.points:+,} {bonus.title or 'bonus'}"
        reasons.append(
            Reason(
                text if given else f"{text}: its condition does not hold",
                version.span(*place, "bonuses", index),
            )
        )
    if activity.split_among is not None and entry.outcome is not Outcome.OUT_OF_RANGE:
        sharers = event.attributes.get(activity.split_among)
        text = f"shared among {sharers}: {entry.requested:,} each"
        reasons.append(Reason(text, version.span(*place, "split_among")))
    if entry.ignored and event.points is not None:
        unused = quantity(event.points, "point")
        reasons.append(Reason(f"the log says {unused}, which this rule does not use", None))
    return reasons + [_cut_reason(version, activity, cut) for cut in entry.cuts]


def _amount_path(activity: Activity, event: Event) -> tuple[str, ...]:
    """Where in the rule the amount stands, so that a patch that changed it is named."""
    rule = activity.points
    if isinstance(rule, Fixed):
        return ("points",)
    if isinstance(rule, PerUnit):
        return ("points", "per", "points")
    if isinstance(rule, Assessed):
        return ("points", "up_to" if rule.open_ended else "range")
    return ("points", "by", "values", str(event.attributes.get(rule.attribute)))


def _missing(activity: Activity, member: Member, event: Event) -> list[str]:
    """Attributes that the rule compares or counts and that neither the event nor the member has."""
    given = {OCCURRED_ON, *event.attributes, *(f"{MEMBER_PREFIX}{name}" for name in member.attributes)}
    return [name for name in dict.fromkeys(_needed(activity)) if name not in given]


def _needed(activity: Activity) -> Iterator[str]:
    if activity.eligible_if is not None:
        yield from _compared(activity.eligible_if)
    if isinstance(activity.points, (PerUnit, Table)):
        yield activity.points.attribute
    for bonus in activity.bonuses:
        yield from _compared(bonus.condition)
    if activity.split_among is not None:
        yield activity.split_among


def _compared(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Comparison):
        yield condition.attribute
        if condition.within is not None:
            yield condition.within.after
    else:
        for part in (condition.part,) if isinstance(condition, Not) else condition.parts:
            yield from _compared(part)


def _valuation_text(activity: Activity, event: Event, entry: Entry) -> str:
    rule = activity.points
    if isinstance(rule, Fixed):
        return quantity(rule.points, "point")
    if isinstance(rule, PerUnit):
        amount = event.attributes.get(rule.attribute)
        if entry.outcome is Outcome.OUT_OF_RANGE:
            return f"`{rule.attribute}` is {amount}, which cannot be counted"
        exact = isinstance(amount, (int, Decimal)) and rule.points * amount == entry.base
        rounded = "" if exact else ", rounded half-up"
        rate = quantity(rule.points, "point")
        return f"{rate} × {amount} {rule.unit or rule.attribute} = {entry.base:,}{rounded}"
    if isinstance(rule, Assessed):
        return _assessed_text(rule, event, entry)
    value = event.attributes.get(rule.attribute)
    if entry.outcome is Outcome.OUT_OF_RANGE:
        return f"`{rule.attribute}` is `{value}`, for which the rule has no points"
    return f"{quantity(entry.base, 'point')} for `{rule.attribute}` {value}"


def _assessed_text(rule: Assessed, event: Event, entry: Entry) -> str:
    allowed = f"{rule.minimum:,} to {rule.maximum:,}"
    if entry.outcome is Outcome.UNVALUED:
        given = "not assessed yet" if event.points is None else "assessed under a rule that does not compare"
        return f"{given} ({allowed} points are possible)"
    if entry.outcome is Outcome.OUT_OF_RANGE:
        if event.points is not None and rule.minimum <= event.points <= rule.maximum:
            return f"assessed at {event.points:,}, outside what the version in force on that day allowed"
        return f"assessed at {event.points:,}, outside {allowed}: the value must be corrected in the log"
    if entry.assumed:
        given = "not assessed" if event.points is None else "assessed under a rule that does not compare"
        return f"{given}; {entry.base:,} of {allowed} is assumed"
    if event.points != entry.base:
        return f"assessed at {event.points:,} in another range; its place in {allowed} is {entry.base:,}"
    return f"assessed at {entry.base:,} of {allowed}"


def _cut_reason(version: Version, activity: Activity, cut: Cut) -> Reason:
    if cut.scope == "balance":
        text = f"the balance can fall by {quantity(cut.remaining, 'point')} at most: {cut.passed:,}"
        return Reason(text if cut.passed != cut.offered else f"the balance allows {cut.offered:,}", None)
    path: tuple[str | int, ...] = ("activities", cut.id, "caps", cut.position)
    caps, whose = activity.caps, ""
    if cut.scope == "group":
        path = ("groups", cut.id, "caps", cut.position)
        caps, whose = version.groups[cut.id].caps, f" together with others of `{cut.id}`"
    cap = caps[cut.position]
    text = f"at most {cap_text(cap)}{whose}: {cut.remaining:,} left"
    if cut.passed == cut.offered:
        return Reason(f"{text}, nothing is cut", version.span(*path))
    return Reason(f"{text}, so {cut.passed:,} of {cut.offered:,} points count", version.span(*path))
