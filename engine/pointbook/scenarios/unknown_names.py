"""Names in a scenario that neither the rules nor the scenario declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, suggestion
from pointbook.model.ledger import Outcome
from pointbook.model.log import MEMBER_COLUMNS, VALID_FROM
from pointbook.model.program import MEANINGS
from pointbook.model.tables import STANDINGS, names_of, standings_columns
from pointbook.model.wording import suggested_version
from pointbook.scenarios.rows import rows_of_member
from pointbook.slips import slip_fix
from pointbook.structure.validators import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.diagnostics import Span
    from pointbook.model.program import Program
    from pointbook.source.document import Node

COUNTS = (
    *("events_read", "events_in_ledger", "ledger", "rejects", "after_as_of"),
    *("assumed", "points_ignored"),
)
"""What `summary` in a scenario may count, besides each outcome."""


def unknown_version(named: Node, known: Sequence[str]) -> Finding | None:
    """A finding where a version is named that is not among those with these ids."""
    if named.content in known:
        return None
    message, word = f"there is no version `{named.content}`", str(named.content)
    hint, fix = suggested_version(word, known), slip_fix(named.span, word, known)
    if word in MEANINGS:
        hint = "a scenario names a version by its id, so that it stays true when another one is published"
        fix = ()
    return Finding(named.span, "unknown-version", message, hint, fix=fix)


def unknown_names(node: Node, program: Program) -> Iterator[Finding]:
    """Names in a scenario that neither the rules nor the scenario declare."""
    version = node.get("version")
    unknown = None if version is None else unknown_version(version, [each.id for each in program.versions])
    if unknown is not None:
        yield unknown
    columns = (*MEMBER_COLUMNS[1:], VALID_FROM, *program.member_attributes)
    for name, member in node.entries("members").items():
        for row in rows_of_member(member):
            yield from _unknown_keys(row, columns, f"member `{name}`")
    yield from _unknown_in_rows(node, "events", tuple(program.event_attributes))
    for event in node.listed("events"):
        entries = None if (expected := event.get("expect")) is None else expected.get("entries")
        if entries is not None:
            yield from _unknown_keys(entries, tuple(program.balances), "`entries`, which are by balance")
    yield from _unknown_in_rows(node, "standings", names_of(standings_columns(program)))
    for name in node.entries("history"):
        yield from _unknown_member(node, name, node.key_span(("history", name)))
    summary = node.get("summary")
    if summary is not None:
        yield from _unknown_keys(summary, (*COUNTS, *Outcome), "the summary")


def _unknown_in_rows(node: Node, section: str, further: tuple[str, ...]) -> Iterator[Finding]:
    """Unknown keys and members in the events or standings of a scenario."""
    row_name = section.removesuffix("s")
    columns = [*schema("scenario")["$defs"][row_name]["properties"]]
    if section == "standings":  # where a further balance is called `points`, others have other names
        columns = [name for name in columns if name in further or name not in names_of(STANDINGS)]
    several = len(node.entries("members")) > 1
    for row in node.listed(section):
        yield from _unknown_keys(row, (*columns, *further), f"the {row_name}")
        who = row.get("member_id")
        if who is None and several:
            yield Finding(row.span, "missing-key", f"the {row_name} names no member", "add `member_id:`")
        elif who is not None and section == "standings":
            yield from _unknown_member(node, str(who.content), who.span)


def _unknown_member(node: Node, name: str, span: Span) -> Iterator[Finding]:
    members = node.entries("members")
    if name not in members:
        message = f"the scenario has no member `{name}`"
        fix = slip_fix(span, name, members)
        yield Finding(span, "unknown-member", message, suggestion(name, members), fix=fix)


def _unknown_keys(node: Node, known: tuple[str, ...], where: str) -> Iterator[Finding]:
    for key in node.content:
        if key not in known:
            message = f"`{key}` is not a key of {where}"
            span = node.keys[key]
            fix = slip_fix(span, key, known)
            yield Finding(span, "unknown-key", message, suggestion(key, known), fix=fix)
