"""What is done with each piece of a log that is compared: its members are, and what is found is added up.

It runs in worker processes, and so imports little.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointbook.comparison.comparing import partial_comparison
from pointbook.comparison.pairs import Reading
from pointbook.comparison.partial import PartialComparison
from pointbook.comparison.terms import terms_of
from pointbook.folding.pieces_of_two import PieceOfTwo
from pointbook_cli.evaluation.without_pandas import leave_pandas_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.comparison.question import Question
    from pointbook.comparison.terms import Options, WholeLog
    from pointbook.model.log import Event, Member


@dataclass(frozen=True, slots=True)
class ComparisonWork:
    """What is to be done; it can be sent to another process.

    Attributes:
        question: What is compared.
        log: What is known of the log.
        options: How it is compared.
        form: What makes bytes of the pieces, and records of either, ready to be made in any process.
    """

    question: Question
    log: WholeLog
    options: Options
    form: Callable[[], Any]


def for_pieces(work: ComparisonWork) -> Callable[[Any], PartialComparison]:
    """A function that takes one piece after the other; a member who goes on is compared with the last one."""
    form = work.form()
    terms = terms_of(work.question, work.log, work.options)
    members: list[Member] = []
    events: list[Event] = []

    def found(piece: Any) -> PartialComparison:
        records = form.records(piece)
        if isinstance(records, PieceOfTwo):
            before, after = (
                Reading({member.id: member for member in side.members}, side.events)
                for side in (records.old, records.new)
            )
            return partial_comparison(terms, *before, after)
        members.extend(records.members)
        events.extend(records.events)
        if piece.goes_on:
            return PartialComparison()
        compared = partial_comparison(terms, {member.id: member for member in members}, events)
        members.clear()
        events.clear()
        return compared

    return found


def for_bytes(work: ComparisonWork) -> Callable[[Any], PartialComparison]:
    """The same for pieces that come as bytes, in a process of its own."""
    gc.disable()  # as in the process that began this one: records never refer in circles
    leave_pandas_out()
    form = work.form()
    found = for_pieces(work)
    return lambda message: found(form.from_bytes(message))
