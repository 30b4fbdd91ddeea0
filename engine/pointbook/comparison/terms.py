"""What a comparison is made of, before any member is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.against import program_difference
from pointbook.changes.differences import changes_between
from pointbook.changes.timeline import Status
from pointbook.comparison.levels.differences import Words
from pointbook.comparison.names import shared_pseudonyms
from pointbook.comparison.rejects.bounds import reject_terms
from pointbook.comparison.rejects.rows import rejected_rows_of
from pointbook.comparison.shares.attribution import game_terms
from pointbook.comparison.sides import sides_of
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pointbook.changes.change import Change
    from pointbook.comparison.question import Question
    from pointbook.comparison.rejects.bounds import RejectTerms
    from pointbook.comparison.rejects.rows import RejectedRows
    from pointbook.comparison.shares.game import GameTerms
    from pointbook.comparison.sides import Sides
    from pointbook.log import LogFacts
    from pointbook.model.program import Version


def _no_progress(_: str) -> None:
    """Nothing is said; a function with a name, so that options can be sent to another process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a comparison is made.

    Attributes:
        old_name: What OLD was called by the user.
        new_name: What NEW was called.
        assume: What a missing assessed value is taken to be.
        attribution: Whether to split the difference among the changes.
        show_ids: Whether members are named by their ids.
        warnings: What the reader must know before believing the figures.
        assumptions: What was taken for granted before the log came here, in sentences.
        progress: Called with each member id, for a progress bar.
    """

    old_name: str = "old"
    new_name: str = "new"
    assume: Assume = Assume.NONE
    attribution: bool = True
    show_ids: bool = False
    warnings: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    progress: Callable[[str], None] = field(default=_no_progress)


class WholeLog(NamedTuple):
    """What is known of a log before any member is compared, wherever its rows lie; it can be sent elsewhere.

    Attributes:
        facts: As reading it found them.
        rejected: Its rejected rows, by whom they could be about.
        shared: Pseudonyms that more than one member would have.
        apart: Where each side reads the log for itself, the facts as either finds them; `facts` are those of
            both together.
    """

    facts: LogFacts
    rejected: RejectedRows
    shared: frozenset[str]
    apart: tuple[LogFacts, LogFacts] | None = None


def whole_log(
    facts: LogFacts,
    member_ids: Collection[str],
    question: Question,
    options: Options,
    apart: tuple[LogFacts, LogFacts] | None = None,
) -> WholeLog:
    """What is known of a log with these members."""
    shared = frozenset[str]() if options.show_ids else shared_pseudonyms(question.program.id, member_ids)
    versions = [question.old, question.new, *question.program.versions]
    versions += question.after.versions if question.after is not None else ()
    activities = frozenset().union(*(version.activities for version in versions))
    return WholeLog(facts, rejected_rows_of(facts, frozenset(member_ids), activities), shared, apart)


class Terms(NamedTuple):
    """What a comparison is made of, whichever members are compared.

    Attributes:
        log: What is known of the whole of it.
        options: How it is compared.
        sides: The rules of both sides.
        games: What splitting the difference depends on.
        rejects: What the log's rejected rows can do.
        words: What sentences about members name.
        announced: Of each change, the version that announces it; None where none does.
    """

    log: WholeLog
    options: Options
    sides: Sides
    games: GameTerms
    rejects: RejectTerms
    words: Words
    announced: tuple[Version | None, ...]


def terms_of(question: Question, log: WholeLog, options: Options) -> Terms:
    """What the comparison of a log under both versions is made of."""
    found = announced_changes(question)
    changes = tuple(change for change, _ in found)
    sides = sides_of(question, changes, options.assume)
    program = question.latest
    words = Words(
        tuple(balance.title or balance.id for balance in program.balances.values()),
        program.level_balance_no,
        tuple(change.sentence for change in changes),
    )
    announced = tuple(version for _, version in found)
    games, rejects = game_terms(sides), reject_terms(log.rejected, sides)
    return Terms(log, options, sides, games, rejects, words, announced)


def announced_changes(question: Question) -> list[tuple[Change, Version | None]]:
    """What differs, each change with the version that announces it; None where none does."""
    old, new, program = question.old, question.new, question.program
    if question.after is None:
        return [(change, new) for change in changes_between(old, new, (program,))]
    difference = program_difference(*(question.written or (program, question.after)), program.id, program.id)
    return [
        *((change, None) for change in difference.program),
        *(
            (change, None if one.status is Status.VANISHED else one.new)
            for one in difference.versions
            for change in one.changes
        ),
    ]
