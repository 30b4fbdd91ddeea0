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
from pointbook.model.points import Assessed
from pointbook.model.program import activities_by_any_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.model.ledger import Assume, Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.points import Points
    from pointbook.model.program import Balance, Program, Version
    from pointbook.model.rules import Activity


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

    def rules_of(self, activity: str) -> Callable[[Version], Activity | None]:
        """What gives the rule of a version for events that name this activity; None where it has none."""
        known = (*self.program.versions, self.old, self.new)
        return lambda version: activities_by_any_id(version, known).get(activity)

    def ready(self, version: Version | None, assume: Assume) -> ReadyRules:
        """One side.

        Args:
            version: The rules; None for the timeline as it is.
            assume: What a missing assessed value is taken to be.
        """
        versions = self.program.versions
        # What is no version of the program has no place in its timeline: the last day there is never comes.
        if all(known is not self.old for known in versions):
            versions = (*versions, replace(self.old, effective_from=date.max))
        # It says which activities are the same thing, and either side then reads events of either id.
        if self.since is None and self.new.replaces and all(known is not self.new for known in versions):
            named = _fresh(self.new.id, versions)
            versions = (*versions, replace(self.new, id=named, effective_from=date.max))
        if version is None or version is self.old:
            return self._ready(versions, self.old.id if self.since is None else None, assume)
        if self.since is not None:
            return self._from_a_day(version, self.since, assume)
        name = version.id
        if all(known is not version for known in versions):
            name = _fresh(name, versions)
            versions = (*versions, replace(version, id=name, effective_from=date.max))
        return self._ready(versions, name, assume)

    def _ready(
        self,
        versions: tuple[Version, ...],
        name: str | None,
        assume: Assume,
        seen: Callable[[Sequence[Event]], Sequence[Event]] = lambda events: events,
    ) -> ReadyRules:
        interpreter = Interpreter(replace(self.program, versions=versions), name, assume)
        return ReadyRules(Evaluation(interpreter, {}, (), self.as_of), seen)

    def _from_a_day(self, version: Version, since: date, assume: Assume) -> ReadyRules:
        before = [known for known in self.program.versions if known.effective_from < since]
        after = [known for known in self.program.versions if known.effective_from > since]
        taking_effect = replace(version, id=_fresh(version.id, self.program.versions), effective_from=since)
        until = after[0].effective_from if after else date.max
        ranges = _moved_ranges(self.old, version)

        def seen(events: Sequence[Event]) -> Sequence[Event]:
            if not ranges:
                return events
            return [
                event._replace(points=_moved(event.points, *ranges[event.activity]))
                if event.activity in ranges and since <= event.local.date() < until
                else event
                for event in events
            ]

        return self._ready((*before, taking_effect, *after), None, assume, seen)


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


def _moved_ranges(old: Version, new: Version) -> dict[str, tuple[Points, Assessed]]:
    """By activity, how values were given under the old version that another range of the new one takes."""
    return {
        key: (old.activities[key].points, after.points)
        for key, after in new.activities.items()
        if isinstance(after.points, Assessed)
        and key in old.activities
        and old.activities[key].points != after.points
    }


def _moved(value: int | None, given_in: Points, after: Assessed) -> int | None:
    """An assessed value as another range has it; None where it has no place in its own.

    50 of 10 to 90 is halfway, so 30 of 10 to 50; what lies outside the one lies outside the other.
    Source: docs/meaning.md, "Valuation".

    >>> _moved(50, Assessed(10, 90), Assessed(10, 50)), _moved(95, Assessed(10, 90), Assessed(10, 50))
    (30, 9)
    """
    if value is None or not isinstance(given_in, Assessed) or not given_in.has_places:
        return None
    if not given_in.minimum <= value <= given_in.maximum:
        return after.minimum - 1
    return after.moved(value, given_in)


def _fresh(name: str, versions: Sequence[Version]) -> str:
    """The name, with asterisks until no version has it."""
    while any(version.id == name for version in versions):
        name += "*"
    return name
