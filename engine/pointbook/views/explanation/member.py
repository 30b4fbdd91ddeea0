"""Why one member stands where they stand, put together."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from pointbook.views.explanation.events import timeline_of
from pointbook.views.explanation.explained import ExplainedChange, ExplainedEvent, Explanation
from pointbook.views.explanation.names import names_of
from pointbook.views.explanation.outlook import outlook_of
from pointbook.views.explanation.sums import periods_of
from pointbook.views.explanation.unknown import which_it_means

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.interpret import Evaluation
    from pointbook.log import Log
    from pointbook.model.ledger import Standing
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program

_MOST_REJECTS = 1000


def explain(program: Program, log: Log, evaluation: Evaluation, member_id: str) -> Explanation:
    """Why the member stands where they stand.

    Args:
        program: The rules.
        log: Members, events and rejects.
        evaluation: The log under the rules.
        member_id: Who.

    Raises:
        LookupError: The log has no such member; the message suggests some.
    """
    member = _member(log, member_id)
    events = [event for event in log.events if event.member_id == member_id]
    result = evaluation.member_result(member, events)
    names, timeline = names_of(program), evaluation.interpreter.timeline
    told = timeline_of(program, evaluation, names, events, result)
    rejects = (reject for reject in log.rejects if reject.member_id == member_id)
    standing = result.standing
    return Explanation(
        program_title=program.title or program.id,
        names=names,
        level_balance=program.level_balance,
        member=member,
        as_of=evaluation.as_of,
        version=timeline.books[0].version.id if timeline.fixed else None,
        standing=standing,
        at_period_end=None if standing is None else _at_period_end(evaluation, member, events, standing),
        outlook=() if standing is None else outlook_of(evaluation, names, standing),
        levels=tuple(item for item in told if isinstance(item, ExplainedChange)),
        periods=periods_of(
            program,
            member,
            (one for item in told if isinstance(item, ExplainedEvent) for one in item.entries),
            as_of=evaluation.as_of,
            leap_day_in=timeline.leap_day,
        ),
        timeline=told,
        rejects=tuple(islice(rejects, _MOST_REJECTS)),
        further_rejects=sum(1 for _ in rejects),
        after_as_of=result.after_as_of,
    )


def _member(log: Log, member_id: str) -> Member:
    member = log.members.get(member_id)
    if member is not None:
        return member
    rejected = next((reject for reject in log.member_rejects if reject.member_id == member_id), None)
    if rejected is not None:
        raise LookupError(
            f"{rejected.file}:{rejected.line}: the member's row was rejected: {rejected.detail}"
        )
    raise LookupError(f"there is no member `{member_id}`; {which_it_means(member_id, log.members)}")


def _at_period_end(
    evaluation: Evaluation, member: Member, events: Sequence[Event], standing: Standing
) -> Standing | None:
    """Where the member would stand on the first day of the next level period without further points."""
    if standing.period_end is None:
        return None
    due = [event for event in events if event.local.date() <= evaluation.as_of]
    return replace(evaluation, as_of=standing.period_end).member_result(member, due).standing
