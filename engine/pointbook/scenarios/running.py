"""Runs a scenario and says where what comes out differs from what is expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import Finding, closest
from pointbook.evaluating import evaluate
from pointbook.log import accepted_log
from pointbook.model.attributes import NO_LEVEL
from pointbook.model.ledger import Outcome
from pointbook.model.tables import (
    HISTORY,
    LEDGER,
    history_row,
    ledger_row,
    names_of,
    standings_columns,
    standings_row,
)
from pointbook.source.document import Node
from pointbook.structure.date_text import date_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.ledger import Assume, Entry, LevelChange, Standing
    from pointbook.model.program import Program
    from pointbook.scenarios.reading import Scenario

    Evaluator = Callable[[Program, Log, date, str | None, Assume], "EvaluatedScenario"]

CODE = "expectation-failed"


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
            yield from _entry_differences(expected, entries, before, scenario.program)
            continue
        yield from _compared(expected, actual, f"event {event_id}", became)


def _entry_differences(
    expected: Node, entries: tuple[Entry, ...], before: EvaluatedScenario | None, program: Program
) -> Iterator[Finding]:
    """Where the entries of one event are others; what stands outside `entries` must be so of all of them."""
    subject, (first, *_) = f"event {entries[0].event_id}", entries
    rows = {entry.balance: dict(zip(names_of(LEDGER), ledger_row(entry), strict=True)) for entry in entries}
    became = f"its outcome is {first.outcome}{_valued_by(first, before, program)}"
    if len(entries) > 1:
        became = "it has " + ", ".join(f"{one.awarded:,} {one.balance} ({one.outcome})" for one in entries)
    for balance, node in expected.entries("entries").items():
        if balance in rows and node.is_mapping:
            yield from _compared(node, rows[balance], f"{subject}, {balance}", became)
        elif (balance in rows) is node.is_mapping:
            is_there = "is" if node.is_mapping else "is not"
            message = f"{subject}: there {'is no' if node.is_mapping else 'is an'} entry in `{balance}`"
            yield Finding(expected.key_span(("entries", balance)), CODE, message, f"{is_there}: {became}")
    whole = Node({key: value for key, value in expected.content.items() if key != "entries"}, expected.span)
    for key in whole.content:
        if len({row.get(key) for row in rows.values()}) > 1:
            message = f"{subject}: `{key}` is not the same for all its entries"
            hint = f"write `entries: {{{first.balance}: {{{key}: ...}}}}`; {became}"
            yield Finding(whole.content[key].span, CODE, message, hint)
            whole = whole.without(frozenset({(key,)}))
    yield from _compared(whole, rows[first.balance], subject, became)


def _valued_by(entry: Entry, before: EvaluatedScenario | None, program: Program) -> str:
    """Which version valued an event, and which one did before the newest came, in words."""
    if entry.version is None:
        return ""
    (earlier, *_) = (None,) if before is None else before.entries.get(entry.event_id, (None,))
    if earlier is None or earlier.version in {None, entry.version}:
        return f", by version `{entry.version}`{_meant(entry, program)}"
    return (
        f", by version `{entry.version}`; before that came it was {earlier.outcome}, by `{earlier.version}`"
    )


def _meant(entry: Entry, program: Program) -> str:
    """Which activity an event that has none was probably meant to be of, in words."""
    version = None if entry.version is None else program.version(entry.version)
    if version is None or entry.outcome is not Outcome.NO_SUCH_ACTIVITY:
        return ""
    match = closest(entry.activity, program.activities_by_any_id(version))
    return "" if match is None else f"; the closest to `{entry.activity}` is `{match}`"


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
        yield from _compared(node, actual, f"{member_id} on {day}", became)


def _compared(node: Node, actual: dict[str, Any], subject: str, became: str) -> Iterator[Finding]:
    for key, value in node.content.items():
        wanted = value.plain()
        if wanted == NO_LEVEL and key in _LEVELS:
            wanted = None
        if key == "benefits":
            wanted = sorted(wanted)
        found = actual.get(key, _ABSENT)
        if found != wanted or isinstance(found, bool) is not isinstance(wanted, bool):
            message, hint = f"{subject}: `{key}` is {_shown(found)}, not {_shown(wanted)}", became
            if found is None and str(wanted).casefold() in _WORDS_FOR_NONE:
                message, hint = (
                    f'{subject}: "{wanted}" is taken for a word here',
                    f"write `{key}: null` for none",
                )
            yield Finding(value.span, CODE, message, hint)


_LEVELS = frozenset(("level", "earned_level", "next_level", "from_level", "to_level"))
_ABSENT = object()
_WORDS_FOR_NONE = frozenset(("none", "no", "nothing", "nil", "null", "n/a", "na", "-", ""))


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "not there"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return f"{value}"


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
                yield from _compared(node, actual[index], f"{member_id}: change {index + 1}", happened)
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
    yield from _compared(summary, counts, "the summary", "count the events' outcomes")
