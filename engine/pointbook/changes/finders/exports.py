"""Changes of log.yaml: how the rows of a log are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Change, ChangedValue
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT
from pointbook.diagnostics import Span
from pointbook.model.exports import REFERENCE
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.directions import Judgement
    from pointbook.model.exports import Fact
    from pointbook.model.program import Program

_FILE = "log.yaml"


def export_changes(old: Program, new: Program) -> Iterator[Change]:
    """Everything that log.yaml says on one side only, or otherwise on the other, by its address."""
    before, after = ({fact.address: fact for fact in side.exports.facts} for side in (old, new))
    for address in sorted({*before, *after}):
        one, other = before.get(address), after.get(address)
        texts = [None if fact is None else fact.text for fact in (one, other)]
        if texts[0] == texts[1]:
            continue
        kind = Kind.LOG_REFERENCE_CHANGED if f"/{REFERENCE}/" in address else Kind.LOG_READING_CHANGED
        judgement: Judgement = kind.direction_rule(None)  # type: ignore[arg-type]  # it is the same for all
        yield Change(
            kind=kind,
            section=Section.PROGRAM,
            rule_id="",
            address=f"log/{address}",
            subject=_FILE,
            sentence=f"{_FILE}: {_sentence(address, *texts)}",
            direction=judgement.direction,
            reason=judgement.reason,
            old=_value(one, other),
            new=_value(other, one),
        )


def _sentence(address: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"{address} removed, was: {old}"
    return f"{address} added: {new}" if old is None else f"{address} {old} → {new}"


def _value(own: Fact | None, other: Fact | None) -> ChangedValue:
    """One side; where it is absent, the place is the file that would have it."""
    fact = own or other
    span = Span(_FILE) if fact is None or fact.span is None else fact.span
    path = ("log",) if own is None else ("log", *own.address.split("/"))
    return ChangedValue(path, ABSENT if own is None else own.text, Span(span.file) if own is None else span)
