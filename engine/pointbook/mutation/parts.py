"""Parts of a version's file: its rules, their numbers and defaults, and whether they are new or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.lower.implied import REMOVED
from pointbook.model.attributes import MEMBER_PREFIX
from pointbook.mutation.nudges import Nudge, nudged_number, other_of
from pointbook.mutation.replacing import items_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.loading import Loaded
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.rules import Path
    from pointbook.source.document import Node


def rules_in(document: Node, section: str) -> Iterator[tuple[str, Node]]:
    """What a section of a file writes, without what it removes."""
    whole = document.get(section)
    if whole is not None and whole.is_mapping:
        yield from ((key, rule) for key, rule in whole.content.items() if not is_removed(rule))


def is_removed(rule: Node) -> bool:
    """Whether a patch takes a rule, or an entry of one, out."""
    return rule.content is None or rule.get(REMOVED) is not None


def is_new(document: VersionDocument, path: Path) -> bool:
    """Whether what a version writes at a path is not in the one that it is based on."""
    return document.base is None or document.base.at(path) is None


def numbers(rule: Node, path: Path, key: str) -> Iterator[tuple[Path, Nudge]]:
    """The number under a key, nudged; nothing where there is none."""
    number = rule.value(key) if rule.is_mapping else None
    for nudge in nudged_number(number):
        yield (*path, key), nudge


def in_defaults(document: Node, path: Path, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    """Of attributes that a file declares under a path, what stands for no value."""
    holder, prefix = document.at(path), MEMBER_PREFIX if path[0] == "member_attributes" else ""
    for name, attribute in holder.content.items() if holder is not None and holder.is_mapping else ():
        if attribute.is_mapping and (default := attribute.value("default")) is not None:
            known = known_values(loaded, f"{prefix}{name}")
            yield from (((*path, name, "default"), nudge) for nudge in other_of(default, known))


def known_values(loaded: Loaded, attribute: str) -> Sequence[Any]:
    """Every value of an attribute that a rule names, in the order of the files."""
    found: dict[Any, None] = {}
    for part in loaded.versions:
        for _, node in part.document.written.walk():
            if node.is_mapping and node.value("attribute") == attribute:
                values = (node.get("is"), *items_of(node, "in"))
                found |= dict.fromkeys(
                    value.content for value in values if value and value.content is not None
                )
    for _, rule in loaded.usable().activities:
        for need in rule.needs:
            found |= dict.fromkeys(need.listed if need.name == attribute else ())
    return list(found)
