"""The log: CSV, JSON Lines and Parquet in, members, events and rejects out.

The order of the stages: `text_lines` turns bytes into lines, `csv_rows` and `jsonl_rows` turn
lines into rows of texts; `parquet_rows` makes such rows of typed values, by `typed_texts`. `values`
and `clock` turn texts into typed values, `acceptance` decides what becomes of each row. `reading`
joins them for files.

Every row read ends in exactly one place: among the events (or members), or among the rejects.
Whether a row is rejected depends on the program as a whole, never on one of its versions.
Source: docs/meaning.md, "Not counted, never lost".
"""

from pointbook.log.acceptance import accepted_log, event_from
from pointbook.log.reading import read_log
from pointbook.log.records import Log, LogFacts, RawRow
from pointbook.log.rows.typed_texts import ValueKind
from pointbook.log.typed.clock import Clock

__all__ = ["Clock", "Log", "LogFacts", "RawRow", "ValueKind", "accepted_log", "event_from", "read_log"]
