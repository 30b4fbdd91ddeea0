"""Why one member stands where they stand, event by event, and what keeps and raises the level."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from pointbook.diagnostics import suggestion
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.views.outlook import outlook_of
from pointbook.views.reasons import ExplainedStep, reasons_of, why_not_comparable, why_read_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.diagnostics import Span
    from pointbook.interpret import Evaluation, MemberResult
    from pointbook.log import Log
    from pointbook.model.ledger import Entry, LevelChange, Standing
    from pointbook.model.log import Event, Member, Reject
    from pointbook.model.program import Program

_MOST_REJECTS = 1000


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """An event, what it came to and why.

    Attributes:
        title: What the activity is called.
        rule: Where its rule stands, or None where there is none.
        reasons: The steps, in order.
        entry: The ledger entry.
        references: What the log has in the columns that are carried into the ledger.
    """

    title: str
    rule: Span | None
    reasons: tuple[ExplainedStep, ...]
    entry: Entry
    references: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """A level that changed, or was kept, and why.

    Attributes:
        change: The change.
        reason: What decided it, in words.
        span: The threshold that decided it, or None where no single one did.
    """

    change: LevelChange
    reason: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a member stands where they stand.

    Attributes:
        program_title: What the program is called.
        member: Who.
        standing: Where they stand; None before the sign-up.
        timeline: Events and changes of level in the order in which they happen. A change that an
            event brings about stands after it.
        rejects: Rows of the log that name the member and could not be used, the first ones of them.
        further_rejects: How many more there are.
        after_as_of: How many of the member's events lie after the as-of date.
        outlook: What is needed to keep and to reach levels, by when.
    """

    program_title: str
    member: Member
    standing: Standing | None
    timeline: tuple[ExplainedEvent | ExplainedChange, ...]
    rejects: tuple[Reject, ...]
    further_rejects: int
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
    rejected = next((reject for reject in log.member_rejects if reject.member_id == member_id), None)
    if member is None and rejected is not None:
        raise LookupError(
            f"{rejected.file}:{rejected.line}: the member's row was rejected: {rejected.detail}"
        )
    if member is None:
        raise LookupError(f"there is no member `{member_id}`; {suggestion(member_id, log.members)}")
    events = [event for event in log.events if event.member_id == member_id]
    result = evaluation.member_result(member, events)
    rejects = (reject for reject in log.rejects if reject.member_id == member_id)
    return Explanation(
        program_title=program.title or program.id,
        member=member,
        standing=result.standing,
        timeline=_timeline(program, evaluation, events, result),
        rejects=tuple(islice(rejects, _MOST_REJECTS)),
        further_rejects=sum(1 for _ in rejects),
        after_as_of=result.after_as_of,
        outlook=() if result.standing is None else outlook_of(evaluation, result.standing),
    )


def _timeline(
    program: Program, evaluation: Evaluation, events: Sequence[Event], result: MemberResult
) -> tuple[ExplainedEvent | ExplainedChange, ...]:
    totals = {name: balance.start for name, balance in program.balances.items()}
    level_balance = program.balances[program.level_balance]
    periods: dict[str, int] = {}
    timeline: list[ExplainedEvent | ExplainedChange] = []

    def add(changes: Iterable[LevelChange]) -> None:
        for change in changes:
            timeline.append(_explained_change(evaluation, change, totals[level_balance.id]))
            if change.cause in (LevelCause.KEPT, LevelCause.DEMOTED):
                totals[level_balance.id] = level_balance.start

    add(result.opening)
    for event, entry in zip(events, result.entries, strict=False):
        own = entry.changes[-1:] if entry.changes and _is_own(entry.changes[-1], entry) else ()
        add(entry.changes[: len(entry.changes) - len(own)])
        explained = _explained(program, evaluation, result.member, event, entry)
        if entry.total is not None and entry.period is not None:
            start = program.balances[entry.balance].start
            if periods.get(entry.balance, entry.period) != entry.period and totals[entry.balance] != start:
                before = totals[entry.balance]
                text = f"a new period has begun: {entry.balance} went back from {before:,} to {start:,}"
                explained = replace(explained, reasons=(ExplainedStep(text), *explained.reasons))
            periods[entry.balance], totals[entry.balance] = entry.period, entry.total
        carried = {name: event.attributes.get(name) for name in program.exports.references}
        timeline.append(replace(explained, references=carried))
        add(own)
    add(result.closing)
    return tuple(timeline)


def _explained_change(evaluation: Evaluation, change: LevelChange, total: int) -> ExplainedChange:
    """Why a level changed; `total` is the level balance after the member's event before it."""
    version = evaluation.interpreter.timeline.version_on(change.date)
    decisive = change.from_level if change.cause in (LevelCause.KEPT, LevelCause.DEMOTED) else change.to_level
    level = None if version is None or decisive is None else version.levels.get(decisive)
    if version is None or level is None:
        text = f"version {version.id if version is not None else '?'} does not have `{change.from_level}`"
        return ExplainedChange(change, text, None if version is None else version.span("levels"))
    asked = f"`{level.id}` asks for {level.threshold:,}"
    span = version.span("levels", level.id, "threshold")
    if change.cause in (LevelCause.KEPT, LevelCause.DEMOTED):
        return ExplainedChange(change, f"the period closed at {total:,}; {asked}", span)
    if change.cause is LevelCause.THRESHOLD_CHANGED:
        return ExplainedChange(change, f"by version {version.id}, {asked}", span)
    return ExplainedChange(change, asked, span)


def _is_own(change: LevelChange, entry: Entry) -> bool:
    """Whether the event itself brought the change about, not the time before it."""
    return (
        entry.awarded > 0 and change.cause is LevelCause.REACHED and change.date == entry.occurred_at.date()
    )


def _explained(
    program: Program, evaluation: Evaluation, member: Member, event: Event, entry: Entry
) -> ExplainedEvent:
    version = program.version(entry.version) if entry.version is not None else None
    timeline = evaluation.interpreter.timeline
    rules = {} if version is None else version.activities
    activity = (timeline.books[0].activities if timeline.fixed else rules).get(entry.activity)
    if version is None or activity is None:
        return ExplainedEvent(entry.activity, None, (_without_rule(program, member, entry),), entry)
    rule = version.span("activities", activity.id)
    reasons = why_read_as(version, activity, entry)
    if timeline.fixed:
        day = entry.occurred_at.date()
        given_under = timeline.given_under(day, event.activity) or activity
        reasons += why_not_comparable(timeline.reference(day), given_under, activity, event, entry)
    reasons += reasons_of(version, activity, member, event, entry)
    return ExplainedEvent(activity.title or activity.id, rule, tuple(reasons), entry)


def _without_rule(program: Program, member: Member, entry: Entry) -> ExplainedStep:
    if entry.outcome is Outcome.BEFORE_SIGN_UP:
        return ExplainedStep(f"before the sign-up on {member.signed_up_on}: does not count")
    if entry.outcome is Outcome.NO_VERSION_IN_FORCE:
        first = program.versions[0]
        text = f"no version is in force yet; the first, {first.id}, takes effect on {first.effective_from}"
        return ExplainedStep(text, first.span("effective_from"))
    version = program.version(entry.version or "")
    text = f"version {entry.version} has no activity `{entry.activity}`"
    if version is None:
        return ExplainedStep(text)
    other = program.activities_by_any_id(version).get(entry.activity)
    if other is not None:
        text += f"; it has `{other.id}` in its place, which the log must name from its day on"
        return ExplainedStep(text, version.span("activities", other.id))
    return ExplainedStep(f"{text}; {suggestion(entry.activity, version.activities)}", version.span("id"))
