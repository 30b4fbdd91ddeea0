"""Where the entries of an event are others than a scenario expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, closest
from pointbook.model.ledger import Outcome
from pointbook.model.tables import LEDGER, ledger_row, names_of
from pointbook.scenarios.comparing import CODE, compared, plain, shown
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.model.ledger import Entry
    from pointbook.model.program import Program

    Ledger = Mapping[str, tuple[Entry, ...]]
    """Entries by the ids of their events."""


def entry_differences(
    expected: Node, entries: tuple[Entry, ...], before: Ledger, program: Program
) -> Iterator[Finding]:
    """Where the entries of one event are others; what stands outside `entries` must be so of all of them."""
    subject, (first, *_) = f"event {entries[0].event_id}", entries
    rows = {entry.balance: dict(zip(names_of(LEDGER), ledger_row(entry), strict=True)) for entry in entries}
    became = f"its outcome is {first.outcome}{_valued_by(first, before, program)}"
    if len(entries) > 1:
        became = "it has " + ", ".join(f"{one.awarded:,} {one.balance} ({one.outcome})" for one in entries)
    for balance, node in expected.entries("entries").items():
        place = expected.key_span(("entries", balance))
        if balance in rows and node.is_mapping:
            yield from compared(node, rows[balance], f"{subject}, {balance}", became)
        elif balance in rows:
            yield Finding(place, CODE, f"{subject}: there is an entry in `{balance}`", became)
        elif node.is_mapping:
            others = f"{became}; write `{balance}: null` for none"
            yield Finding(place, CODE, f"{subject}: there is no entry in `{balance}`", others)
    beside = {key: value for key, value in expected.content.items() if key != "entries"}
    for key in [key for key in beside if len({row.get(key) for row in rows.values()}) > 1]:
        each = ", ".join(f"{shown(row.get(key))} in `{balance}`" for balance, row in rows.items())
        written_out = ", ".join(f"{one}: {{{key}: {plain(row.get(key))}}}" for one, row in rows.items())
        message = f"{subject} has {len(rows)} entries, and `{key}` is not the same in all: {each}"
        hint = f"say which is meant, under `entries`: `entries: {{{written_out}}}`"
        yield Finding(beside.pop(key).span, CODE, message, hint)
    yield from compared(Node(beside, expected.span), rows[first.balance], subject, became)


def _valued_by(entry: Entry, before: Ledger, program: Program) -> str:
    """Which version valued an event, and which one did before the newest came, in words."""
    if entry.version is None:
        return ""
    (earlier, *_) = before.get(entry.event_id) or (None,)
    if earlier is None or earlier.version in {None, entry.version}:
        return f", by version `{entry.version}`{_meant(entry, program)}"
    return (
        f", by version `{entry.version}`; before that came it was {earlier.outcome}, by `{earlier.version}`"
    )


def _meant(entry: Entry, program: Program) -> str:
    """Which activity an event that has none was probably meant to be of, in words."""
    version = None if entry.version is None else program.version(entry.version)
    if version is None or entry.outcome is not Outcome.NO_SUCH_ACTIVITY:
        return ""
    match = closest(entry.activity, program.activities_by_any_id(version))
    return "" if match is None else f"; the closest to `{entry.activity}` is `{match}`"
