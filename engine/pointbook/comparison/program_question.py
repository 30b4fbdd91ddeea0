"""The question what differs between two states of a program, whatever versions these are.

Each side is evaluated by its own program: its time zone, balances, resets, and types of attributes. So that
members can be compared balance by balance, both are given the same balances first: one that was renamed has
its new id, and one that a side does not have is fed by nothing there.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.changes.finders.balance_names import balance_names, with_balances_named
from pointbook.changes.timeline import Status, version_differences
from pointbook.comparison.question import Question, UnanswerableError, too_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pointbook.changes.timeline import VersionDifference
    from pointbook.comparison.repeats import Repeats
    from pointbook.model.attributes import AttributeType
    from pointbook.model.exports import Exports
    from pointbook.model.program import Balance, Program, Version


def question_of_programs(old: Program, new: Program, as_of: date, repeats: Repeats | None = None) -> Question:
    """What differs between two states of a program, whatever versions these are.

    Where it is one version, with its day, that is the question of it from that day on; else all versions of
    both. In either case values count as assessed under the versions of `old`. Where nothing differs that
    members could notice, both are compared as they are: a gate asks that of every pull request.

    Raises:
        UnanswerableError: The log ends before anything can differ.
    """
    written = old, new
    old, new = in_same_balances(old, new)
    same_program = old.level_balance == new.level_balance and not read_apart(old, new)
    same_program &= all(
        (one.resets, one.start, one.floor) == (other.resets, other.start, other.floor)
        for one, other in _pairs(old, new)
    )
    differing = [
        one
        for one in version_differences(old, new)
        if any(not change.kind.is_words for change in one.changes)
    ]
    notes = tuple(_notes(written, (old, new)))
    if same_program and not differing:
        before, after = (_in_force(program, as_of) for program in (old, new))
        return Question(old, before, after, None, as_of, repeats, new, written, notes)
    every = [*old.versions, *new.versions]
    if same_program:
        every = [version for one in differing for version in (_own(one), one.new) if version is not None]
    since = min(version.effective_from for version in every)
    if since > as_of:
        raise UnanswerableError(too_late(since, as_of, repeats))
    if same_program and len(differing) == 1 and (single := _from_its_day(differing[0], old)) is not None:
        return Question(old, *single, since, as_of, repeats, notes=notes)
    before, after = (_in_force(program, as_of) for program in (old, new))
    return Question(old, before, after, since, as_of, repeats, new, written, notes)


def in_same_balances(old: Program, new: Program) -> tuple[Program, Program]:
    """Both programs with the same balances, in the same order, each with its own rules for them.

    A renamed balance has its new id on both sides. One that a side does not have is as on the other, and
    nothing feeds it. Titles are the new ones.
    """
    old = with_balances_named(old, balance_names(old, new))
    ids = dict.fromkeys((*new.balances, *old.balances))
    own = {key: old.balances.get(key, new.balances.get(key)) for key in ids}
    before: dict[str, Balance] = {
        key: balance if key not in new.balances else replace(balance, title=new.balances[key].title)
        for key, balance in own.items()
        if balance is not None
    }
    after = {key: new.balances.get(key, before[key]) for key in ids}
    return (
        replace(old, balances=MappingProxyType(before)),
        replace(new, balances=MappingProxyType(after)),
    )


def read_apart(old: Program, new: Program) -> bool:
    """Whether each side must read the log for itself: a time, or a value, is another thing on the other."""
    return old.timezone != new.timezone or any(True for _ in _other_types(old, new))


def reading(own: Program, other: Program, exports: Exports) -> Program:
    """A program to read the log by for one side: with attributes that only the other one knows, too.

    Args:
        own: The program of that side.
        other: The program of the other side.
        exports: How the log at hand is exported, whatever either side says.
    """
    return replace(
        own,
        exports=exports.without_references(),
        member_attributes=MappingProxyType({**other.member_attributes, **own.member_attributes}),
        # Of an attribute that several versions declare the last one says its type.
        versions=(*other.versions, *own.versions),
    )


def _pairs(old: Program, new: Program) -> Iterator[tuple[Balance, Balance]]:
    return zip(old.balances.values(), new.balances.values(), strict=True)


def _notes(written: tuple[Program, Program], same: tuple[Program, Program]) -> Iterator[str]:
    """What is taken for granted so that the two can be compared, in sentences."""
    old, new = same
    names = balance_names(*written)
    yield from _notes_of_reading(old, new)
    if old.level_balance != new.level_balance:
        one, other = (_title(new, side.level_balance) for side in same)
        yield (
            f"Levels are decided by {one} on the old side and by {other} on the new one: totals of level"
            f" periods are each side's own, and points without the name of a balance are {other} on both."
        )
    for name, one, other in _other_types(old, new):
        yield (
            f"`{name}` is {one.value} on the old side and {other.value} on the new one; each side reads the"
            " log for itself."
        )
    for one, other in names.items():
        yield f"The balance {one} is called {other} now, and is compared as one."
    for side, known in (
        ("old", {names.get(key, key) for key in written[0].balances}),
        ("new", set(written[1].balances)),
    ):
        for key in new.balances:
            if key not in known:
                yield f"{_title(new, key)} is no balance on the {side} side: nobody has points in it there."
    for key, balance in old.balances.items():
        if (balance.resets, balance.start) != (new.balances[key].resets, new.balances[key].start):
            yield (
                f"{_title(new, key)} begins anew on other days, or with something else: points are compared"
                " as awarded, and not what members have left of them."
            )


def _notes_of_reading(old: Program, new: Program) -> Iterator[str]:
    """How the log is read on both sides."""
    if old.exports != new.exports:
        yield "log.yaml differs; both sides read the log by the new one."
    if old.timezone != new.timezone:
        yield (
            f"Days are those of {old.timezone} on the old side and of {new.timezone} on the new one; the"
            " as-of date is the same local date in each."
        )


def _title(program: Program, balance: str) -> str:
    return program.balances[balance].title or balance


def _other_types(old: Program, new: Program) -> Iterator[tuple[str, AttributeType, AttributeType]]:
    """Attributes that are of another type, by name, with both types."""
    before, after = _types(old), _types(new)
    for name in sorted(before.keys() & after.keys()):
        if before[name] is not after[name]:
            yield name, before[name], after[name]


def _types(program: Program) -> Mapping[str, AttributeType]:
    """The type of every attribute, by the name that conditions use."""
    of_members = {f"member.{key}": one.type for key, one in program.member_attributes.items()}
    return {**of_members, **program.event_attributes}


def _own(difference: VersionDifference) -> Version | None:
    """What became another version, or vanished; None for one that appeared."""
    return None if difference.status is Status.APPEARED else difference.old


def _from_its_day(difference: VersionDifference, program: Program) -> tuple[Version, Version] | None:
    """What is in force in the old program on the day of the one version that differs, and that version.

    None where that is not all: it vanished, moved, or there is nothing in force before it.
    """
    new = difference.new
    if difference.status is Status.VANISHED or new is None:
        return None
    own = _own(difference)
    in_force = [one for one in program.versions if one.effective_from <= new.effective_from][-1:]
    on_the_day = bool(in_force) and in_force[0].effective_from == new.effective_from
    if in_force and (in_force[0] is own if on_the_day else own is None):
        return in_force[0], new
    return None


def _in_force(program: Program, day: date) -> Version:
    """The version in force on a day; before the first, the first."""
    return [program.versions[0], *(one for one in program.versions if one.effective_from <= day)][-1]
