"""Results in tables with the rows of some members replaced."""

# Queries are put together from names made here; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from pointbook.relational.engines.sessions import compute
from pointbook.relational.updating.changes import CHANGED, SEEN_ANEW, put_seen_anew
from pointbook.relational.updating.tallies import tally_after, tally_of
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.evaluation.request import SEEN_TABLE
from pointbook_cli.evaluation.result_files import reject_rows
from pointbook_cli.evaluation.result_tables import result_rows, write_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from pointbook.log import LogFacts
    from pointbook.model.tally import Tally
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request, RunRow

_SEEN_ROWS = "pointbook_seen_rows"


class MergedTables:
    """The tables of a database, and rows that take the place of some members' in them."""

    def __init__(self, session: Session, request: Request, parts: Path) -> None:
        """Find the rows that come; the session has `CHANGED`: whose rows are replaced."""
        self._session, self._request = session, request
        self._new = {
            name: pq.read_table((parts / f"{name}.parquet").absolute())
            for name in result_columns(request.program)
        }

    def tally(self, last: Mapping[str, Any], anew: Tally) -> Tally:
        """What the results come to once they are written, in counts.

        Args:
            last: The summary of those that stand.
            anew: The counts of the rows that come.
        """
        session, request = self._session, self._request
        changed = f"SELECT member_id FROM {CHANGED}"

        def replaced(name: str) -> str:
            rows = result_rows(session, request, name, result_columns(request.program)[name])
            return f"(SELECT * FROM ({rows}) AS r WHERE member_id IN ({changed}))"

        were = tally_of(session, request.program, replaced("ledger"), replaced("standings"))
        return tally_after(last, were, anew)

    def write(self, facts: LogFacts, seen: str, set_to: Mapping[str, Mapping[str, str]], run: RunRow) -> None:
        """Write the rows that come, all rejects and what was seen, all or none.

        Args:
            facts: What is known of the log.
            seen: What was seen of all members, as a query.
            set_to: Values, as SQL, that columns have in all rows that stay, by result.
            run: Makes the row of this run.
        """
        put_seen_anew(self._session)
        # Before rows are deleted, since some of what is seen stands in these.
        anew = f"SELECT * FROM ({seen}) AS s WHERE member_id IN (SELECT member_id FROM {SEEN_ANEW})"
        compute(self._session, _SEEN_ROWS, anew)
        rows: dict[str, str | pa.RecordBatchReader] = {
            **{name: table.to_reader() for name, table in self._new.items()},
            SEEN_TABLE: f"SELECT * FROM {_SEEN_ROWS}",
            "rejects": reject_rows(facts),
        }
        whose = {**dict.fromkeys(self._new, CHANGED), SEEN_TABLE: SEEN_ANEW}
        write_tables(self._session, self._request, rows, run, of_members=whose, set_to=set_to)
