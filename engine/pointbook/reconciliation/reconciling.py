"""The figures of another system against ours, with the causes of what differs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from pointbook.log.faults import RejectReason
from pointbook.log.unknown_members import UnknownMembers
from pointbook.model.log import Reject
from pointbook.reconciliation.cases import Case, last_day_of
from pointbook.reconciliation.causes.listing import hypotheses
from pointbook.reconciliation.ground import Ground
from pointbook.reconciliation.hypothesis import CauseKind
from pointbook.reconciliation.judging import Judge
from pointbook.reconciliation.published import LEVEL, none_usable
from pointbook.reconciliation.rejected import rejected_events
from pointbook.reconciliation.result import (
    EXACT,
    Cause,
    ComparedRow,
    Reconciliation,
    RowState,
    Tolerance,
    stakes_of,
)
from pointbook.reconciliation.single_events import Difference, single_event
from pointbook.reconciliation.spans_of_days import cause_of_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.log import Log
    from pointbook.reconciliation.judging import Found
    from pointbook.reconciliation.published import Figures, Published, PublishedRow
    from pointbook.reconciliation.setting import Setting

_MOST_SINGLE = 512
"""Rows of which single events are tried."""
_member_id = attrgetter("member_id")


def reconciled(  # noqa: PLR0913 - what it depends on
    setting: Setting,
    log: Log,
    published: Published,
    *,
    balance: str,
    tolerance: Tolerance = EXACT,
    sources: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Reconciliation:
    """The figures of another system against ours.

    Args:
        setting: By what ours are evaluated.
        log: Members and events.
        published: What that system shows.
        balance: The balance that its `points` are of.
        tolerance: How much points may differ.
        sources: The files of events, from which rejected rows are read once more if figures differ.
        progress: Takes how far it is, very often, for people who wait.

    Raises:
        InputError: No row is of a period that there is.
    """
    ground = Ground(setting, log, {})
    cases, rejects = _cases(ground, published, balance)
    if len(rejects) == len(published.rows):
        raise none_usable(min(rejects, key=lambda reject: reject.line))
    compared = {case.number: _compared(case, tolerance) for case in cases}
    differing = [case for case in cases if not case.is_equal]
    causes: list[Cause] = []
    tried = 0
    if differing:
        ground = replace(ground, rejected=rejected_events(setting.program, log, sources))
        possible = hypotheses(ground)
        tried = len(possible)
        judge = Judge(possible, setting, [case for case in cases if case.is_equal], progress)
        found, left = judge.causes(differing)
        of_days = cause_of_days(ground, judge, left[:_MOST_SINGLE])
        if of_days is not None:
            found.append(of_days)
            explained = {case.number for case in of_days.cases}
            left = [case for case in left if case.number not in explained]
        found.sort(key=lambda cause: not cause.is_likely)
        for number, cause in enumerate(found):
            causes.append(_cause(cause, _given(compared, cause.cases, number)))
        causes += _single_events(ground, left, compared, len(causes))
    rejects += published.rejects
    rows = [*compared.values(), *_unknown(log, published, tolerance)]
    rows += _not_in_file(ground, published, rejects, tolerance)
    return Reconciliation(
        program=setting.program.id,
        file=published.file,
        as_of=setting.as_of,
        version=setting.version,
        assume=setting.assume,
        balance=balance,
        tolerance=tolerance,
        rows=tuple(sorted(rows, key=lambda row: (row.member_id, row.line))),
        causes=tuple(causes),
        tried=tried,
        rejects=tuple(sorted(rejects, key=lambda reject: reject.line)),
        events_rejected=len(log.rejects),
        members_rejected=len(log.member_rejects),
    )


def _cases(ground: Ground, published: Published, balance: str) -> tuple[list[Case], tuple[Reject, ...]]:
    """The rows of members whom we know, with ours; and rows of periods that there are not."""
    log, setting = ground.log, ground.setting
    resets = setting.program.balances[balance].resets
    leap_day_in = ground.evaluator.interpreter.timeline.leap_day
    cases: list[Case] = []
    rejects: list[Reject] = []
    for row in sorted(published.rows, key=lambda row: (row.member_id, row.line)):
        member = log.members.get(row.member_id)
        if member is None:
            continue
        day = setting.as_of
        if row.period:
            try:
                day = last_day_of(row.period, member, resets, leap_day_in, day)
            except ValueError as error:
                rejects.append(_bad_period(published, row, str(error)))
                continue
        begins = bisect_left(log.events, row.member_id, key=_member_id)
        events = log.events[begins : bisect_right(log.events, row.member_id, begins, key=_member_id)]
        ours = ground.evaluator.figures(member, events, day)
        cases.append(Case(len(cases), row, member, events, day, ours))
    return cases, tuple(rejects)


def _bad_period(published: Published, row: PublishedRow, problem: str) -> Reject:
    where = published.file, row.line, "period"
    return Reject(*where, "", RejectReason.BAD_VALUE, problem, row.raw, row.member_id)


def _compared(case: Case, tolerance: Tolerance) -> ComparedRow:
    ours: Figures = {name: case.ours.get(name) for name in case.published} if case.ours else {}
    state = RowState.EQUAL
    note = "" if case.ours else f"the member signs up later, on {case.member.signed_up_on}"
    if not case.is_equal:
        state = RowState.WITHIN_TOLERANCE if _is_within(case, tolerance) else RowState.DIFFERS
    return ComparedRow(
        *(case.member.id, case.row.period, case.row.line, state, dict(case.published), ours),
        note=note,
        counts=state is RowState.DIFFERS,
    )


def _is_within(case: Case, tolerance: Tolerance) -> bool:
    for name, shown in case.published.items():
        ours = case.ours.get(name, "")
        if isinstance(shown, int) and isinstance(ours, int):
            if not tolerance.allows(shown, ours):
                return False
        elif shown != ours:
            return False
    return True


def _given(
    compared: dict[int, ComparedRow], cases: Sequence[Case], number: int, notes: Sequence[str] = ()
) -> tuple[ComparedRow, ...]:
    """The rows of cases, with their cause."""
    for place, case in enumerate(cases):
        row = compared[case.number]
        compared[case.number] = replace(row, cause=number, note=notes[place] if notes else row.note)
    return tuple(compared[case.number] for case in cases)


def _cause(found: Found, rows: tuple[ComparedRow, ...]) -> Cause:
    hypothesis = found.hypothesis
    return Cause(
        kind=hypothesis.kind,
        subject=hypothesis.subject,
        words=hypothesis.words,
        is_likely=found.is_likely,
        stakes=stakes_of(rows),
        broken=found.broken,
        looked_at=found.looked_at,
        alternatives=tuple(other.words for other in found.alternatives),
    )


def _single_events(
    ground: Ground,
    left: Sequence[Case],
    compared: dict[int, ComparedRow],
    number: int,
) -> Iterator[Cause]:
    """Of what nothing explains, the rows of which one event makes up the difference."""
    tried = [(case, single_event(ground, case)) for case in left[:_MOST_SINGLE]]
    found = [(case, single) for case, single in tried if single is not None]
    for difference in Difference:
        alike = [(case, single) for case, single in found if single.difference is difference]
        if alike:
            cases, notes = [case for case, _ in alike], [single.note for _, single in alike]
            rows = _given(compared, cases, number, notes)
            yield Cause(CauseKind.ONE_EVENT, "events", difference, False, stakes_of(rows), 0, 0)
            number += 1


def _unknown(log: Log, published: Published, tolerance: Tolerance) -> Iterator[ComparedRow]:
    """The rows of members whom we do not have, with what is known of them."""
    rows = [row for row in published.rows if row.member_id not in log.members]
    rejected = {reject.member_id for reject in log.member_rejects}
    reasons = (
        Reject(published.file, row.line, "", "", RejectReason.UNKNOWN_MEMBER, "", "", row.member_id)
        for row in rows
    )
    explained = UnknownMembers(log.members, log.member_rejects).explained(reasons)
    for row, reject in zip(rows, explained, strict=True):
        points = [value for value in row.figures.values() if isinstance(value, int)]
        has_some = row.figures.get(LEVEL) is not None or not all(
            tolerance.allows(value, 0) for value in points
        )
        yield ComparedRow(
            *(row.member_id, row.period, row.line, RowState.NOT_IN_MEMBERS, row.figures, {}),
            note=reject.detail,
            counts=has_some and row.member_id not in rejected,
        )


def _not_in_file(
    ground: Ground, published: Published, rejects: Sequence[Reject], tolerance: Tolerance
) -> Iterator[ComparedRow]:
    """The members of ours whom the file does not have; those who sign up later have nothing to show."""
    shown = {row.member_id for row in published.rows} | {reject.member_id for reject in rejects}
    names = sorted({name for row in published.rows for name in row.figures})
    events = ground.log.events
    for member in ground.log.members.values():
        if member.id in shown:
            continue
        begins = bisect_left(events, member.id, key=_member_id)
        own = events[begins : bisect_right(events, member.id, begins, key=_member_id)]
        figures = ground.evaluator.figures(member, own, ground.setting.as_of)
        if figures:
            ours: Figures = {name: figures.get(name) for name in names}
            has_some = any(
                value is not None
                if name == LEVEL
                else isinstance(value, int) and not tolerance.allows(0, value)
                for name, value in ours.items()
            )
            yield ComparedRow(member.id, "", 0, RowState.NOT_IN_FILE, {}, ours, counts=has_some)
