"""Why one member stands where they stand, event by event, and what keeps and raises the level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.diagnostics import suggestion
from pointbook.model.ledger import Cause, Outcome
from pointbook.model.rules import (
    MEMBER_PREFIX,
    OCCURRED_ON,
    Assessed,
    CapKind,
    Comparison,
    Fixed,
    Not,
    Per,
    PerUnit,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.diagnostics import Span
    from pointbook.interpret import Evaluation, MemberResult
    from pointbook.log import Log
    from pointbook.model.ledger import Change, Cut, Entry, Standing
    from pointbook.model.log import Event, Member, Reject
    from pointbook.model.rules import Activity, Condition, Program, Version

WINDOWS = {
    Per.DAY: "day",
    Per.WEEK: "week",
    Per.CALENDAR_MONTH: "calendar month",
    Per.CALENDAR_YEAR: "calendar year",
    Per.MEMBERSHIP_YEAR: "membership year",
    Per.LIFETIME: "lifetime",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step on the way from an event to its points.

    Attributes:
        text: What happens, in words.
        span: The rule that makes it so, or None where no rule does.
    """

    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """An event, what it came to and why.

    Attributes:
        title: What the activity is called.
        rule: Where its rule stands, or None where there is none.
        reasons: The steps, in order.
        entry: The ledger entry.
    """

    title: str
    rule: Span | None
    reasons: tuple[Reason, ...]
    entry: Entry


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a member stands where they stand.

    Attributes:
        program_title: What the program is called.
        member: Who.
        standing: Where they stand; None before the sign-up.
        timeline: Events and changes of level in the order in which they happen. A change that an
            event brings about stands after it.
        rejects: Rows of the log that name the member and could not be used.
        after_as_of: How many of the member's events lie after the as-of date.
        outlook: What is needed to keep and to reach levels, by when.
    """

    program_title: str
    member: Member
    standing: Standing | None
    timeline: tuple[ExplainedEvent | Change, ...]
    rejects: tuple[Reject, ...]
    after_as_of: int
    outlook: tuple[str, ...]


def explain(program: Program, log: Log, evaluation: Evaluation, member_id: str) -> Explanation:
    """Why the member stands where they stand.

    Args:
        program: The rules.
        log: Members, events and rejects.
        evaluation: The log under the rules.
        member_id: Who.

    Raises:
        LookupError: The log has no such member; the message suggests one.
    """
    member = log.members.get(member_id)
    if member is None:
        raise LookupError(f"there is no member `{member_id}`; {suggestion(member_id, log.members)}")
    events = [event for event in log.events if event.member_id == member_id]
    result = evaluation.member_result(member, events)
    return Explanation(
        program_title=program.title or program.id,
        member=member,
        standing=result.standing,
        timeline=_timeline(program, events, result),
        rejects=tuple(reject for reject in log.rejects if reject.member_id == member_id),
        after_as_of=result.after_as_of,
        outlook=() if result.standing is None else _outlook(evaluation, result.standing),
    )


def _timeline(
    program: Program, events: Sequence[Event], result: MemberResult
) -> tuple[ExplainedEvent | Change, ...]:
    timeline: list[ExplainedEvent | Change] = [*result.opening]
    for event, entry in zip(events, result.entries, strict=False):
        own = entry.changes[-1:] if entry.changes and _is_own(entry.changes[-1], entry) else ()
        before = entry.changes[: len(entry.changes) - len(own)]
        timeline += [*before, _explained(program, result.member, event, entry), *own]
    return (*timeline, *result.closing)


def _is_own(change: Change, entry: Entry) -> bool:
    """Whether the event itself brought the change about, not the time before it."""
    return entry.awarded > 0 and change.cause is Cause.REACHED and change.date == entry.occurred_at.date()


def _explained(program: Program, member: Member, event: Event, entry: Entry) -> ExplainedEvent:
    version = program.version(entry.version) if entry.version is not None else None
    activity = None if version is None else version.activities.get(entry.activity)
    if version is None or activity is None:
        return ExplainedEvent(entry.activity, None, (_without_rule(program, member, entry),), entry)
    rule = version.span("activities", activity.id)
    reasons = _reasons(version, activity, member, event, entry)
    return ExplainedEvent(activity.title or activity.id, rule, tuple(reasons), entry)


def _without_rule(program: Program, member: Member, entry: Entry) -> Reason:
    if entry.outcome is Outcome.BEFORE_SIGN_UP:
        return Reason(f"before the sign-up on {member.signed_up_on}: does not count", None)
    if entry.outcome is Outcome.NO_VERSION_IN_FORCE:
        first = program.versions[0]
        text = f"no version is in force yet; the first, {first.id}, takes effect on {first.effective_from}"
        return Reason(text, first.span("effective_from"))
    version = program.version(entry.version or "")
    known = () if version is None else version.activities
    where = None if version is None else version.span("id")
    return Reason(
        f"version {entry.version} has no activity `{entry.activity}`; {suggestion(entry.activity, known)}",
        where,
    )


def _reasons(
    version: Version, activity: Activity, member: Member, event: Event, entry: Entry
) -> list[Reason]:
    place = ("activities", activity.id)
    if entry.outcome is Outcome.BEFORE_SIGN_UP:
        return [Reason(f"before the sign-up on {member.signed_up_on}: does not count", None)]
    if entry.outcome is Outcome.NOT_ELIGIBLE:
        return [Reason("does not meet the condition for this activity", version.span(*place, "eligible_if"))]
    if entry.outcome is Outcome.MISSING_ATTRIBUTE:
        missing = ", ".join(f"`{name}`" for name in _missing(activity, member, event))
        return [Reason(f"the log does not carry {missing}, which the rule needs", version.span(*place))]
    reasons = [
        Reason(_valuation_text(activity, event, entry), version.span(*place, *_amount_path(activity, event)))
    ]
    for index in entry.bonuses:
        bonus = activity.bonuses[index]
        text = f"{bonus.points:+,} {bonus.title or 'bonus'}"
        reasons.append(Reason(text, version.span(*place, "bonuses", index)))
    if activity.split_among is not None and entry.outcome is not Outcome.OUT_OF_RANGE:
        sharers = event.attributes.get(activity.split_among)
        text = f"shared among {sharers}: {entry.requested:,} each"
        reasons.append(Reason(text, version.span(*place, "split_among")))
    if entry.ignored:
        reasons.append(Reason(f"the log says {event.points:,} points, which this rule does not use", None))
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
        return f"{rule.points:,} points"
    if isinstance(rule, PerUnit):
        quantity = event.attributes.get(rule.attribute)
        if entry.outcome is Outcome.OUT_OF_RANGE:
            return f"`{rule.attribute}` is {quantity}, which cannot be counted"
        return f"{rule.points:,} points × {quantity} {rule.unit or rule.attribute} = {entry.base:,}"
    if isinstance(rule, Assessed):
        return _assessed_text(rule, event, entry)
    value = event.attributes.get(rule.attribute)
    if entry.outcome is Outcome.OUT_OF_RANGE:
        return f"`{rule.attribute}` is `{value}`, for which the rule has no points"
    return f"{entry.base:,} points for `{rule.attribute}` {value}"


def _assessed_text(rule: Assessed, event: Event, entry: Entry) -> str:
    allowed = f"{rule.minimum:,} to {rule.maximum:,}"
    if entry.outcome is Outcome.UNVALUED:
        given = "not assessed yet" if event.points is None else "assessed under a rule that does not compare"
        return f"{given} ({allowed} points are possible)"
    if entry.outcome is Outcome.OUT_OF_RANGE:
        return f"assessed at {event.points:,}, outside {allowed}: the value must be corrected in the log"
    if entry.assumed:
        return f"not assessed; {entry.base:,} of {allowed} is assumed"
    if event.points != entry.base:
        return f"assessed at {event.points:,} in another range; its place in {allowed} is {entry.base:,}"
    return f"assessed at {entry.base:,} of {allowed}"


def _cut_reason(version: Version, activity: Activity, cut: Cut) -> Reason:
    if cut.scope == "balance":
        text = f"the balance can fall by {cut.remaining:,} points at most: {cut.passed:,}"
        return Reason(text if cut.passed != cut.offered else f"the balance allows {cut.offered:,}", None)
    path: tuple[str | int, ...] = ("activities", cut.id, "caps", cut.position)
    caps, whose = activity.caps, ""
    if cut.scope == "group":
        path = ("groups", cut.id, "caps", cut.position)
        caps, whose = version.groups[cut.id].caps, f" together with others of `{cut.id}`"
    cap = caps[cut.position]
    unit = "points" if cap.kind is CapKind.POINTS else "times" if cap.limit > 1 else "time"
    text = f"at most {cap.limit:,} {unit} per {WINDOWS[cap.per]}{whose}: {cut.remaining:,} left"
    if cut.passed == cut.offered:
        return Reason(f"{text}, nothing is cut", version.span(*path))
    return Reason(f"{text}, so {cut.passed:,} of {cut.offered:,} points count", version.span(*path))


def _outlook(evaluation: Evaluation, standing: Standing) -> tuple[str, ...]:
    version = evaluation.interpreter.timeline.version_on(standing.as_of)
    if version is None:
        return ("no version is in force yet",)
    by = "" if standing.period_end is None else f" before {standing.period_end}"
    lines = []
    if standing.level is not None and standing.period_end is not None:
        title = version.levels[standing.level].title or standing.level
        if standing.points_to_keep:
            lines.append(f"to keep {title}: {standing.points_to_keep:,} more points{by}")
        else:
            lines.append(f"{title} is safe beyond {standing.period_end}")
    if standing.next_level is not None:
        title = version.levels[standing.next_level].title or standing.next_level
        lines.append(f"to reach {title}: {standing.points_to_next:,} more points{by}")
    elif standing.level is not None:
        lines.append("there is no higher level")
    return tuple(lines)
