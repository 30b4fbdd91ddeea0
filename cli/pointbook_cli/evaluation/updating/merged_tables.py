"""Results in tables with the rows of some members replaced."""

# Queries are put together from names made here; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from pointbook.relational.updating.changes import CHANGED, unchanged
from pointbook.relational.updating.tallies import tally_of
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.evaluation.request import SEEN_TABLE
from pointbook_cli.evaluation.result_files import reject_rows
from pointbook_cli.evaluation.result_tables import result_table, write_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from pointbook.log import LogFacts
    from pointbook.model.tally import Tally
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request


class MergedTables:
    """The tables of a database, and rows that take the place of some members' in them."""

    def __init__(self, session: Session, request: Request, parts: Path) -> None:
        """Put the rows that come into the session, which has `CHANGED`: whose rows are replaced."""
        self._session, self._request = session, request
        self._new = {name: f"pointbook_{name}_anew" for name in result_columns(request.program)}
        for name, relation in self._new.items():
            session.put(relation, pq.read_table(parts / f"{name}.parquet"))

    def tally(self) -> Tally:
        """What the results come to once they are written, in counts."""
        session, request = self._session, self._request

        def rows(name: str, columns: str) -> str:
            stay = unchanged(result_table(session, request, name))
            return f"(SELECT {columns} FROM {stay} UNION ALL SELECT {columns} FROM {self._new[name]})"

        ledger, standings = rows("ledger", "event_id, activity, outcome, assumed"), rows("standings", "level")
        return tally_of(session, request.program, ledger, standings)

    def write(
        self, facts: LogFacts, seen: str, set_to: Mapping[str, Mapping[str, str]], run: pa.Table
    ) -> None:
        """Write the rows that come, all rejects and what was seen, all or none.

        Args:
            facts: What is known of the log.
            seen: What was seen of all members, as a query.
            set_to: Values, as SQL, that columns have in all rows that stay, by result.
            run: The row of this run.
        """
        of_changed = f"member_id IN (SELECT member_id FROM {CHANGED})"
        rows: dict[str, str | pa.RecordBatchReader] = {
            **{name: f"SELECT * FROM {relation}" for name, relation in self._new.items()},
            SEEN_TABLE: f"SELECT * FROM ({seen}) AS s WHERE {of_changed}",
            "rejects": reject_rows(facts),
        }
        write_tables(self._session, self._request, rows, run, of_members=CHANGED, set_to=set_to)
