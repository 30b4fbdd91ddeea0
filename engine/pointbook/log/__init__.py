"""The log: CSV, JSON Lines and Parquet in, members, events and rejects out.

The order of the stages: `text_blocks` turns bytes into text, `csv_blocks` and `parquet_blocks` turn
that into blocks: rows of texts, column by column. `jsonl_rows` makes rows one by one, which
`in_blocks` puts together. `translation` makes our texts of theirs where log.yaml says that they differ.
`row_readers` turns the columns of a block into typed values, by `values` and `clock`; `settling`
decides what becomes of each row, `settled_rows` of all of them, and `reading` joins all of it for files.
Rejects, and rows that share their id, are `spilling` to a file where they are many.

Every row read ends in exactly one place: among the events (or members), or among the rejects.
Whether a row is rejected depends on the program as a whole, never on one of its versions.
Source: docs/meaning.md, "Not counted, never lost".
"""

from pointbook.log.acceptance import accepted_log, event_from
from pointbook.log.reading import read_log
from pointbook.log.records import Log, LogFacts, RawRow
from pointbook.log.rejects import Rejects
from pointbook.log.rows.typed_texts import ValueKind
from pointbook.log.typed.clock import Clock

__all__ = [
    "Clock",
    "Log",
    "LogFacts",
    "RawRow",
    "Rejects",
    "ValueKind",
    "accepted_log",
    "event_from",
    "read_log",
]
