"""Runs a scenario and says where what comes out differs from what is expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import Finding
from pointbook.evaluating import evaluate
from pointbook.log import accepted_log
from pointbook.model.tables import HISTORY, history_row, names_of, standings_columns, standings_row
from pointbook.scenarios.comparing import CODE, compared
from pointbook.scenarios.entries import entry_differences
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.ledger import Assume, Entry, LevelChange, Standing
    from pointbook.model.program import Program
    from pointbook.scenarios.reading import Scenario

    Evaluator = Callable[[Program, Log, date, str | None, Assume], "EvaluatedScenario"]


@dataclass(frozen=True, slots=True)
class EvaluatedScenario:
    """What an evaluator makes of a log.

    Attributes:
        entries: The ledger's entries by event id, each event's in order.
        history: Changes of level in order, by member id.
        standings: By member id; none for members who sign up later.
        after_as_of: How many events lie after the as-of date.
    """

    entries: Mapping[str, tuple[Entry, ...]]
    history: Mapping[str, list[LevelChange]]
    standings: Mapping[str, Standing]
    after_as_of: int


def interpreted(
    program: Program, log: Log, as_of: date, version: str | None, assume: Assume
) -> EvaluatedScenario:
    """The log as the interpreter evaluates it."""
    results = list(evaluate(program, log, as_of=as_of, version=version, assume=assume))
    return EvaluatedScenario(
        entries=by_event(entry for result in results for entry in result.entries),
        history={result.member.id: result.history for result in results},
        standings={result.member.id: result.standing for result in results if result.standing is not None},
        after_as_of=sum(result.after_as_of for result in results),
    )


def by_event(entries: Iterable[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """Entries of a ledger, whose order is kept, by the ids of their events."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        found[entry.event_id] = (*found.get(entry.event_id, ()), entry)
    return found


def differences(scenario: Scenario, evaluator: Evaluator = interpreted) -> tuple[Finding, ...]:
    """Where the evaluator's result differs from what the scenario expects; empty when it passes.

    Where it is the newest version that makes the scenario fail, the first finding says so.

    Args:
        scenario: What to run.
        evaluator: What evaluates it.
    """
    found, _ = _run(scenario, evaluator)
    older = _before_the_newest(scenario)
    if not found or older is None:
        return tuple(found)
    found_before, before = _run(older, evaluator)
    (first, *others), _ = _run(scenario, evaluator, before)
    if not found_before:
        newest, last = scenario.program.versions[-1].id, older.program.versions[-1].id
        pin = f"if it is about earlier rules, add `rules: {{until: {last}}}`"
        first = replace(first, hint=f"{first.hint}; without version `{newest}` the scenario passes: {pin}")
    return (first, *others)


def passes(scenario: Scenario, evaluator: Evaluator = interpreted) -> bool:
    """Whether the evaluator's result is what the scenario expects."""
    return not _run(scenario, evaluator)[0]


def _before_the_newest(scenario: Scenario) -> Scenario | None:
    """The scenario under the rules without their newest version, where it is about all that there are."""
    if scenario.is_pinned or len(scenario.program.versions) == 1:
        return None
    return replace(scenario, program=replace(scenario.program, versions=scenario.program.versions[:-1]))


def _run(
    scenario: Scenario, evaluator: Evaluator, before: EvaluatedScenario | None = None
) -> tuple[list[Finding], EvaluatedScenario | None]:
    """Where the result differs, and the result; None where there is no day to evaluate.

    Args:
        scenario: What to run.
        evaluator: What evaluates it.
        before: What came of it before the newest version, which findings about events then tell.
    """
    log = accepted_log(scenario.program, scenario.members, scenario.events)
    last = _as_of(scenario, log)
    faults = {reject.raw: reject.detail for reject in log.member_rejects}
    found: list[Finding] = [
        Finding(node.span, CODE, f"a member cannot be used: {faults[row.raw]}", "correct it")
        for row, node in scenario.member_rows
        if row.raw in faults
    ]
    if last is None:
        return found, None

    def as_of(day: date) -> EvaluatedScenario:
        return evaluator(scenario.program, log, day, scenario.version, scenario.assume)

    whole = as_of(last)
    found += _event_differences(scenario, log, whole, before)
    found += _standing_differences(scenario, {last: whole}, as_of)
    found += _history_differences(scenario, whole)
    found += _summary_differences(scenario, log, whole)
    return found, whole


