"""The question that a comparison answers, as two ways to evaluate the same log.

Either each version is taken to have always been in force, or the timeline as it is stands against
the timeline in which the new version takes effect on a day. A version that is not in the program is
added to it; what the log's assessed values were given under never depends on that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.repeats import MOST, years_later
from pointbook.interpret.evaluation import Evaluation
from pointbook.interpret.interpreter import Interpreter
from pointbook.model.program import activities_by_any_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.comparison.repeats import Repeats
    from pointbook.interpret.evaluation import MemberResult
    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Assume, Entry
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Balance, Program, Version


class UnanswerableError(ValueError):
    """The log cannot answer what happens from the day asked about; the message says what to do instead."""


class ReadyRules(NamedTuple):
    """Rules made ready to evaluate members by.

    Attributes:
        evaluation: The rules, with the as-of date.
    """

    evaluation: Evaluation

    def result(self, member: Member, events: Sequence[Event]) -> MemberResult:
        """What the member's events, in order, come to."""
        return self.evaluation.member_result(member, events)

    def entries(self, member: Member, events: Sequence[Event]) -> list[Entry]:
        """What some of the member's events, in order and none after the as-of date, come to."""
        interpreter = self.evaluation.interpreter
        state, _ = interpreter.opened(member)
        return interpreter.folded(state, events)[1]


@dataclass(frozen=True, slots=True)
class Question:
    """What is compared.

    Attributes:
        program: The program; its versions say under which rules assessed values were given.
        old: The version that is compared with.
        new: The version in question.
        since: The day on which `new` takes effect in the timeline; None for always.
        as_of: The last day that counts.
        repeats: What of the log is there once more; None for the log as it is.
        after: The program of the new side, where whole programs are compared, all versions of each one after
            the other. Then `old` and `new` are what is in force on the as-of date, and `since` is the first
            day on which the two can differ, None where they cannot. None where two versions are compared.
            Both programs have the same balances, in the same order.
        written: Both programs as they are written, whose balances can differ; None where two versions are
            compared.
        notes: What was taken for granted to make the two comparable, in sentences.
    """

    program: Program
    old: Version
    new: Version
    since: date | None
    as_of: date
    repeats: Repeats | None = None
    after: Program | None = None
    written: tuple[Program, Program] | None = None
    notes: tuple[str, ...] = ()

    @property
    def versions(self) -> tuple[Version, ...]:
        """Those that are in force on either side by the as-of date."""
        if self.since is None and self.after is None:
            return (self.old, self.new)
        programs = (self.program,) if self.after is None else (self.program, self.after)
        known = [one for program in programs for one in program.versions if one.effective_from <= self.as_of]
        return (*known, self.new)

    @property
    def latest(self) -> Program:
        """The program as it is now: it says which balance figures are of where none is named."""
        return self.after or self.program

    @property
    def balance(self) -> Balance:
        """The balance that figures are of where none is named: the one that decides levels now."""
        return self.latest.balances[self.latest.level_balance]

    @property
    def replays(self) -> int:
        """How often the last twelve months come again."""
        return 0 if self.repeats is None else self.repeats.years

    @property
    def assumptions(self) -> tuple[str, ...]:
        """How the question is put, where its answer depends on that: sentences without a full stop."""
        found = [] if self.repeats is None else [self.repeats.sentence]
        if self.after is not None:
            found.append(
                "All versions of each side take effect one after the other; values count as assessed under"
                " the rules of the old side."
            )
        if self.alike:
            found.append("Nothing differs between the two that members could notice.")
        elif self.after is not None:
            found.append(
                "Nothing is split among the changes: a share is that of a change of one version, and here"
                " several versions differ, or the program itself."
            )
            found += [
                f"{self.after.balances[name].title or name} begins anew on other days, or with something"
                " else: points are compared as awarded, and not what members have left of them."
                for name in self.unseen
            ]
        elif self.old == self.new:
            found.append(f"OLD and NEW are the same version, {self.old.id}, so nothing can differ.")
        elif self.old.effective_from > self.new.effective_from:
            found.append(
                f"OLD ({self.old.id}, from {self.old.effective_from}) is newer than NEW ({self.new.id}, from"
                f" {self.new.effective_from}), so gains and losses are those of going back."
            )
        return (*found, *self.notes)

    @property
    def alike(self) -> bool:
        """Whether whole programs are compared between which nothing differs that members could notice."""
        return self.after is not None and self.since is None

    @property
    def unseen(self) -> tuple[str, ...]:
        """Balances that begin anew on other days, or with something else, so that awards do not tell all."""
        if self.after is None:
            return ()
        known = self.program.balances
        return tuple(
            name
            for name, one in self.after.balances.items()
            if (one.resets, one.start) != (known[name].resets, known[name].start)
        )

    @property
    def code(self) -> str:
        """The same in a word, for programs."""
        return "programs" if self.after is not None else "always" if self.since is None else "from"

    @property
    def words(self) -> str:
        """How the two are compared."""
        if self.after is not None:
            return "each with all its versions, one after the other"
        if self.since is not None:
            return (
                "the timeline as it is, against the one in which the new version takes effect on"
                f" {self.since}"
            )
        return "as if each had always been in force"

    @property
    def until(self) -> date:
        """The day from which another version follows the new one; the last day there is, if none does."""
        if self.after is not None:
            return date.max
        since = date.max if self.since is None else self.since
        later = (known.effective_from for known in self.program.versions if known.effective_from > since)
        return min(later, default=date.max)

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
        if self.after is not None:
            side = self.program if version is None else self.after
            return self._ready(side, side.versions, None, assume)
        program, versions = self.program, self.program.versions
        # What is no version of the program has no place in its timeline: the last day there is never comes.
        if all(known is not self.old for known in versions):
            versions = (*versions, replace(self.old, effective_from=date.max))
        # It says which activities are the same thing, and either side then reads events of either id.
        if self.since is None and self.new.replaces and all(known is not self.new for known in versions):
            named = _fresh(self.new.id, versions)
            versions = (*versions, replace(self.new, id=named, effective_from=date.max))
        if version is None or version is self.old:
            return self._ready(program, versions, self.old.id if self.since is None else None, assume)
        if self.since is not None:
            before = [known for known in program.versions if known.effective_from < self.since]
            after = [known for known in program.versions if known.effective_from > self.since]
            name = _fresh(version.id, program.versions)
            new = replace(version, id=name, effective_from=self.since)
            return self._ready(program, (*before, new, *after), None, assume)
        name = version.id
        if all(known is not version for known in versions):
            name = _fresh(name, versions)
            versions = (*versions, replace(version, id=name, effective_from=date.max))
        return self._ready(program, versions, name, assume)

    def _ready(
        self, program: Program, versions: tuple[Version, ...], name: str | None, assume: Assume
    ) -> ReadyRules:
        references = self.program.versions
        if self.repeats is not None:
            references = self.repeats.references(references)
        program = replace(program, versions=versions)
        return ReadyRules(Evaluation(Interpreter(program, name, assume, references), {}, (), self.as_of))


