"""From a program and a log to an evaluation, with the defaults people expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.interpret import Evaluation, Interpreter
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.program import Program


def evaluate(
    program: Program,
    log: Log,
    *,
    as_of: date | None = None,
    version: str | None = None,
    assume: Assume | str = Assume.NONE,
) -> Evaluation:
    """The log under the rules, computed as the result is iterated: one result per member.

    Args:
        program: The rules.
        log: Members and events.
        as_of: The last local date that counts; None for that of the last event.
        version: Id of a version to treat as if it had always been in force; None for each event by
            the version in force on its date.
        assume: What an assessed value that the log does not carry is taken to be: `none`, `low`,
            `mid` or `high`.

    Raises:
        LookupError: The program has no such version.
        ValueError: There is no such assumption; or `as_of` is None and the log is empty.
    """
    if as_of is None:
        as_of = log.facts.default_as_of
    if as_of is None:
        raise ValueError("the log has neither events nor members, so the as-of date must be given")
    return Evaluation(Interpreter(program, version, Assume(assume)), log.members, log.events, as_of)
