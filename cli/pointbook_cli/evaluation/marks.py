"""Which rows of events are new for the next run, as a run keeps that with its results."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pointbook.relational.inputs.reading_digests import form_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.log import LogFacts
    from pointbook_cli.evaluation.request import Request

MARK = "mark"
"""The column of the table of runs, and the key of the file of what was seen, that have the mark of a run."""


def mark_of(request: Request, facts: LogFacts) -> str | None:
    """The mark that a run leaves, as JSON; None where all rows have to be looked at, or there are none.

    With `--loaded-at` it has the `column`, its `greatest` value, and as `read_as` a digest of what rows are
    read from and how. Of files that an engine reads in place it has the digests as `files`.
    """
    mark: dict[str, Any] = {"files": sorted(facts.files)}
    if request.loaded_at is not None and facts.mark is not None:
        mark = {"column": request.loaded_at, "greatest": facts.mark, "read_as": _read_as(request)}
    return json.dumps(mark, ensure_ascii=False) if facts.files or "column" in mark else None


def greatest_in(request: Request, mark: str) -> str | None:
    """The greatest value in a mark; None where it is of another column, or rows were read otherwise.

    Where log.yaml or a query is another one, so may be what rows come to that came long ago.
    """
    try:
        found = json.loads(mark)
        same = found["column"] == request.loaded_at and found["read_as"] == _read_as(request)
        return str(found["greatest"]) if same else None
    except (ValueError, KeyError, TypeError):
        return None


def new_files(mark: str | None, digests: Sequence[str]) -> list[int] | None:
    """Indexes of files that a mark does not have; None where it has others that are here no longer."""
    try:
        before = Counter(json.loads(mark or "")["files"])
    except (ValueError, KeyError, TypeError):
        return None
    new = []
    for index, digest in enumerate(digests):
        if before[digest]:
            before[digest] -= 1
        else:
            new.append(index)
    return None if before.total() else new


def _read_as(request: Request) -> str:
    """A digest of the source of events, and of how log.yaml says that its rows are exported."""
    exports, [source] = request.program.exports, request.events
    form = exports.form_of("events", source)
    return sha256(json.dumps([source, form_digest(form, exports.references)]).encode()).hexdigest()
