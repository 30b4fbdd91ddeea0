"""Members evaluated range by range, so that memory need not hold the work on a whole log at once.

What comes of a member depends on that member's events alone. Ranges are of ids in their order, so that
the rows of one range after another are the rows of all.
"""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlglot import exp

from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.evaluation import may_be_empty
from pointbook.relational.results import result_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    import pyarrow as pa

    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.evaluation import RelationalEvaluation

BYTES_OF_AN_EVENT = 320
"""What the work on an event takes of the memory; seen with ten million."""
_INPUTS = ("events", "members")


def ranges_for(session: Session, events: int) -> int:
    """In how many ranges to take the members of a log with so many events.

    In 3 GiB, 50 million events (16 GB of work) take 5 ranges. Servers see to their memory themselves.
    """
    return session.parts_for(events, BYTES_OF_AN_EVENT) if isinstance(session, DuckDBSession) else 1


class MemberRanges:
    """The results of a plan, members being taken range by range: the way in which files are written.

    One range is the ordinary case, for which any engine computes what is asked for. With several, which
    are for one version set on DuckDB, the ledger is read or written while it is computed, and what else
    the plan has is kept on the way; what is asked for first has all ranges computed. Ranges have equally
    many members each: where a few have most of the events, a range may still be more than memory holds,
    and goes to disk.
    """

    def __init__(
        self, evaluation: RelationalEvaluation, number: int = 1, at_each: Callable[[], None] = lambda: None
    ) -> None:
        """Compute nothing yet; if there are several ranges, what the evaluation has stored is forgotten.

        Args:
            evaluation: It has the plan.
            number: How many ranges there are to be; fewer if there are not so many members.
            at_each: Is called while the evaluation is of one range, for each of them.

        Raises:
            ValueError: Several ranges, of several version sets, or not for engines that keep the order of
                rows.
        """
        session, plan = evaluation.session, evaluation.plan
        self._session = session if number > 1 and isinstance(session, DuckDBSession) else None
        if number > 1 and (self._session is None or len(plan.sets) > 1 or not plan.keeps_order):
            raise ValueError("several ranges of members are for one version set, in the order of rows")
        self._evaluation = evaluation
        self._number = number
        self._at_each = at_each
        steps = {step.name for step in plan.steps}
        self._kept = [result for result in ("standings", "history") if result in steps]
        self._are_done = False

    def ledger(self) -> Iterator[pa.RecordBatch]:
        """The ledger, in order."""
        with closing(self._ranges()) as ranges:
            for _ in ranges:
                yield from self._evaluation.ledger()

    def write_ledger(self, path: Path) -> None:
        """Write the ledger to a Parquet file, by DuckDB: the same bytes for any number of ranges."""
        with closing(self._ranges()) as ranges:
            if self._session is not None:
                ledger = self._evaluation.ledger_over_sorted_events_sql()
                rows = (self._session.rows(self._evaluation.relation_sql("sorted_events")) for _ in ranges)
                self._session.write_parquet_from("sorted_events", rows, ledger, path)
                return
            assert isinstance(self._evaluation.session, DuckDBSession)
            for _ in ranges:
                self._evaluation.session.write_parquet(
                    self._evaluation.result_sql("ledger", for_file=True), path
                )

    def result_sql(self, name: str, *, for_file: bool = False) -> str:
        """Standings or history as a query, until the ledger is read again: the session has its relation."""
        if not self._are_done:
            for _ in self._ranges():
                pass
        if self._session is None:
            return self._evaluation.result_sql(name, for_file=for_file)
        columns = [
            exp.column(title, quoted=True) for title in result_columns(name, self._evaluation.plan.program)
        ]
        selected = [
            exp.alias_(may_be_empty(column) if for_file else column, column.name, quoted=True)
            for column in columns
        ]
        # Sorting makes whole vectors of what each range has added, and so the same groups of a file's rows.
        query = exp.select(*selected).from_(_kept_as(name)).order_by("rowid")
        return query.sql(dialect=self._session.dialect.name)

    def _ranges(self) -> Generator[None]:
        """Have the evaluation be of one range after another, and keep what is not the ledger."""
        session, self._are_done = self._session, False
        if session is None:
            yield
            self._at_each()
            self._are_done = True
            return
        self._evaluation.forget()
        for result in self._kept:
            session.drop(_kept_as(result))
        bounds = [None, *self._bounds(session), None]
        for name in _INPUTS:
            session.rename(name, _all(name))
        try:
            for first, end in pairwise(bounds):
                for name in _INPUTS:
                    session.view(name, _range_of(session, _all(name), first, end))
                yield
                for result in self._kept:
                    session.append(_kept_as(result), self._evaluation.result_sql(result))
                self._at_each()
                self._evaluation.forget()
            self._are_done = True
        finally:
            self._evaluation.forget()
            for name in _INPUTS:
                session.drop(name)
                session.rename(_all(name), name)

    def _bounds(self, session: DuckDBSession) -> list[str]:
        """The ids at which a range ends and the next begins."""
        [(members,)] = session.values("SELECT COUNT(*) FROM members")
        places = {members * number // self._number for number in range(1, self._number)} - {0}
        if not places:
            return []
        numbered = "SELECT member_id, ROW_NUMBER() OVER (ORDER BY member_id) - 1 AS place FROM members"
        # Numbers are all that is put into it.
        begun = f"SELECT member_id FROM ({numbered}) WHERE place IN ({', '.join(map(str, places))})"  # noqa: S608
        return sorted(member_id for (member_id,) in session.values(begun))


def _all(name: str) -> str:
    """What an input is called while its name stands for a range; no table of a user is called so."""
    return f"pointbook_all_{name}"


def _kept_as(result: str) -> str:
    return f"pointbook_{result}_of_ranges"


def _range_of(session: DuckDBSession, name: str, first: str | None, end: str | None) -> str:
    member_id = exp.column("member_id", quoted=True)
    query = exp.select("*").from_(name)
    if first is not None:
        query = query.where(exp.GTE(this=member_id, expression=exp.convert(first)))
    if end is not None:
        query = query.where(exp.LT(this=member_id.copy(), expression=exp.convert(end)))
    return query.sql(dialect=session.dialect.name)
