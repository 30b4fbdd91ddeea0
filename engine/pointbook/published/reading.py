"""`versions.lock` as records, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import Finding, Related, Span
from pointbook.published.lock import NEWEST, Amendment, Lock, PublishedVersion
from pointbook.structure.date_text import date_from
from pointbook.structure.schema_findings import schema_findings
from pointbook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.source.document import Node

_MARKER = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?")


def conflict_in(file: str, text: str) -> Finding | None:
    """A finding where git left both sides of a merge in the file."""
    marked = [number for number, line in enumerate(text.splitlines(), 1) if _MARKER.fullmatch(line)]
    if not marked:
        return None
    message = "git left both sides of a merge here, so it is not known what was published"
    hint = (
        "keep the side that others have already (`git checkout --theirs` or `--ours`, with the file's name),"
        " and publish the versions of the other side again"
    )
    return Finding(Span(file, marked[0], 1, 7), "merge-conflict", message, hint)


def lock_from(document: Node) -> tuple[Lock | None, tuple[Finding, ...]]:
    """The lock that a document writes, and what is wrong with it; None where there is anything."""
    findings = tuple(_newer(document)) or schema_findings(document, "lock") or tuple(_twice(document))
    if findings:
        return None, findings
    program = document.content["program"].plain()
    balances = {
        key: {"resets": one["resets"], "start": one.get("start", 0)}
        | {name: one.get(name) for name in ("floor", "decimals", "round")}
        for key, one in program["balances"].items()
    }
    facts = {
        "timezone": program["timezone"],
        "level_balance": program["level_balance"],
        "balances": balances,
        "member_attributes": program.get("member_attributes", {}),
        "member_defaults": {
            **dict.fromkeys(program.get("member_attributes", {})),
            **program.get("member_defaults", {}),
        },
    }
    entries = tuple(_entry(node) for node in document.listed("published"))
    return Lock(facts, _amendments(program), entries, document), ()


def _entry(node: Node) -> PublishedVersion:
    plain = node.plain()
    withdrawn = plain.get("withdrawn_on")
    return PublishedVersion(
        id=plain["version"],
        effective_from=date_from(plain["effective_from"]),
        published_on=date_from(plain["published_on"]),
        engine=plain["engine"],
        form=plain["form"],
        digest=plain["digest"],
        withdrawn_on=None if withdrawn is None else date_from(withdrawn),
        amended=_amendments(plain),
        span=node.content["version"].span,
    )


def _amendments(plain: dict[str, Any]) -> tuple[Amendment, ...]:
    return tuple(
        Amendment(date_from(one["amended_on"]), one["reason"], one["before"])
        for one in plain.get("amended", ())
    )


def _entries(document: Node) -> list[Node]:
    versions = document.get("published")
    return [] if versions is None or not versions.is_list else list(versions.content)


def _newer(document: Node) -> Iterator[Finding]:
    """Digests of a form that only a later engine can compute."""
    for entry in _entries(document):
        form = entry.get("form")
        if form is None or type(form.content) is not int or form.content <= NEWEST:
            continue
        engine = entry.value("engine")
        needed = f"{engine} or newer" if isinstance(engine, str) else "a newer one"
        message = f"a newer Pointbook wrote this digest, in form {form.content}; {__version__} knows {NEWEST}"
        yield Finding(
            form.span, "newer-lock", message, f"use Pointbook {needed}; nothing can be said of it here"
        )


def _twice(document: Node) -> Iterator[Finding]:
    """Versions that are published by two entries."""
    first: dict[str, Node] = {}
    for entry in _entries(document):
        node = entry.content["version"]
        if entry.get("withdrawn_on") is not None or first.setdefault(node.content, node) is node:
            continue
        message, hint = (
            f"version `{node.content}` is in the lock twice",
            "keep the one that git has had for longer",
        )
        related = (Related(first[node.content].span, "it is here, too"),)
        yield Finding(node.span, "published-twice", message, hint, related=related)
