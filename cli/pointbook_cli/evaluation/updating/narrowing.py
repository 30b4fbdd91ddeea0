"""An update reads no more of a log than it has to, where an engine reads events in place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pointbook.log.faults import RejectReason
from pointbook.relational.engines.sessions import literal, number_from
from pointbook.relational.inputs.marks import above
from pointbook.relational.inputs.parquet_events import ParquetEvents
from pointbook.relational.inputs.row_versions import came_since
from pointbook.relational.inputs.sources import have_members_in_text, put_sources
from pointbook.relational.inputs.tables import Tables
from pointbook.relational.updating.digests import REJECTED, SEEN, has_dated_members, seen_digest
from pointbook.relational.updating.needed import Since, put_needed
from pointbook.relational.updating.whose_day import whose_day
from pointbook_cli.evaluation.marks import greatest_in, new_files, new_since
from pointbook_cli.evaluation.updating.last_run import (
    FullRunError,
    mark_of_last,
    put_rejected,
    refuse_earlier,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.sources import EventsInPlace
    from pointbook_cli.evaluation.request import Request


class WholeLogError(Exception):
    """All rows must be read; the message says why, in words that follow "because"."""


def refuse_other_events(facts: LogFacts, digests: int) -> None:
    """Refuse what was left out of a log if there are not as many events as digests know.

    Raises:
        WholeLogError: It is so.
    """
    if facts.events != digests:
        raise WholeLogError("rows that the last run had are others now")


class Narrowing:
    """Finds the rows that are to be read, once members are there and events can be asked for."""

    def __init__(self, session: Session, request: Request, folder: Path, last: Mapping[str, Any]) -> None:
        """The session has what the last run has seen.

        Args:
            session: Where the log is read.
            request: What is asked for.
            folder: Where the results of the last run are, if they are files.
            last: The summary of the last run.
        """
        self._session, self._request, self._folder, self._last = session, request, folder, last

    def __call__(self, events: EventsInPlace) -> tuple[EventsInPlace, int]:
        """The rows that are to be read, and how many others there are.

        Raises:
            FullRunError: Everybody is to be evaluated.
            WholeLogError: All rows are to be read, to know who is.
        """
        session, program, last = self._session, self._request.program, self._last
        by_column = self._request.loaded_at is not None
        if self._request.as_of is None:
            raise WholeLogError("without --as-of the last event decides how far they count")
        refuse_earlier(last, self._request.as_of)
        last_day = date.fromisoformat(last["as_of"])
        dated = has_dated_members(session)
        everybody, due = whose_day(program, last_day, self._request.as_of, dated=dated)
        if everybody:
            raise FullRunError(everybody)
        if not have_members_in_text(events):
            raise WholeLogError("ids of members are neither texts nor whole numbers")
        if last["near_texts"]:
            raise WholeLogError("some texts are nearly what a rule names, which is told of all rows")
        put_rejected(self._request, session, self._folder, last)
        if number_from(session, _UNREADABLE):
            raise WholeLogError("the last run met rows that cannot be read")
        tables = events.reads if isinstance(events, Tables) else ()
        since = Since(
            last_day,
            due,
            above=self._above() if by_column else self._known_to_be_new(events),
            number=sum(table.number for table in tables) if tables else None,
            had_later=last["counts"]["after_as_of"] > 0,
        )
        found = put_needed(session, program, events, since)
        were, are = last["counts"]["events_read"] + found.new, found.left_out + found.number
        if since.above is not None and were != are:
            if by_column:
                raise WholeLogError(
                    f"the last run had {were - found.new:,} rows, {found.new:,} have come since by"
                    f" {self._request.loaded_at}, and now there are {are:,}"
                )
            put_sources(session, events)
            found = put_needed(session, program, events, since._replace(above=None))
        return found.events, found.left_out

    def _known_to_be_new(self, events: EventsInPlace) -> str | None:
        """What holds for rows that the last run cannot have read, as SQL; None where that cannot be known.

        They are in other files, or were written by later transactions. All others are as they were, if they
        are as many.
        """
        if not events.reads:
            return None
        mark, seen = mark_of_last(self._request, self._session, self._folder), self._digest_of_seen()
        if isinstance(events, ParquetEvents):
            new = new_files(mark, seen, events.reads)
            conditions = None if new is None else events.are_in(new)
        else:
            since = None if seen is None else new_since(mark, seen, events.reads)
            conditions = None if since is None else [*map(came_since, since)]
        if conditions is None:
            return None
        put_sources(self._session, events, is_new=conditions)
        return "is_new"

    def _digest_of_seen(self) -> str | None:
        """A digest of what was seen, where it lies in a table, apart from the mark."""
        if self._request.output_format != "table":
            return None
        rows = self._session.rows(seen_digest(self._session.dialect.name, SEEN)).read_all()
        return str(rows.column(0)[0].as_py())

    def _above(self) -> str:
        """What holds for rows that came since the last run by their column, as SQL."""
        request, session = self._request, self._session
        mark = mark_of_last(request, session, self._folder)
        if mark is None:
            raise WholeLogError("the last run did not keep how far rows had come; this one does")
        greatest = greatest_in(request, mark)
        condition = None if greatest is None else above(session, greatest)
        if condition is None:
            raise WholeLogError(
                f"the last run read events from elsewhere or otherwise, or not by {request.loaded_at}"
            )
        return condition


_UNREADABLE = (
    f"SELECT COUNT(*) AS number FROM {REJECTED} WHERE reason = {literal(RejectReason.UNREADABLE_ROW.value)}"  # noqa: S608
)
