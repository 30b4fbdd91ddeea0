"""What the ending of a file's name says of what is in it, also behind the ending of an archive."""

from __future__ import annotations

from pathlib import Path, PurePath

from pointbook.model.exports import PACKED

PARQUET = (".parquet", ".pq")
JSON_LINES = (".jsonl", ".ndjson", ".json")
CSV = (".csv", ".tsv", ".txt")


def ending_of(path: Path | str) -> str:
    """The ending of a name, in small letters: `.csv` of `events.csv`, and of `events.csv.gz`."""
    name = PurePath(path)
    return (name.with_suffix("") if name.suffix.lower() in PACKED else name).suffix.lower()
