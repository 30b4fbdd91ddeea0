"""Which rows of events are new for the next run, as a run keeps that with its results."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pointbook.relational.inputs.reading_digests import form_digest
from pointbook.relational.inputs.row_versions import is_still_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.log import LogFacts
    from pointbook.log.records import TableRead
    from pointbook.source.file_states import FileRead
    from pointbook_cli.evaluation.request import Request

SEEN_THEN = "<what was seen>"
"""What stands in a mark until the table of what was seen is written."""
MARK = "mark"
"""The column of the table of runs, and the key of the file of what was seen, that have the mark of a run."""


def mark_of(request: Request, facts: LogFacts) -> str | None:
    """The mark that a run leaves, as JSON; None where all rows have to be looked at, or there are none.

    With `--loaded-at` it has the `column`, its `greatest` value, and as `read_as` a digest of what rows are
    read from and how. Of files that an engine reads in place it has the digests as `files`; of `tables`
    whose rows are known by their transactions it has digests, with the transaction before which all rows were
    written. In a table it has as `seen` what stands for a digest of what was seen, which only the tables have
    that are written.
    """
    digests = [file.digest for file in facts.files if file.digest is not None]
    mark: dict[str, Any] = {}
    if request.loaded_at is not None and facts.mark is not None:
        mark = {"column": request.loaded_at, "greatest": facts.mark, "read_as": _read_as(request)}
    elif digests:
        mark = {"files": sorted(digests)} | ({"seen": SEEN_THEN} if request.output_format == "table" else {})
    elif facts.tables and request.output_format == "table":  # which lie where the log lies
        mark = {"tables": [[one.digest, one.oldest] for one in facts.tables], "seen": SEEN_THEN}
    return json.dumps(mark, ensure_ascii=False) if mark else None


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


def new_files(mark: str | None, seen: str | None, files: Iterable[FileRead]) -> list[int] | None:
    """Indexes of files that a mark does not have; None where it has others, or is of another run.

    Args:
        mark: As the last run left it.
        seen: A digest of what the tables have of what was seen; None of files, which have both in one.
        files: Those of this run.
    """
    before = Counter(map(str, _of_run(mark, seen, "files")))
    if not before:
        return None
    new = []
    for index, (_, _, digest) in enumerate(files):
        if digest is None:
            return None
        if before[digest]:
            before[digest] -= 1
        else:
            new.append(index)
    return None if before.total() else new


def new_since(mark: str | None, seen: str, tables: Sequence[TableRead]) -> list[int] | None:
    """The transaction from which on rows of each table are new; None where a table is another one.

    All other rows are what they were if they are as many as they were, in all tables together.

    Args:
        mark: As the last run left it.
        seen: A digest of what the tables have of what was seen.
        tables: Those of this run.
    """
    before = _of_run(mark, seen, "tables")
    try:
        known = [(str(digest), int(oldest)) for digest, oldest in before]
    except (ValueError, TypeError):
        return None
    if not tables or [digest for digest, _ in known] != [table.digest for table in tables]:
        return None
    since = [oldest for _, oldest in known]
    return since if all(map(is_still_known, tables, since)) else None


def _of_run(mark: str | None, seen: str | None, name: str) -> list[Any]:
    """What a mark has under a name; nothing where it is of another run than what was seen."""
    try:
        found = json.loads(mark or "")
        return [*found[name]] if found.get("seen") == seen else []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _read_as(request: Request) -> str:
    """A digest of the source of events, and of how log.yaml says that its rows are exported."""
    exports, [source] = request.program.exports, request.events
    form = exports.form_of("events", source)
    return sha256(json.dumps([source, form_digest(form, exports.references)]).encode()).hexdigest()
