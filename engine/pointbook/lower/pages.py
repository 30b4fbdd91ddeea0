"""The published text that a rule stands on: short names of documents, and what a patch takes over.

A rule that a patch takes over stays on the page it was written under; one that it changes is on the patch's
own, unless it names another. Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pointbook.model.sections import WITH_IDS, Section
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pointbook.diagnostics import Span

DOCUMENTS = "documents"
_SOURCE, _DOCUMENT = "source", "document"
_WITHOUT_SOURCES = frozenset(("attributes", "points", "eligible_if", "if"))
"""Keys below which `source` is a name that the program has given, or nothing."""


def titles_from(program: Node | None) -> Mapping[str, str]:
    """Titles of a program's documents by their short names, as far as they are texts."""
    entries = None if program is None else program.get(DOCUMENTS)
    if entries is None or not entries.is_mapping:
        return {}
    return {key: node.content for key, node in entries.content.items() if isinstance(node.content, str)}


def titled(document: Node, titles: Mapping[str, str]) -> Node:
    """The document with titles in place of short names; the very same where it uses none."""

    def of(source: Node) -> Node:
        named = source.get(_DOCUMENT)
        if named is None or not isinstance(named.content, str) or named.content not in titles:
            return source
        title = Node(titles[named.content], named.span)
        return Node({**source.content, _DOCUMENT: title}, source.span, source.keys)

    return _with_sources(document, of) if titles else document


def named_documents(document: Node) -> Iterator[Node]:
    """Each `document` that a program or version names, of any shape."""
    found: list[Node] = []

    def of(source: Node) -> Node:
        named = source.get(_DOCUMENT)
        if named is not None:
            found.append(named)
        return source

    _with_sources(document, of)
    yield from found


def page_of(document: Node) -> Node | None:
    """The document that a version is on, if it names one by a text."""
    found = document.at((_SOURCE, _DOCUMENT))
    return found if found is not None and isinstance(found.content, str) else None


def on_their_pages(rules: Node, patch: Node, page: Node | None, chain: Iterable[Node]) -> Node:
    """The rules that a patch is merged into, each with the document that it stands on.

    Args:
        rules: The base's.
        patch: What changes some of them.
        page: The document of the base.
        chain: The documents that the base comes from.
    """
    pages = {found.span for one in chain if (found := page_of(one)) is not None}
    on, off = partial(_on, page=page), partial(_off, pages=pages)

    def moved(rule: Node, change: Node | None) -> Node:
        return _with_sources(rule, off if change is not None and change.is_mapping else on)

    content = dict(rules.content)
    if (cycle := rules.get(Section.LIFE_CYCLE)) is not None:
        content[Section.LIFE_CYCLE.value] = moved(cycle, patch.get(Section.LIFE_CYCLE))
    for section in WITH_IDS:
        entries, changes = rules.get(section), patch.get(section) or Node({}, patch.span)
        if entries is not None and entries.is_mapping:
            inside = {key: moved(rule, changes.get(key)) for key, rule in entries.content.items()}
            content[section.value] = Node(inside, entries.span, entries.keys)
    return Node(content, rules.span, rules.keys)


def _on(source: Node, page: Node | None) -> Node:
    """The source with the page, where it names no document."""
    if page is None or source.get(_DOCUMENT) is not None:
        return source
    return Node({_DOCUMENT: page, **source.content}, source.span, {_DOCUMENT: page.span, **source.keys})


def _off(source: Node, pages: Collection[Span]) -> Node:
    """The source without a document that it was only put on by `_on`."""
    named = source.get(_DOCUMENT)
    is_put = named is not None and named.span in pages and len(source.content) > 1
    return source.without(frozenset({(_DOCUMENT,)})) if is_put else source


def _with_sources(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each source in it changed; the very same where none changes."""
    if node.is_list:
        items = tuple(_with_sources(item, change) for item in node.content)
        same = all(item is old for item, old in zip(items, node.content, strict=True))
        return node if same else Node(items, node.span, node.keys)
    if not node.is_mapping:
        return node
    content = {}
    for key, value in node.content.items():
        if key == _SOURCE and value.is_mapping:
            content[key] = change(value)
        else:
            content[key] = value if key in _WITHOUT_SOURCES else _with_sources(value, change)
    same = all(content[key] is value for key, value in node.content.items())
    return node if same else Node(content, node.span, node.keys)
