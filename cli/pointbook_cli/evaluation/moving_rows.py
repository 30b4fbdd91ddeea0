"""Rows that are not all there: they come and go while an evaluation reads them, or are hidden from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.source import files
from pointbook.source.file_states import state_of
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from pointbook.log import LogFacts
    from pointbook_cli.evaluation.request import EvaluationFacts, Request


def refuse_moving_rows(found: EvaluationFacts, request: Request) -> None:
    """Refuse results of a table, or of files, of which not all queries have seen the same rows.

    Raises:
        InputError: It is so.
    """
    from pointbook.log.reading import is_table  # noqa: PLC0415 - not needed for help and wrong usage

    seen = found.tally.events + len(found.facts.rejects) + found.tally.after_as_of
    tables = [str(source) for source in request.events if is_table(source)]
    hint = "run it again, or evaluate a copy: `CREATE TABLE events_of_today AS SELECT * FROM ...`"
    if tables and seen != found.facts.events_read:
        message = f"rows came or went while they were read: first {found.facts.events_read:,}, then {seen:,}"
        raise InputError(tables[0], message, hint)
    for table in found.facts.tables:
        if (still := table.written_before(table.oldest)) != table.number:
            message = f"rows changed or went while they were read: first {table.number:,}, then {still:,}"
            raise InputError(table.name, message, hint)
    for file in found.facts.files:
        if state_of(file.path) != file.state:
            message = "it was replaced or written to while it was read"
            raise InputError(files.shown_name(file.path), message, "run it again once the file is whole")


def warn_of_hidden_rows(facts: LogFacts) -> None:
    """Say which sources may have rows that row security hides from the account that reads them."""
    for source in facts.secured:
        say(f"warning: {printable(source)}: row security may hide rows from this account", err=True)
    if facts.secured:
        say("  help: read with the owner's account, or one with BYPASSRLS or a policy for all rows", err=True)
