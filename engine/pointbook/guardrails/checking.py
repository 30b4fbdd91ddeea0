"""What is wrong with `guardrails.yaml` and `approvals.yaml`: by their schemas, and by ids.

It needs no evaluator, so that validating rules stays quick.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import Finding, sorted_findings, suggestion
from pointbook.loading import APPROVALS_FILE, GUARDRAILS_FILE
from pointbook.model.wording import suggested_version
from pointbook.slips import slip_fix
from pointbook.structure.schema_findings import schema_findings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pointbook.diagnostics import Span
    from pointbook.loading import ReadDocument
    from pointbook.source.document import Node

__all__ = ["APPROVALS_FILE", "GUARDRAILS_FILE"]


class KnownIds(NamedTuple):
    """What limits can name; None where not all of it is known.

    Attributes:
        levels: Ids of the levels that any version has.
        balances: Ids of the program's balances.
    """

    levels: Collection[str] | None
    balances: Collection[str] | None


def checked_guardrails(document: ReadDocument, known: KnownIds) -> ReadDocument:
    """The document with everything that is wrong with it, sorted."""
    if document.node is None:
        return document
    unknown = [
        finding
        for key, ids, noun in (
            ("level", known.levels, "no version has a"),
            ("balance", known.balances, "the program has no"),
        )
        if ids is not None
        for finding in _unknown(document.node, key, ids, noun)
    ]
    return _with_schema_findings(document, "guardrails", unknown)


def checked_approvals(
    document: ReadDocument, guardrails: Node | None = None, versions: Collection[str] | None = None
) -> ReadDocument:
    """The document with everything that is wrong with it, sorted.

    Args:
        document: The approvals.
        guardrails: The document of the guardrails; None where there are none, or not all of them are known.
        versions: Ids of the program's versions; None where not all of them are known.
    """
    if document.node is None:
        return document
    limits = {} if guardrails is None else _entries(guardrails, "guardrails")
    misfits = [
        finding
        for entry in _entries(document.node, "approvals").values()
        for finding in (_misfits(entry, limits) if guardrails is not None else ())
    ]
    named = (entry.get("version") for entry in _entries(document.node, "approvals").values())
    misfits += [
        unknown_version(node.content, node.span, versions)
        for node in named
        if versions is not None and node is not None and isinstance(node.content, str)
        if node.content not in versions
    ]
    return _with_schema_findings(document, "approvals", misfits)


def unknown_version(version: str, span: Span, known: Collection[str]) -> Finding:
    """An approval for a version that there is not lets nothing pass, whatever was meant."""
    message = f"this approval is for version `{version}`, which there is not"
    fix = slip_fix(span, version, known)
    return Finding(span, "unknown-version", message, suggested_version(version, list(known)), fix=fix)


def _with_schema_findings(document: ReadDocument, schema: str, more: list[Finding]) -> ReadDocument:
    assert document.node is not None
    misread = {finding.span for finding in document.findings}
    found = [finding for finding in schema_findings(document.node, schema) if finding.span not in misread]
    return replace(document, findings=sorted_findings((*document.findings, *found, *more)))


def _entries(document: Node, key: str) -> Mapping[str, Node]:
    """The mappings by id below the key, as far as they are such."""
    entries = document.get(key)
    if entries is None or not entries.is_mapping:
        return {}
    return {name: entry for name, entry in entries.content.items() if entry.is_mapping}


def _unknown(document: Node, key: str, known: Collection[str], noun: str) -> Iterator[Finding]:
    for entry in _entries(document, "guardrails").values():
        named = entry.get(key)
        if named is not None and isinstance(named.content, str) and named.content not in known:
            message = f"{noun} {key} `{named.content}`"
            fix = slip_fix(named.span, named.content, known)
            hint = suggestion(named.content, known)
            yield Finding(named.span, f"unknown-{key}", message, hint, fix=fix)


def _misfits(entry: Node, limits: Mapping[str, Node]) -> Iterator[Finding]:
    """An approval of a guardrail that there is not, or with a limit that its measure does not have."""
    named = entry.get("guardrail")
    if named is None or not isinstance(named.content, str):
        return
    if named.content not in limits:
        message = f"there is no guardrail `{named.content}`"
        fix = slip_fix(named.span, named.content, limits)
        yield Finding(named.span, "unknown-guardrail", message, suggestion(named.content, limits), fix=fix)
        return
    measure = limits[named.content].value("measure")
    for key in ("at_most", "at_most_percent", "at_least"):
        limit = entry.get(key)
        if limit is not None and key not in _limits_of(measure):
            message = f"guardrail `{named.content}` measures `{measure}`, which has no `{key}`"
            hint = f"use {' or '.join(f'`{known}`' for known in _limits_of(measure))}"
            yield Finding(entry.keys[key], "wrong-form", message, hint)


def _limits_of(measure: object) -> tuple[str, ...]:
    """With which keys a figure of the measure can be limited."""
    match measure:
        case "notice_days":
            return ("at_least",)
        case "more_demotions":
            return ("at_most",)
        case "level_share":
            return ("at_most_percent",)
        case _:
            return ("at_most", "at_most_percent")
