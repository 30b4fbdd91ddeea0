"""A reconciliation as Markdown, for a comment or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.faults import place
from pointbook.reconciliation.result import RowState, stakes_of
from pointbook_cli.reporters.escaping import markdown
from pointbook_cli.reporters.reconciliation.wording import (
    MOST_LISTED,
    counts,
    difference_text,
    evidence,
    setting_text,
    stakes_text,
    state_text,
    unexplained_text,
    verdict,
    whose,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.reconciliation.result import ComparedRow, Reconciliation


def reconciliation_markdown(found: Reconciliation) -> str:
    """The same as the text, as headings and tables."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Reconciliation) -> Iterator[str]:
    yield f"# {markdown(found.file)} against {markdown(found.program)}"
    yield from ("", f"{markdown(verdict(found))} Evaluated {markdown(setting_text(found))}.", "")
    yield from ("| rows | |", "|--:|---|")
    yield from (f"| {number:,} | {markdown(text)} |" for number, text in counts(found))
    if found.causes:
        yield from ("", "## Causes", "", "| | that system | evidence |", "|--:|---|---|")
        for number, cause in enumerate(found.causes, 1):
            others = "".join(f"<br>or: {markdown(other)}" for other in cause.alternatives)
            chance = "" if cause.is_likely else "possible, but perhaps chance: "
            told = markdown(f"{chance}{'; '.join(evidence(cause))}")
            yield f"| {number} | {markdown(cause.words)}{others} | {told} |"
    differing = (*found.in_state(RowState.DIFFERS), *found.in_state(RowState.WITHIN_TOLERANCE))
    explained = tuple(row for row in differing if row.cause is not None)
    yield from _table("Explained", sorted(explained, key=lambda row: row.cause or 0))
    left = found.of_cause(None)
    if left:
        yield from _table("Unexplained", left, unexplained_text(found, left))
    for state in (RowState.NOT_IN_MEMBERS, RowState.NOT_IN_FILE):
        yield from _table(state_text(state, "").capitalize(), found.in_state(state))
    if found.rejects:
        yield from ("", "## Rejected rows of the file", "")
        for reject in found.rejects[:MOST_LISTED]:
            yield f"- {markdown(f'{place(reject.file, reject.line)}: {reject.reason}: {reject.detail}')}"
        yield from _more(len(found.rejects), "- ", "FILE.json")


def _table(heading: str, rows: Sequence[ComparedRow], about: str = "") -> Iterator[str]:
    if not rows:
        return
    yield from ("", f"## {heading}", "", f"{about or stakes_text(stakes_of(tuple(rows)))}.", "")
    yield from ("| member | difference | cause | |", "|---|---|--:|---|")
    for row in rows[:MOST_LISTED]:
        cause = "" if row.cause is None else str(row.cause + 1)
        cells = markdown(whose(row)), markdown(difference_text(row)), cause, markdown(row.note)
        yield f"| {' | '.join(cells)} |"
    yield from _more(len(rows), "\n")


def _more(number: int, before: str, where: str = "FILE.csv") -> Iterator[str]:
    if number > MOST_LISTED:
        yield f"{before}and {number - MOST_LISTED:,} more, all with `--out {where}`"
