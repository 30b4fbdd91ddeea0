"""The steps on the way from an event to its points, in words, each with the rule that makes it so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.attributes import MEMBER_PREFIX, OCCURRED_ON
from pointbook.model.ledger import Outcome
from pointbook.model.points import Assessed
from pointbook.model.wording import quantity
from pointbook.reasoning.conditions import attribute_uses

if TYPE_CHECKING:
    from pointbook.diagnostics import Span
    from pointbook.model.ledger import Cut, Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step on the way from an event to its points.

    Attributes:
        text: What happens, in words.
        span: The rule that makes it so, or None where no rule does.
    """

    text: str
    span: Span | None = None


def reasons_of(
    version: Version, activity: Activity, member: Member, event: Event, entry: Entry
) -> list[ExplainedStep]:
    """The steps from `event` to `entry` by a rule that `version` has, in order."""
    place = ("activities", activity.id)
    if entry.outcome is Outcome.BEFORE_SIGN_UP:
        return [ExplainedStep(f"before the sign-up on {member.signed_up_on}: does not count")]
    if entry.outcome is Outcome.NOT_ELIGIBLE:
        text = "does not meet the condition for this activity"
        return [ExplainedStep(text, version.span(*place, "eligible_if"))]
    if entry.outcome is Outcome.MISSING_ATTRIBUTE:
        missing = ", ".join(f"`{name}`" for name in _missing(activity, member, event))
        text = f"the log does not carry {missing}, which the rule needs"
        return [ExplainedStep(text, version.span(*place))]
    sharers = event.attributes.get(activity.split_among or "")
    if entry.outcome is Outcome.OUT_OF_RANGE and isinstance(sharers, int) and sharers < 1:
        text = f"`{activity.split_among}` is {sharers}, and points cannot be shared among so many"
        return [ExplainedStep(text, version.span(*place, "split_among"))]
    text = activity.points.valuation_text(event, entry)
    reasons = [ExplainedStep(text, version.span(*place, *activity.points.path_for(event.attributes)))]
    for index, bonus in enumerate(activity.bonuses if entry.outcome.is_valued else ()):
        text = f"{bonus.points:+,} {bonus.title or 'bonus'}"
        if index not in entry.bonuses:
            text = f"no {text}: its condition does not hold"
        reasons.append(ExplainedStep(text, version.span(*place, "bonuses", index)))
    if activity.split_among is not None and entry.outcome is not Outcome.OUT_OF_RANGE:
        sharers = event.attributes.get(activity.split_among)
        text = f"shared among {sharers}: {entry.requested:,} each"
        reasons.append(ExplainedStep(text, version.span(*place, "split_among")))
    if entry.ignored and event.points is not None:
        unused = quantity(event.points, "point")
        reasons.append(ExplainedStep(f"the log says {unused}, which this rule does not use"))
    return reasons + [_cut_reason(version, activity, cut) for cut in entry.cuts]


def why_read_as(version: Version, activity: Activity, entry: Entry) -> list[ExplainedStep]:
    """That the version has the activity by another id than the log."""
    if activity.id == entry.activity:
        return []
    text = f"version {version.id} has `{activity.id}` in place of `{entry.activity}`"
    return [ExplainedStep(text, version.span("activities", activity.id))]


def why_not_comparable(
    reference: Version, given_under: Activity, activity: Activity, event: Event, entry: Entry
) -> list[ExplainedStep]:
    """Why the log's value is not used, where `given_under`, the rule of its day, is none that compares."""
    rule = activity.points
    if not isinstance(rule, Assessed) or rule.compares_with(given_under.points):
        return []
    if not (entry.assumed or entry.outcome is Outcome.NOT_COMPARABLE):
        return []
    found = "a value" if event.points is None else f"the log's {event.points:,}"
    text = (
        f"version {reference.id}, in force on that day, says {given_under.points.words}: it asked for no"
        f" value that compares, so that {found} has no place in {rule.minimum:,} to {rule.maximum:,}"
    )
    path = given_under.points.path_for(event.attributes)
    return [ExplainedStep(text, reference.span("activities", given_under.id, *path))]


def _missing(activity: Activity, member: Member, event: Event) -> list[str]:
    """Attributes that the rule compares or counts and that neither the event nor the member has."""
    given = {OCCURRED_ON, *event.attributes, *(f"{MEMBER_PREFIX}{name}" for name in member.attributes)}
    named = dict.fromkeys(use.name for use in attribute_uses(activity))
    return [name for name in named if name not in given]


def _cut_reason(version: Version, activity: Activity, cut: Cut) -> ExplainedStep:
    if cut.scope == "balance":
        text = f"the balance can fall by {quantity(cut.remaining, 'point')} at most: {cut.passed:,}"
        return ExplainedStep(text if cut.passed != cut.offered else f"the balance allows {cut.offered:,}")
    section, caps, whose = "activities", activity.caps, ""
    if cut.scope == "group":
        section, caps, whose = "groups", version.groups[cut.id].caps, f" together with others of `{cut.id}`"
    text = f"at most {caps[cut.position].words}{whose}: {cut.remaining:,} left"
    is_whole = cut.passed == cut.offered
    text += ", nothing is cut" if is_whole else f", so {cut.passed:,} of {cut.offered:,} points count"
    return ExplainedStep(text, version.span(section, cut.id, "caps", cut.position))
