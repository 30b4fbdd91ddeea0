"""A finished semantic diff: two versions, or a program against another state of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.changes.change import change_of
from pointbook.changes.finders.balance_names import named_like
from pointbook.changes.finders.exports import export_changes
from pointbook.changes.finders.program import program_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT, ProgramPair, Subject
from pointbook.changes.timeline import version_differences
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.changes.change import Change
    from pointbook.changes.directions import Direction
    from pointbook.changes.timeline import VersionDifference
    from pointbook.model.program import Program


@dataclass(frozen=True, slots=True)
class Difference:
    """A finished semantic diff.

    Attributes:
        old_name: What is compared, as the user typed it.
        new_name: With what.
        versions: Differences, by version date.
        program: Changes of program.yaml.
        log: Changes of log.yaml.
        guardrails: Changes of guardrails.yaml.
        approvals: Changes of approvals.yaml.
        lock: Changes of versions.lock.
    """

    old_name: str
    new_name: str
    versions: tuple[VersionDifference, ...]
    program: tuple[Change, ...] = ()
    log: tuple[Change, ...] = ()
    guardrails: tuple[Change, ...] = ()
    approvals: tuple[Change, ...] = ()
    lock: tuple[Change, ...] = ()

    @property
    def changes(self) -> Iterator[Change]:
        """All of them, those that concern most first."""
        yield from self.program
        yield from self.log
        for version in self.versions:
            yield from version.changes
        yield from self.guardrails
        yield from self.approvals
        yield from self.lock

    @property
    def directions(self) -> frozenset[Direction]:
        """Every direction among the changes."""
        return frozenset(change.direction for change in self.changes)

    def with_limits(
        self, guardrails: Iterable[Change], approvals: Iterable[Change], lock: Iterable[Change]
    ) -> Difference:
        """The same, with what differs in guardrails.yaml, in approvals.yaml and in versions.lock."""
        return replace(self, guardrails=tuple(guardrails), approvals=tuple(approvals), lock=tuple(lock))


def program_difference(old: Program | None, new: Program, old_name: str, new_name: str) -> Difference:
    """What differs between two states of a program, in program.yaml, log.yaml and from version to version.

    Args:
        old: As it was; None where it is not known, so that nothing can be compared.
        new: As it is.
        old_name: What the one is called.
        new_name: What the other is called.
    """
    program = (_unknown(new, old_name),) if old is None else tuple(program_changes(old, new))
    before = None if old is None else named_like(old, new)
    log = () if old is None else tuple(export_changes(old, new))
    return Difference(old_name, new_name, tuple(version_differences(before, new)), program, log)


def _unknown(program: Program, old_name: str) -> Change:
    """The whole program, where it is not known what it was."""
    values = (ABSENT, program.id)
    pair = ProgramPair(program, program)
    subject = Subject(pair, Section.PROGRAM, "", "Program", "program", ("id",), ("id",), values)
    text = f"{old_name} has no program `{program.id}`, so nothing can be compared"
    return change_of(subject, Kind.PROGRAM_UNKNOWN, text)
