"""The question that a comparison answers, as two ways to evaluate the same log.

Either each version is taken to have always been in force, or the timeline as it is stands against
the timeline in which the new version takes effect on a day. A version that is not in the program is
added to it; what the log's assessed values were given under never depends on that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pointbook.interpret.evaluation import Evaluation
from pointbook.interpret.interpreter import Interpreter
from pointbook.model.points import Assessed, half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.model.ledger import Assume, Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Balance, Program, Version


class NotInForceError(ValueError):
    """The old version is not the one in force on the day from which the new one shall be."""


class ReadyRules(NamedTuple):
    """Rules made ready to evaluate members by.

    Attributes:
        evaluation: The rules, with the as-of date.
        seen: The events as these rules see them.
    """

    evaluation: Evaluation
    seen: Callable[[Sequence[Event]], Sequence[Event]]

    def result(self, member: Member, events: Sequence[Event]) -> MemberResult:
        """What the member's events, in order, come to."""
        return self.evaluation.member_result(member, self.seen(events))

    def entries(self, member: Member, events: Sequence[Event]) -> list[Entry]:
        """What some of the member's events, in order and none after the as-of date, come to."""
        interpreter = self.evaluation.interpreter
        state, _ = interpreter.opened(member)
        return interpreter.folded(state, self.seen(events))[1]


@dataclass(frozen=True, slots=True)
class Question:
    """What is compared.

    Attributes:
        program: The program; its versions say under which rules assessed values were given.
        old: The version that is compared with.
        new: The version in question.
        since: The day on which `new` takes effect in the timeline; None for always.
        as_of: The last day that counts.
    """

    program: Program
    old: Version
    new: Version
    since: date | None
    as_of: date

    @property
    def balance(self) -> Balance:
        """The balance that decides levels."""
        return self.program.balances[self.program.level_balance]

    def ready(self, version: Version | None, assume: Assume) -> ReadyRules:
        """One side.

        Args:
            version: The rules; None for the timeline as it is.
            assume: What a missing assessed value is taken to be.
        """
        if version is None or version is self.old:
            fixed = self.old.id if self.since is None else None
            return self._fixed(self._with_old(), fixed, assume)
        if self.since is not None:
            return self._from_a_day(version, self.since, assume)
        program = self._with_old()
        if any(known is version for known in program.versions):
            return self._fixed(program, version.id, assume)
        # A proposal has no place in the timeline: the last day there is never comes.
        name = _fresh(version.id, program)
        proposal = replace(version, id=name, effective_from=date.max)
        return self._fixed(replace(program, versions=(*program.versions, proposal)), name, assume)

    def _with_old(self) -> Program:
        """The program in which the old version is found."""
        if any(version is self.old for version in self.program.versions):
            return self.program
        return replace(
            self.program, versions=(*self.program.versions, replace(self.old, effective_from=date.max))
        )

    def _fixed(self, program: Program, version: str | None, assume: Assume) -> ReadyRules:
        evaluation = Evaluation(Interpreter(program, version, assume), {}, (), self.as_of)
        return ReadyRules(evaluation, lambda events: events)

    def _from_a_day(self, version: Version, since: date, assume: Assume) -> ReadyRules:
        before = [known for known in self.program.versions if known.effective_from < since]
        after = [known for known in self.program.versions if known.effective_from > since]
        taking_effect = replace(version, id=_fresh(version.id, self.program), effective_from=since)
        interpreter = Interpreter(
            replace(self.program, versions=(*before, taking_effect, *after)), None, assume
        )
        until = after[0].effective_from if after else date.max
        moved = moved_ranges(self.old, version)

        def seen(events: Sequence[Event]) -> Sequence[Event]:
            if not moved:
                return events
            return [
                event._replace(points=moved[event.activity](event.points))
                if event.activity in moved and since <= event.local.date() < until
                else event
                for event in events
            ]

        return ReadyRules(Evaluation(interpreter, {}, (), self.as_of), seen)


def question_of(  # noqa: PLR0913 - what it depends on
    program: Program, old: Version, new: Version, *, old_is_external: bool, since: date | None, as_of: date
) -> Question:
    """The question, with the program's timeline settled.

    An old version from outside stands in for the program's version of the same id. A new version
    that the program has already is taken out of the timeline in which it shall take effect.

    Raises:
        NotInForceError: `since` is given and `old` is not in force on that day.
    """
    versions = program.versions
    if old_is_external:
        versions = tuple(old if known.id == old.id else known for known in versions)
    if since is not None:
        versions = tuple(known for known in versions if known is not new or new is old)
        in_force = [known for known in versions if known.effective_from <= since]
        if not in_force or in_force[-1] is not old:
            if not in_force:
                raise NotInForceError(f"on {since} no version is in force yet; give a later day")
            raise NotInForceError(f"on {since} version {in_force[-1].id} is in force, so that must be OLD")
    return Question(replace(program, versions=versions), old, new, since, as_of)


def moved_ranges(old: Version, new: Version) -> dict[str, Callable[[int | None], int | None]]:
    """By activity, what an assessed value given under the old version is worth under the new one.

    It keeps its relative place in the range: 50 of 10 to 90 is halfway, so 30 of 10 to 50.
    Source: docs/meaning.md, "Valuation".
    """
    moved: dict[str, Callable[[int | None], int | None]] = {}
    for key, activity in new.activities.items():
        before, after = old.activities.get(key), activity.points
        if before is None or not isinstance(after, Assessed):
            continue
        if not isinstance(before.points, Assessed) or before.points.minimum == before.points.maximum:
            if before.points != after:
                moved[key] = lambda _: None
        elif (before.points.minimum, before.points.maximum) != (after.minimum, after.maximum):
            moved[key] = _moved(before.points, after)
    return moved


def _moved(before: Assessed, after: Assessed) -> Callable[[int | None], int | None]:
    spread, range_ = after.maximum - after.minimum, before.maximum - before.minimum

    def moved(points: int | None) -> int | None:
        if points is None:
            return None
        if not before.minimum <= points <= before.maximum:
            return after.minimum - 1
        return after.minimum + half_up((points - before.minimum) * spread, range_)

    return moved


def _fresh(version_id: str, program: Program) -> str:
    name = version_id
    while program.version(name) is not None:
        name += "*"
    return name
