"""The question what differs between two states of a program, whatever versions these are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.timeline import Status, version_differences
from pointbook.comparison.question import Question, UnanswerableError, too_late

if TYPE_CHECKING:
    from datetime import date

    from pointbook.changes.timeline import VersionDifference
    from pointbook.comparison.repeats import Repeats
    from pointbook.model.attributes import AttributeType
    from pointbook.model.program import Program, Version


def question_of_programs(old: Program, new: Program, as_of: date, repeats: Repeats | None = None) -> Question:
    """What differs between two states of a program, whatever versions these are.

    Where it is one version, with its day, that is the question of it from that day on; else all versions of
    both. In either case values count as assessed under the versions of `old`.

    Raises:
        UnanswerableError: Nothing differs; or something does that one reading of the log cannot answer; or
            the log ends before anything can differ.
    """
    if (message := _not_one_log(old, new)) is not None:
        raise UnanswerableError(message)
    same_program = all(
        (one.resets, one.start, one.floor) == (other.resets, other.start, other.floor)
        for one, other in zip(old.balances.values(), new.balances.values(), strict=True)
    )
    differing = [
        one
        for one in version_differences(old, new)
        if any(not change.kind.is_words for change in one.changes)
    ]
    if same_program and not differing:
        raise UnanswerableError("nothing differs between the two")
    every = [*old.versions, *new.versions]
    if same_program:
        every = [version for one in differing for version in (_own(one), one.new) if version is not None]
    since = min(version.effective_from for version in every)
    if since > as_of:
        raise UnanswerableError(too_late(since, as_of, repeats))
    if same_program and len(differing) == 1 and (single := _from_its_day(differing[0], old)) is not None:
        return Question(old, *single, since, as_of, repeats)
    before, after = (_in_force(program, as_of) for program in (old, new))
    return Question(old, before, after, since, as_of, repeats, new)


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


def _not_one_log(old: Program, new: Program) -> str | None:
    """Why a log read once, and counted in one set of balances, cannot answer for both programs."""
    instead = "`diff` says what that changes, and `evaluate` what each state comes to"
    if old.timezone != new.timezone:
        return f"the time zone is {old.timezone} in the one and {new.timezone} in the other; {instead}"
    if list(old.balances) != list(new.balances) or old.level_balance != new.level_balance:
        return f"the balances, or the one that decides levels, are not the same in both; {instead}"
    attributes = [
        {
            **{f"member.{key}": one.type for key, one in side.member_attributes.items()},
            **side.event_attributes,
        }
        for side in (old, new)
    ]
    for name in sorted(attributes[0].keys() & attributes[1].keys()):
        types = [side[name] for side in attributes]
        if types[0] is not types[1]:
            return f"the attribute `{name}` is {types[0]} in the one and {types[1]} in the other; {instead}"
    return None


def _types(program: Program) -> dict[str, AttributeType]:
    """The type of every attribute, by the name that conditions use."""
    of_members = {f"member.{key}": one.type for key, one in program.member_attributes.items()}
    return {**of_members, **program.event_attributes}
