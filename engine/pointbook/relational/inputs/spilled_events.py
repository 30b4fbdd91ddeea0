"""Accepted events on their way into an engine: in a file, because the engine is still being read from."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.relational.inputs.log_tables import table_of_events
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import IO

    from pointbook.model.log import Event
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.rulebook.columns import InputColumns


class SpilledEvents:
    """Events in a file without a name."""

    def __init__(self, columns: InputColumns, file: IO[bytes]) -> None:
        self._columns, self._file = columns, file
        self._schema = table_of_events((), columns).schema
        self._writer = pa.ipc.new_stream(file, self._schema)

    def add(self, events: Iterable[Event]) -> None:
        """Some more."""
        if some := list(events):
            self._writer.write_table(table_of_events(some, self._columns))

    @property
    def schema(self) -> pa.Schema:
        """Of the rows."""
        return self._schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All of them; no more can be added."""
        self._writer.close()
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as rows:
            yield from rows

    def put_into(self, session: Session, name: str) -> None:
        """Make them a relation of a session; no more can be added."""
        session.put_rows(name, pa.RecordBatchReader.from_batches(self._schema, self.batches()))


@contextmanager
def spilled_events(columns: InputColumns, folder: Path | None) -> Iterator[SpilledEvents]:
    """None yet; the file lies in a folder, None for the system's, and is gone at the end."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with files.unnamed_file(folder) as file:
        yield SpilledEvents(columns, file)
