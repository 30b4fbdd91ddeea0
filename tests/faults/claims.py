"""What checks say never happens: tried by lifting the rule, and looking whether anything changes.

An error must be certain in time and under each version as a fixed one; a warning that names a version, of
members without events before it.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from long_rules import long_events, long_members, long_ruleset
from random_rules import events, members, node_of, ruleset

from pointbook.checks import CheckSubject, Documents
from pointbook.checks.activity_never_awards import activity_never_awards
from pointbook.checks.cap_below_award import cap_below_award
from pointbook.checks.cap_never_binds import cap_never_binds
from pointbook.checks.condition_never_holds import condition_never_holds
from pointbook.checks.patch_changes_nothing import patch_changes_nothing
from pointbook.checks.requirement_out_of_reach import requirement_out_of_reach
from pointbook.checks.spend_never_covered import spend_never_covered
from pointbook.checks.unreachable_level import unreachable_level
from pointbook.checks.unused_group import unused_group
from pointbook.interpret import Evaluation, Interpreter
from pointbook.interpret.conditions import holds
from pointbook.log import RawRow, accepted_log
from pointbook.lower.programs import program_from
from pointbook.lower.resolution import resolved_versions
from pointbook.lower.versions import version_from
from pointbook.model.conditions import All, Comparison
from pointbook.model.ledger import Outcome
from pointbook.reasoning.conditions import every_condition_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from pointbook.checks.reasoning.subject import Check
    from pointbook.diagnostics import Finding
    from pointbook.log import Log
    from pointbook.model.ledger import Entry
    from pointbook.model.levels import Minimums
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Cap, Path

FAR_AWAY = 10**9
AS_OF = date(2016, 1, 1)
LOGS = 4
"""For each ruleset: of most logs, most rules see nothing."""
FROM_BEFORE = re.compile(r"^only members|what version `[^`]+` let through")
UNTIL = re.compile(r"until version `([^`]+)`")


class Kind(NamedTuple):
    """Whence rulesets and their logs come."""

    ruleset: Callable[[random.Random], tuple[Any, tuple[Any, ...]]]
    members: Callable[[random.Random], list[dict[str, str]]]
    events: Callable[[random.Random, int], list[dict[str, str]]]


SHORT, LONG = Kind(ruleset, members, events), Kind(long_ruleset, long_members, long_events)


class Trial(NamedTuple):
    """A program, possibly with errors, and a log.

    Attributes:
        seed: From which both were made.
        subject: As checks see it.
        log: Good rows only.
    """

    seed: int
    subject: CheckSubject
    log: Log

    @property
    def program(self) -> Program:
        return self.subject.program


def trials_of(seed: int, kind: Kind = SHORT) -> Iterator[Trial]:
    """One ruleset, with several logs."""
    dice = random.Random(seed)
    program, versions = kind.ruleset(dice)
    documents = resolved_versions(
        [(f"{version['id']}.yaml", node_of(f"{version['id']}.yaml", version)) for version in versions]
    )
    node = node_of("program.yaml", program)
    bare = program_from(node)
    typed = [
        version_from(document, "score", bare.member_attributes, balances=bare.balances)
        for document in documents
    ]
    made = program_from(node, typed)
    subject = CheckSubject(Documents(documents), made)
    for _ in range(LOGS):
        yield Trial(seed, subject, _log(dice, made, kind))


def _log(dice: random.Random, program: Program, kind: Kind) -> Log:
    people = kind.members(dice)
    rows = [RawRow("m", line, str(line), row) for line, row in enumerate(people)]
    happened = [RawRow("e", line, str(line), row) for line, row in enumerate(kind.events(dice, len(people)))]
    return accepted_log(program, rows, happened)


def entries_of(
    program: Program, log: Log, fixed: str | None = None, since: date = date.min
) -> list[tuple[Any, ...]]:
    """What decides an outcome, of every entry and every change of a level; ids of versions are none.

    Args:
        program: The rules.
        log: The log.
        fixed: A version that is taken to have always been in force.
        since: Only members who sign up on that day or later count.
    """
    people = {name: member for name, member in log.members.items() if member.signed_up_on >= since}
    happened = [event for event in log.events if event.member_id in people]
    found: list[tuple[Any, ...]] = []
    for result in Evaluation(Interpreter(program, fixed), people, happened, AS_OF):
        found += [
            (entry.event_id, entry.requested, entry.awarded, entry.outcome, entry.total, entry.level)
            for entry in result.entries
        ]
        found += [
            (change.member_id, change.date, change.from_level, change.to_level) for change in result.history
        ]
    return found


def all_entries(trial: Trial, fixed: str | None = None) -> Iterator[Entry]:
    for result in Evaluation(Interpreter(trial.program, fixed), trial.log.members, trial.log.events, AS_OF):
        yield from result.entries


def version_of(trial: Trial, check: Check, finding: Finding) -> Version:
    """The version that the finding is about: the one that it names, else the first that has it alone."""
    named = re.search(r" in version `([^`]+)`| from before version `([^`]+)`", finding.message)
    for version in trial.program.versions:
        alone = replace(trial.subject, program=replace(trial.program, versions=(version,)))
        if named and version.id in named.groups():
            return version
        if not named and finding.span in {found.span for found in check(alone)}:
            return version
    file = finding.span.file
    return next(version for version in trial.program.versions if version.span("id").file == file)


def path_at(version: Version, finding: Finding) -> Path:
    return max((path for path, span in version.positions.items() if span == finding.span), key=len)


def with_version(program: Program, changed: Version | None, old: Version) -> Program:
    versions = tuple(changed if version is old else version for version in program.versions)
    return replace(program, versions=tuple(version for version in versions if version is not None))


def without_cap(version: Version, path: Path) -> Version:
    section, owner, *_ = path
    place = path[path.index("caps") + 1]

    def kept(caps: tuple[Cap, ...]) -> tuple[Cap, ...]:
        return tuple(cap for index, cap in enumerate(caps) if index != place)

    rules: dict[str, Any] = dict(version.activities if section == "activities" else version.groups)
    rule = rules[owner]
    if path[2] == "earns":
        rules[owner] = rule.with_entries(
            lambda one: replace(one, caps=kept(one.caps)) if one.balance == path[3] else one
        )
    else:
        rules[owner] = replace(rule, caps=kept(rule.caps))
    return replace(version, **{str(section): rules})


def with_levels_out_of_reach(version: Version, path: Path) -> Version:
    """The level and all above it, so that their order stays."""
    lowest = version.levels[str(path[1])].threshold
    levels = {
        level.id: replace(level, threshold=level.threshold + FAR_AWAY, requires=_far(level.requires))
        if level.threshold >= lowest
        else level
        for level in version.levels.values()
    }
    return replace(version, levels=levels)


def with_requirement_out_of_reach(version: Version, path: Path) -> Version:
    """The level, by what reaches or keeps it."""
    _, name, key, *_ = path
    level = version.levels[str(name)]
    changed = replace(level, **{str(key): _far(getattr(level, str(key)))})
    return replace(version, levels={**version.levels, level.id: changed})


def _far(alternatives: tuple[Minimums, ...]) -> tuple[Minimums, ...]:
    return tuple(tuple((name, least + FAR_AWAY) for name, least in one) for one in alternatives)


def without_group(version: Version, path: Path) -> Version:
    return replace(version, groups={name: group for name, group in version.groups.items() if name != path[1]})


def changes_when_lifted(
    trial: Trial, check: Check, finding: Finding, lift: Callable[[Version, Path], Version]
) -> bool:
    """Whether the log comes to something else without the rule, in any way that the finding rules out."""
    version = version_of(trial, check, finding)
    lifted = with_version(trial.program, lift(version, path_at(version, finding)), version)
    if entries_of(trial.program, trial.log, version.id) != entries_of(lifted, trial.log, version.id):
        return True
    since, last = date.min, None
    if finding.severity == "warning" and FROM_BEFORE.search(finding.message):
        # Nobody brings anything; what comes later can have counted on the rule.
        index = trial.program.versions.index(version)
        since, last = version.effective_from, next(iter(trial.program.versions[index + 1 :]), None)
    elif finding.severity == "warning" and (until := UNTIL.search(finding.message)):
        last = trial.program.version(until.group(1))
    before, after = (
        entries_of(_ending(program, last), trial.log, since=since) for program in (trial.program, lifted)
    )
    return before != after


def _ending(program: Program, last: Version | None) -> Program:
    """The program as if its versions from that one on were not there yet."""
    if last is None:
        return program
    kept = tuple(version for version in program.versions if version.effective_from < last.effective_from)
    return replace(program, versions=kept)


def entries_at(trial: Trial, version: Version, finding: Finding) -> Iterator[Entry]:
    """What events came to of the activity, or of the entry, that a finding is about, in any way."""
    _, name, *steps = path_at(version, finding)
    short = next((one.balance for one in version.activities[str(name)].entries if not one.path), None)
    balance = steps[1] if steps[0] in {"earns", "spends"} else short
    for fixed in (None, version.id):
        for entry in all_entries(trial, fixed):
            if (entry.activity, entry.version) == (name, version.id) and balance == entry.balance:
                yield entry


def is_broken(trial: Trial, check: Check, finding: Finding) -> bool:  # noqa: C901, PLR0911 - one return per check
    """Whether the log disproves what the finding says."""
    match finding.code:
        case "cap-never-binds":
            return changes_when_lifted(trial, check, finding, without_cap)
        case "requirement-out-of-reach" if finding.severity == "warning" and "asks for" in finding.message:
            return False  # that a balance starts anew says nothing of what never happens
        case "requirement-out-of-reach":
            return changes_when_lifted(trial, check, finding, with_requirement_out_of_reach)
        case "unreachable-level":
            return changes_when_lifted(trial, check, finding, with_levels_out_of_reach)
        case "unused-group":
            return changes_when_lifted(trial, check, finding, without_group)
        case "activity-never-awards":
            version = version_of(trial, check, finding)
            return any(entry.requested or entry.awarded for entry in entries_at(trial, version, finding))
        case "spend-never-covered":
            version = version_of(trial, check, finding)
            return any(entry.awarded for entry in entries_at(trial, version, finding))
        case "cap-below-award":
            version = version_of(trial, check, finding)
            path = path_at(version, finding)
            scope = "entry" if path[2] == "earns" else "activity" if path[0] == "activities" else "group"
            place = path[path.index("caps") + 1]
            return any(
                cut.passed >= entry.requested
                for fixed in (None, version.id)
                for entry in all_entries(trial, fixed)
                if entry.version == version.id and entry.outcome is not Outcome.CAPPED
                for cut in entry.cuts
                if (cut.scope, cut.id, cut.position) == (scope, path[1], place)
                and (scope != "entry" or entry.balance == path[3])
            )
        case "condition-never-holds":
            version = version_of(trial, check, finding)
            place, kind = (
                path_at(version, finding),
                All if "absent" not in finding.message and "at once" in finding.message else Comparison,
            )
            condition = [
                condition
                for path, condition in every_condition_of(version)
                if path == place[: len(path)] and isinstance(condition, kind)
            ][-1]
            return any(
                holds(condition, event, trial.log.members[event.member_id]) for event in trial.log.events
            )
        case "patch-changes-nothing":
            if finding.severity == "warning":
                return False
            version = version_of(trial, check, finding)
            without = with_version(trial.program, None, version)
            return entries_of(trial.program, trial.log) != entries_of(without, trial.log)
    raise AssertionError(finding.code)


CHECKS = (
    cap_never_binds,
    unreachable_level,
    unused_group,
    activity_never_awards,
    cap_below_award,
    condition_never_holds,
    patch_changes_nothing,
    requirement_out_of_reach,
    spend_never_covered,
)


def tried(seed: int, count: Counter[str], kind: Kind = SHORT) -> Iterator[tuple[str, str]]:
    """What the trial of this seed disproves: code and severity, and a sentence; counts what was tried."""
    trials = list(trials_of(seed, kind))
    for check in CHECKS:
        for finding in check(trials[0].subject):
            what = f"{finding.code} ({finding.severity})"
            count[what] += 1
            if any(is_broken(trial, check, finding) for trial in trials):
                yield what, f"seed {seed}: {finding.span}: {finding.message}"
