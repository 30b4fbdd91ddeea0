"""What is done with each piece of a log that is compared: its members are, and what is found is added up.

It runs in worker processes, and so imports little.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointbook.comparison.comparing import partial_comparison
from pointbook.comparison.partial import PartialComparison
from pointbook.comparison.terms import terms_of
from pointbook_cli.evaluation.without_pandas import leave_pandas_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.comparison.question import Question
    from pointbook.comparison.terms import Options, WholeLog
    from pointbook.folding.arrow_pieces import ArrowPieces
    from pointbook.folding.plain_pieces import PlainPieces
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program


@dataclass(frozen=True, slots=True)
class ComparisonWork:
    """What is to be done; it can be sent to another process.

    Attributes:
        question: What is compared.
        log: What is known of the log.
        options: How it is compared.
        program: With all attributes that the log was read by.
        form: In which form pieces come.
    """

    question: Question
    log: WholeLog
    options: Options
    program: Program
    form: type[ArrowPieces | PlainPieces]


def for_pieces(work: ComparisonWork) -> Callable[[Any], PartialComparison]:
    """A function that takes one piece after the other; a member who goes on is compared with the last one."""
    form: Any = work.form(work.program)
    terms = terms_of(work.question, work.log, work.options)
    members: list[Member] = []
    events: list[Event] = []

    def found(piece: Any) -> PartialComparison:
        records = form.records(piece)
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
    form: Any = work.form(work.program)
    found = for_pieces(work)
    return lambda message: found(form.from_bytes(message))
