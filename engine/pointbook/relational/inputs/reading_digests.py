"""Digests of files, of tables, and of how rows are read: others wherever a row may come to something else."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pointbook.source import files
from pointbook.source.file_states import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.log.columns import Columns
    from pointbook.model.exports import RowForm

_DIGITS = 32
"""So many of 64: nobody finds two files by chance that have 128 bits in common."""


def digest_of_file(path: Path | str, columns: Columns) -> str:
    """A digest of a file of events and of how its rows are read; another one wherever either is another.

    Raises:
        InputError: The file cannot be read.
    """
    return digest_as_read(sha256_of(path), columns)


def digest_as_read(what: str, columns: Columns) -> str:
    """A digest of what says which rows there are, and of how they are read."""
    form = form_digest(columns.form, columns.program.exports.references)
    read_as = json.dumps([what, form, clock_digest(columns.program.timezone)])
    return sha256(read_as.encode()).hexdigest()[:_DIGITS]


def form_digest(form: RowForm, references: Any) -> str:
    """A digest of how log.yaml says that rows are exported."""
    read_as = (
        sorted(form.columns.items()),
        sorted(form.activities.items()),
        sorted(form.ignore),
        sorted(form.empty),
        form.form,
        form.timezone,
        references,
    )
    return sha256(json.dumps(read_as).encode()).hexdigest()


def clock_digest(timezone: str) -> str:
    """A digest of the rules of a time zone: where tzdata has others, all rows are others."""
    with files.timezone_data(timezone) as stream:
        return sha256(stream.read()).hexdigest()