def question_of(  # noqa: PLR0913 - what it depends on
    program: Program,
    old: Version,
    new: Version,
    *,
    old_is_external: bool,
    since: date | None,
    as_of: date,
    repeats: Repeats | None = None,
) -> Question:
    """The question, with the program's timeline settled.

    An old version from outside stands in for the program's version of the same id. A new version
    that the program has already is taken out of the timeline in which it shall take effect.

    Raises:
        UnanswerableError: `since` is given, and `old` is not in force on that day, or the log ends before it.
    """
    versions = program.versions
    if old_is_external:
        versions = tuple(old if known.id == old.id else known for known in versions)
    if since is not None:
        versions = tuple(known for known in versions if known is not new or new is old)
        in_force = [known for known in versions if known.effective_from <= since]
        if not in_force or in_force[-1] is not old:
            if not in_force:
                raise UnanswerableError(f"on {since} no version is in force yet; give a later day")
            raise UnanswerableError(f"on {since} version {in_force[-1].id} is in force, so that must be OLD")
        if since > as_of:
            raise UnanswerableError(too_late(since, as_of, repeats))
    program = replace(program, versions=versions)
    return Question(program, old, new, since, as_of, repeats)


def too_late(since: date, as_of: date, repeats: Repeats | None) -> str:
    """What to do where nothing that is known lies on the day or after it."""
    ends = f"the log ends on {as_of}"
    last = as_of
    if repeats is not None:
        ends, last = f"with `--replay {repeats.years}` {ends}", repeats.last
    needed = next((years for years in range(1, MOST + 1) if years_later(last, years) >= since), None)
    if needed is None:
        reach = years_later(last, MOST)
        return f"{since} is too late: {ends}, and `--replay {MOST}` brings it to {reach}; give an earlier day"
    reach = years_later(last, needed)
    return (
        f"nothing is known of {since} or later: {ends}; `--replay {needed}` lets members go on as they did"
        f" and brings the log to {reach}"
    )


def _fresh(name: str, versions: Sequence[Version]) -> str:
    """The name, with asterisks until no version has it."""
    while any(version.id == name for version in versions):
        name += "*"
    return name