def _as_of(scenario: Scenario, log: Log) -> date | None:
    if scenario.as_of is not None:
        return scenario.as_of
    days = [date_from(node.content["as_of"].content) for node in scenario.document.listed("standings")]
    default = log.facts.default_as_of
    return max(days if default is None else [*days, default], default=None)


def _event_differences(
    scenario: Scenario, log: Log, whole: EvaluatedScenario, before: EvaluatedScenario | None
) -> Iterator[Finding]:
    rejects = {reject.raw: reject for reject in log.rejects}
    earlier = {} if before is None else before.entries
    for row, node in zip(scenario.events, scenario.document.listed("events"), strict=True):
        expected = node.get("expect")
        reject = rejects.get(row.raw)
        event_id = (row.cells or {}).get("event_id", "")  # empty where the scenario shows what comes of that
        if expected is None:
            if reject is not None:
                message = f"event {event_id} is rejected as {reject.reason}: {reject.detail}"
                hint = f"correct it, or write `expect: {{rejected: {reject.reason}}}`"
                yield Finding(node.span, CODE, message, hint)
            continue
        entries = whole.entries.get(event_id, ())
        if reject is not None:
            actual: dict[str, Any] = {"rejected": str(reject.reason)}
            became = f"rejected as {reject.reason}: {reject.detail}"
        elif not entries:
            actual = {"after_as_of": True}
            became = "it lies after the as-of date"
        else:
            yield from entry_differences(expected, entries, earlier, scenario.program)
            continue
        if "entries" in expected.content:
            message = f"event {event_id} has no entries"
            yield Finding(expected.key_span(("entries",)), CODE, message, became)
            expected = expected.without(frozenset({("entries",)}))
        yield from compared(expected, actual, f"event {event_id}", became)


def _standing_differences(
    scenario: Scenario, known: dict[date, EvaluatedScenario], as_of: Callable[[date], EvaluatedScenario]
) -> Iterator[Finding]:
    for node in scenario.document.listed("standings"):
        day = date_from(node.content["as_of"].content)
        if day not in known:
            known[day] = as_of(day)
        who = node.get("member_id")
        member_id = str(who.content) if who is not None else scenario.only_member or ""
        standing = known[day].standings.get(member_id)
        actual: dict[str, Any]
        if standing is None:
            actual = {"absent": True, "as_of": day.isoformat(), "member_id": member_id}
            became = "the member has no standing on that day"
        else:
            names = names_of(standings_columns(scenario.program))
            actual = dict(zip(names, standings_row(standing), strict=True))
            actual["benefits"] = sorted(standing.benefits)
            held = standing.level or "no level"
            became = f"{member_id} has {standing.points:,} points and holds {held}"
        yield from compared(node, actual, f"{member_id} on {day}", became)


def _history_differences(scenario: Scenario, whole: EvaluatedScenario) -> Iterator[Finding]:
    for member_id, changes in scenario.document.entries("history").items():
        actual = [
            dict(zip(names_of(HISTORY)[1:], history_row(change)[1:], strict=True))
            for change in whole.history.get(member_id, [])
        ]
        happened = "; ".join(_change_text(change) for change in actual) or "the level never changes"
        for index, node in enumerate(changes.content):
            if index >= len(actual):
                message = f"{member_id}: change {index + 1} does not happen"
                yield Finding(node.span, CODE, message, happened)
            else:
                yield from compared(node, actual[index], f"{member_id}: change {index + 1}", happened)
        for change in actual[len(changes.content) :]:
            message = f"{member_id}: a change that is not expected: {_change_text(change)}"
            yield Finding(scenario.document.key_span(("history", member_id)), CODE, message, happened)


def _change_text(change: dict[str, Any]) -> str:
    before, after = change["from_level"] or "none", change["to_level"] or "none"
    return f"{change['date']} {before} → {after} ({change['cause']})"


def _summary_differences(scenario: Scenario, log: Log, whole: EvaluatedScenario) -> Iterator[Finding]:
    summary = scenario.document.get("summary")
    if summary is None:
        return
    entries = [entry for found in whole.entries.values() for entry in found]
    counts: dict[str, Any] = {
        "events_read": log.events_read,
        "ledger": len(entries),
        "events_in_ledger": len(whole.entries),
        "rejects": len(log.rejects),
        "after_as_of": whole.after_as_of,
        "assumed": sum(entry.assumed for entry in entries),
        "points_ignored": sum(entry.ignored for entry in entries),
    }
    for key in summary.content:
        counts.setdefault(key, sum(entry.outcome == key for entry in entries))
    yield from compared(summary, counts, "the summary", "count the events' outcomes")
