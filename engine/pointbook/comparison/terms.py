"""What a comparison is made of, before any member is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.differences import changes_between
from pointbook.comparison.names import shared_pseudonyms
from pointbook.comparison.rejects.bounds import reject_terms
from pointbook.comparison.rejects.rows import rejected_rows_of
from pointbook.comparison.result import Words
from pointbook.comparison.shares.attribution import game_terms
from pointbook.comparison.sides import sides_of
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pointbook.comparison.question import Question
    from pointbook.comparison.rejects.bounds import RejectTerms
    from pointbook.comparison.rejects.rows import RejectedRows
    from pointbook.comparison.shares.game import GameTerms
    from pointbook.comparison.sides import Sides
    from pointbook.log import LogFacts


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
    progress: Callable[[str], None] = field(default=str)


class WholeLog(NamedTuple):
    """What is known of a log before any member is compared, wherever its rows lie; it can be sent elsewhere.

    Attributes:
        facts: As reading it found them.
        rejected: Its rejected rows, by whom they could be about.
        shared: Pseudonyms that more than one member would have.
    """

    facts: LogFacts
    rejected: RejectedRows
    shared: frozenset[str]


def whole_log(facts: LogFacts, member_ids: Collection[str], program_id: str, options: Options) -> WholeLog:
    """What is known of a log with these members."""
    shared = frozenset[str]() if options.show_ids else shared_pseudonyms(program_id, member_ids)
    return WholeLog(facts, rejected_rows_of(facts, member_ids), shared)


class Terms(NamedTuple):
    """What a comparison is made of, whichever members are compared.

    Attributes:
        log: What is known of the whole of it.
        options: How it is compared.
        sides: The rules of both sides.
        games: What splitting the difference depends on.
        rejects: What the log's rejected rows can do.
        words: What sentences about members name.
    """

    log: WholeLog
    options: Options
    sides: Sides
    games: GameTerms
    rejects: RejectTerms
    words: Words


def terms_of(question: Question, log: WholeLog, options: Options) -> Terms:
    """What the comparison of a log under both versions is made of."""
    changes = changes_between(question.old, question.new, (question.program,))
    sides = sides_of(question, changes, options.assume)
    program = question.program
    words = Words(
        tuple(balance.title or balance.id for balance in program.balances.values()),
        program.level_balance_no,
        tuple(change.sentence for change in changes),
    )
    return Terms(log, options, sides, game_terms(sides), reject_terms(log.rejected, sides), words)
