"""Versions written as patches: resolved along chains of any length, and named in what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.diagnostics import Related
from pointbook.lower.entry_forms import activities_of, in_one_form, without_emptied
from pointbook.lower.implied import REMOVED, explicit
from pointbook.lower.level_order import levels_placed
from pointbook.lower.pages import on_their_pages, page_of, titled
from pointbook.model.sections import Section
from pointbook.source.document import Node
from pointbook.source.patch import merged
from pointbook.structure.date_text import DateError, date_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.diagnostics import Finding
    from pointbook.model.rules import Path

HEADER = ("id", "title", "effective_from", "announced_on", "based_on", "source", "note", "removes")
"""What a version says of itself; never taken over from the version it is based on, nor is `replaces`."""
_NONE: Mapping[str, str] = MappingProxyType({})
_ENTRY = 2
"""Steps of a path down to one rule, such as a level; a section as a whole would say little."""


@dataclass(frozen=True, slots=True)
class VersionDocument:
    """A version as written, and what it comes to.

    Attributes:
        file: Its file.
        id: Its id; empty where it has none that is text.
        written: The document as written.
        meant: The same as it is merged: its activities in the form of those that they change.
        based_on: The version it is a patch of, or None for a complete one.
        chain: The documents it comes from, from the complete version to itself; empty where a link
            is missing or the chain is a cycle.
        base: The rules of the version it is based on, resolved, as they are taken over; None for a
            complete version, and where the chain is broken.
        resolved: The whole, without `based_on`, with its first day and titles of documents in place of
            their short names; None where the chain of patches is broken.
    """

    file: str
    id: str
    written: Node
    meant: Node
    based_on: str | None
    chain: tuple[Node, ...]
    base: Node | None
    resolved: Node | None


def resolved_versions(
    documents: Iterable[tuple[str, Node]], titles: Mapping[str, str] = _NONE, level_balance: str = ""
) -> tuple[VersionDocument, ...]:
    """Each document resolved, in the order given.

    Where two documents have the same id, later versions build on the first.

    Args:
        documents: Files and their documents.
        titles: Titles of the program's documents, by their short names.
        level_balance: The balance that an activity feeds which names none; empty where it is not known.
    """
    written = [(file, _text(node, "id") or "", node) for file, node in documents if node.is_mapping]
    by_id: dict[str, tuple[str, str, Node]] = {}
    for entry in filter(itemgetter(1), written):
        by_id.setdefault(entry[1], entry)
    known: dict[int, VersionDocument] = {}
    for entry in written:
        # From the nearest one that is resolved already, so that no link of a chain is merged twice.
        for link in reversed(_unresolved(entry, by_id, known)):
            base = by_id.get(_text(link[2], "based_on") or "")
            on = None if base is None else known.get(id(base[2]))
            known[id(link[2])] = _resolved(*link, on, (titles, level_balance))
    return tuple(known[id(node)] for _, _, node in written)


def naming_version(finding: Finding, document: VersionDocument, path: Path = ()) -> Finding:
    """The finding with a note that names the version, where nothing in it points into the version's file.

    So it is where a patch breaks what it takes over: the place is in a file that is right by itself.

    Args:
        finding: About the resolved whole.
        document: The version whose whole it is about.
        path: Where in the whole; empty where it is not known.
    """
    if document.written.span.file in finding.files:
        return finding
    which = f"version `{document.id}`, which is based on this one,"
    for length in range(len(path), _ENTRY - 1, -1):
        if document.written.at(path[:length]) is not None:
            note = Related(document.written.key_span(path[:length]), f"{which} changes it here")
            break
    else:
        note = Related(document.written.key_span(("based_on",)), f"it is so in {which.rstrip(',')}")
    return replace(finding, related=(*finding.related, note))


def _unresolved(
    entry: tuple[str, str, Node],
    by_id: Mapping[str, tuple[str, str, Node]],
    known: Mapping[int, VersionDocument],
) -> list[tuple[str, str, Node]]:
    """The document and those that it builds on, as far as they are not known yet; in a circle, each once."""
    links: dict[int, tuple[str, str, Node]] = {}
    link: tuple[str, str, Node] | None = entry
    while link is not None and id(link[2]) not in known and id(link[2]) not in links:
        links[id(link[2])] = link
        link = by_id.get(_text(link[2], "based_on") or "")
    return list(links.values())


def _resolved(
    file: str,
    version_id: str,
    node: Node,
    base: VersionDocument | None,
    program: tuple[Mapping[str, str], str],
) -> VersionDocument:
    """The document on top of the one that it is based on; without it, where that chain is broken."""
    titles, level_balance = program
    whole = _dated(titled(node, titles))
    if node.get("based_on") is None:
        return VersionDocument(file, version_id, node, node, None, (node,), None, whole)
    based_on = _text(node, "based_on") or ""
    if base is None or base.resolved is None:
        return VersionDocument(file, version_id, node, node, based_on, (), None, None)
    chain = (*base.chain, node)
    rules, patch = in_one_form(_taken_over(base.resolved, whole, base.chain), whole, level_balance)
    _, meant = in_one_form(rules, node, level_balance)
    return VersionDocument(
        file, version_id, node, meant, based_on, chain, rules, _applied(rules, patch, level_balance)
    )


def _dated(node: Node) -> Node:
    """The document with its first day, which is its id where that is a date and no other is written."""
    written = node.get("id")
    if node.get("effective_from") is not None or written is None or not isinstance(written.content, str):
        return node
    try:
        date_from(written.content)
    except DateError:
        return node
    return Node(
        {**node.content, "effective_from": written}, node.span, {**node.keys, "effective_from": written.span}
    )


def _taken_over(base: Node, patch: Node, chain: tuple[Node, ...]) -> Node:
    """The rules of the base, each on its page, without what the base says of itself."""
    own = {
        (Section.ACTIVITIES.value, key, "replaces")
        for key, rule in activities_of(base).items()
        if rule.get("replaces") is not None
    }
    rules = base.without(frozenset(own.union((key,) for key in HEADER)))
    return on_their_pages(rules, patch, page_of(base), chain)


def _applied(rules: Node, patch: Node, level_balance: str) -> Node:
    """The patch merged into the rules, with what it implies and without what its own rules replace."""
    written = activities_of(patch)
    replaced = {_text(rule, "replaces") for rule in written.values() if rule.is_mapping}
    gone = frozenset(
        (Section.ACTIVITIES.value, key) for key in replaced if key is not None and key not in written
    )
    rules = rules.without(gone)
    whole = merged(rules, explicit(patch, rules)).without(frozenset({("based_on",)}))
    return levels_placed(_left(without_emptied(whole, patch), patch), rules, level_balance)


def _left(whole: Node, patch: Node) -> Node:
    """The merged version, in which activities have left the groups that the patch says are `removed`.

    Where the patch itself writes their groups, these stay as written, for the checks to find.
    """
    groups = patch.get(Section.GROUPS)
    entries = groups.content if groups is not None and groups.is_mapping else {}
    gone = {key for key, entry in entries.items() if entry.get(REMOVED) is not None}
    if not gone:
        return whole
    written = activities_of(patch)
    activities = dict(activities_of(whole))
    for key, rule in activities.items():
        listed = rule.get("groups")
        own = written[key].get("groups") if key in written else None
        if own is not None or listed is None or not listed.is_list:
            continue
        kept = tuple(item for item in listed.content if item.content not in gone)
        if kept:
            content = {**rule.content, "groups": Node(kept, listed.span)}
        else:
            content = {name: value for name, value in rule.content.items() if name != "groups"}
        activities[key] = Node(content, rule.span, rule.keys)
    section = whole.content[Section.ACTIVITIES]
    return Node(
        {**whole.content, Section.ACTIVITIES.value: Node(activities, section.span, section.keys)},
        whole.span,
        whole.keys,
    )


def _text(node: Node, key: str) -> str | None:
    child = node.get(key)
    return child.content if child is not None and isinstance(child.content, str) else None
