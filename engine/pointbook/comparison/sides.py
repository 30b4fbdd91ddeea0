"""Stage 1: both sides of a comparison, with all that their rules say before any member is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.reach import activities_of, moves_anniversaries
from pointbook.comparison.coupling import coupled_activities
from pointbook.comparison.levels.order import level_move, level_ranks, renamed_levels
from pointbook.comparison.outcome import Scale
from pointbook.model.eligibility import looks_at_level
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.changes.change import Change
    from pointbook.comparison.coupling import CoupledActivities
    from pointbook.comparison.question import Question, ReadyRules
    from pointbook.model.program import Balance, Version


class ComparedSide(NamedTuple):
    """One side of a comparison.

    Attributes:
        rules: Ready, under the assumption that is made of missing assessed values.
        assuming: The same with each of them at its lowest, and at its highest.
        versions: All that can be in force, the one of the as-of date last.
        scale: By what its levels are measured.
    """

    rules: ReadyRules
    assuming: tuple[ReadyRules, ReadyRules]
    versions: tuple[Version, ...]
    scale: Scale

    @property
    def balance(self) -> Balance:
        """The balance that decides its levels."""
        program = self.rules.evaluation.interpreter.program
        return program.balances[program.level_balance]


class Sides(NamedTuple):
    """Both sides of a comparison.

    Attributes:
        question: What is compared.
        changes: From the old version to the new one.
        assume: What a missing assessed value is taken to be.
        ranks: Rank of every level of either side.
        titles: Title of each of them.
        coupled: Which activities' events have a say in what those of others come to.
        touched: Activities whose events can come to something else by a change.
        anniversaries_move: Whether they do so for members who signed up on 29 February.
    """

    question: Question
    changes: tuple[Change, ...]
    assume: Assume
    old: ComparedSide
    new: ComparedSide
    ranks: Mapping[str | None, int]
    titles: Mapping[str, str]
    coupled: CoupledActivities
    touched: frozenset[str]
    anniversaries_move: bool

    @property
    def balance(self) -> str:
        """The balance that figures are of where none is named."""
        return self.question.balance.id

    def level_move(self, old: str | None, new: str | None) -> int:
        """1 if the level held under the new rules is above that under the old, -1 if below, 0 if neither."""
        return level_move(old, self.old.scale.ladder, new, self.new.scale.ladder)

    @property
    def renamed(self) -> dict[str, str]:
        """Levels under the old rules that have another id under the new, at the same threshold."""
        return renamed_levels(self.old.scale.ladder, self.new.scale.ladder)

    @property
    def whole(self) -> bool:
        """Whether every event of every member is evaluated on both sides, without any shortcut.

        So it is too where levels need more than the sums of one balance, are kept with less than what
        reaches them, or decide about amounts.
        """
        return self.question.after is not None or any(map(depends_on_more, self.versions))

    @property
    def versions(self) -> tuple[Version, ...]:
        """All that can be in force on either side."""
        return (*self.old.versions, *self.new.versions)


def depends_on_more(version: Version) -> bool:
    """Whether levels depend on more than the thresholds of one balance, or amounts on levels."""
    asks = any(level.requires or level.keep for level in version.levels.values())
    return asks or looks_at_level(version)


def sides_of(question: Question, changes: tuple[Change, ...], assume: Assume) -> Sides:
    """Both sides, between which these are the changes."""
    policies = {assume, Assume.LOW, Assume.HIGH}
    ready = [
        {policy: question.ready(version, policy) for policy in policies} for version in (None, question.new)
    ]
    versions = [_versions(rules[assume]) for rules in ready]
    ranks = level_ranks(*versions)
    old, new = (
        ComparedSide(
            rules[assume],
            (rules[Assume.LOW], rules[Assume.HIGH]),
            known,
            scale_of(rules[assume]),
        )
        for rules, known in zip(ready, versions, strict=True)
    )
    ids = (*question.program.versions, question.old, question.new)
    coupled = coupled_activities((*old.versions, *new.versions), question.program.balances, ids)
    if question.after is not None:
        # Whole programs: whatever an event is, others may have a say in it, and it in them.
        coupled = replace(coupled, limited=frozenset(coupled.number.values()))
        touched = frozenset(coupled.number)
    else:
        touched = coupled.together(
            name for change in changes for name in activities_of(change, question.old, question.new)
        )
    moving = question.after is not None or any(moves_anniversaries(change) for change in changes)
    known = (level for version in (*old.versions, *new.versions) for level in version.levels.values())
    titles = {level.id: level.title or level.id for level in known}
    return Sides(question, changes, assume, old, new, ranks, titles, coupled, touched, moving)


def scale_of(rules: ReadyRules) -> Scale:
    """By what the levels of a side with these rules are measured."""
    timeline = rules.evaluation.interpreter.timeline
    # Before the first version takes effect, the index is that of the last.
    return Scale(timeline, timeline.books[timeline.on(rules.evaluation.as_of)].ladder)


def _versions(rules: ReadyRules) -> tuple[Version, ...]:
    timeline = rules.evaluation.interpreter.timeline
    books = [book.version for book in timeline.books]
    as_of = timeline.version_on(rules.evaluation.as_of)
    if as_of is None:
        return tuple(books)
    return (*(version for version in books if version is not as_of), as_of)
