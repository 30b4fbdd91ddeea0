"""How far rows of events had come when a run read them, as the table of runs keeps it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from pointbook.relational.inputs.sources import form_digest

if TYPE_CHECKING:
    from pointbook.log import LogFacts
    from pointbook_cli.evaluation.request import Request


def mark_of(request: Request, facts: LogFacts) -> str | None:
    """The mark that a run leaves, as JSON; None where it does not look at when rows came, or there are none.

    It has the `column`, its `greatest` value, and as `read_as` a digest of what rows are read from and how.
    """
    if request.loaded_at is None or facts.mark is None:
        return None
    mark = {"column": request.loaded_at, "greatest": facts.mark, "read_as": _read_as(request)}
    return json.dumps(mark, ensure_ascii=False)


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


def _read_as(request: Request) -> str:
    """A digest of the source of events, and of how log.yaml says that its rows are exported."""
    exports, [source] = request.program.exports, request.events
    form = exports.form_of("events", source)
    return sha256(json.dumps([source, form_digest(form, exports.references)]).encode()).hexdigest()
