"""Tables whose rows come and go while an evaluation reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.model.exports import TABLES

if TYPE_CHECKING:
    from pointbook_cli.evaluation.request import EvaluationFacts, Request


def refuse_moving_rows(found: EvaluationFacts, request: Request) -> None:
    """Refuse results of a table of which not all queries have seen the same rows.

    Raises:
        InputError: It is so.
    """
    seen = found.tally.events + len(found.facts.rejects) + found.tally.after_as_of
    tables = [str(source) for source in request.events if str(source).startswith(TABLES)]
    if tables and seen != found.facts.events_read:
        message = f"rows came or went while they were read: first {found.facts.events_read:,}, then {seen:,}"
        hint = "run it again, or evaluate a copy: `CREATE TABLE events_of_today AS SELECT * FROM ...`"
        raise InputError(tables[0], message, hint)
