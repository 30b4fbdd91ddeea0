"""What a patch implies, written out, so that JSON Merge Patch alone does the rest.

    points: {up_to: 300}               points: {up_to: 300, range: null}      where there was a range
    feedback: {removed: No more.}      feedback: null                         and `removes` says why

Which keys exclude one another is said once, in the schema of a complete version (see
`pointbook.structure.patch_schema`). Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.sections import Section
from pointbook.source.document import Node
from pointbook.structure.validators import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.diagnostics import Span
    from pointbook.model.rules import Path

REMOVED = "removed"
_DEFINITION = "#/$defs/"
_REMOVES = "removes"
_ENTRY = 4
"""Steps of a path to an entry of an activity."""


def explicit(patch: Node, base: Node) -> Node:
    """The patch with `null` for what it replaces in `base`, and with `removes` for what is `removed`."""
    rule = schema("complete")
    for path, entry in list(removed_in(patch)):
        patch = _with(patch, path, Node(None, entry.span), patch.key_span(path))
        reason = entry.content[REMOVED]
        acknowledged: Path = (_REMOVES, *acknowledgement_of(path))
        if isinstance(reason.content, str) and patch.at(acknowledged) is None:
            place = entry.keys[REMOVED]
            removal = Node({"note": reason}, reason.span, {"note": place})
            patch = _with(patch, acknowledged, removal, place)
    return _explicit(patch, base, rule)


def removed_in(patch: Node) -> Iterator[tuple[Path, Node]]:
    """What a patch says is `removed`, with its path and as it is written."""
    return _removed(patch, schema("complete"), ())


def _removed(patch: Node, rule: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Node]]:
    for key, value in patch.content.items():
        part = _part(rule, key)
        if part.get("x-removable") and value.get(REMOVED) is not None:
            yield (*path, key), value
        elif part and value.is_mapping:
            yield from _removed(value, part, (*path, key))


def acknowledgement_of(path: Path) -> tuple[str, str]:
    """Where `removes` says why something goes: an activity's entry as `ACTIVITY/BALANCE`."""
    if len(path) == _ENTRY:
        return Section.ENTRIES.value, f"{path[1]}/{path[3]}"
    return str(path[0]), str(path[1])


def replaced_whole(patch: Node, base: Node) -> frozenset[Path]:
    """Paths of the mappings in a patch that replace those of `base` whole, the outermost ones."""
    return frozenset(_replacing(patch, base, schema("complete"), ()))


def without_excluded(document: Node, path: Path) -> Node:
    """A whole version without the keys that the one at the end of `path`, or above it, excludes."""
    rule: Mapping[str, Any] = schema("complete")
    gone: set[Path] = set()
    above = document
    for at, step in enumerate(path):
        if isinstance(step, int) or not above.is_mapping:
            break
        gone |= {(*path[:at], key) for key in _excluded(rule, {step}) if key in above.content}
        rule, above = _part(rule, step), above.content[step]
    return document.without(frozenset(gone))


def _explicit(patch: Node, base: Node | None, rule: Mapping[str, Any]) -> Node:
    if not patch.is_mapping or base is None or not base.is_mapping:
        return patch
    if _is_anew(patch, base, rule):
        return _instead_of(base, patch)
    content = {key: _explicit(value, base.get(key), _part(rule, key)) for key, value in patch.content.items()}
    written = {key for key, value in patch.content.items() if value.content is not None}
    gone = [key for key in _excluded(rule, written) if key in base.content and key not in patch.content]
    if not gone and all(content[key] is value for key, value in patch.content.items()):
        return patch
    return _with_nulls(Node(content, patch.span, patch.keys), gone)


def _replacing(patch: Node, base: Node | None, rule: Mapping[str, Any], path: Path) -> Iterator[Path]:
    if not patch.is_mapping or base is None or not base.is_mapping:
        return
    if _is_anew(patch, base, rule):
        yield path
        return
    for key, value in patch.content.items():
        yield from _replacing(value, base.get(key), _part(rule, key), (*path, key))


def _is_anew(patch: Node, base: Node, rule: Mapping[str, Any]) -> bool:
    """Whether the patch says something else here, rather than a part of what the base says."""
    given = {key for key, value in patch.content.items() if value.content is not None}
    if given.intersection(rule.get("x-anew-with", ())):
        return True
    named = given.intersection(rule.get("x-anew-with-another", ()))
    return any(patch.value(key) != base.value(key) for key in named)


def _instead_of(base: Node, patch: Node) -> Node:
    """The patch with `null` for all that only the base has, however deep."""
    content = {}
    for key, value in patch.content.items():
        before = base.get(key)
        both = before is not None and before.is_mapping and value.is_mapping
        content[key] = _instead_of(before, value) if both and before is not None else value
    gone = [key for key in base.content if key not in content]
    return _with_nulls(Node(content, patch.span, patch.keys), gone)


def _with_nulls(node: Node, keys: list[str]) -> Node:
    nothing = Node(None, node.span)
    content = {**node.content, **dict.fromkeys(keys, nothing)}
    return Node(content, node.span, {**node.keys, **dict.fromkeys(keys, node.span)})


def _excluded(rule: Mapping[str, Any], written: set[str]) -> Iterator[str]:
    """Keys that cannot stand beside those that are written."""
    forms = rule.get("x-one-of", ())
    keys = dict.fromkeys(key for form in forms for key in form)
    for one in written & keys.keys():
        beside = {key for form in forms if one in form for key in form}
        yield from (key for key in keys if key not in beside)


def _part(rule: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The rule of what stands under a key; an empty one where none is known."""
    inner = rule.get("properties", {}).get(key, rule.get("additionalProperties"))
    if not isinstance(inner, dict):
        return {}
    while "$ref" in inner:
        own = {key: value for key, value in inner.items() if key != "$ref"}
        inner = {**_definition(inner["$ref"]), **own}
    return inner


def _definition(reference: str) -> dict[str, Any]:
    found: dict[str, Any] = schema("complete")["$defs"][reference.removeprefix(_DEFINITION)]
    return found


def _with(node: Node, path: Path, value: Node, place: Span) -> Node:
    """The document with a value at a path of keys; what is new there stands at `place`."""
    key, rest = str(path[0]), path[1:]
    inner = node.get(key)
    if rest:
        inside = inner if inner is not None and inner.is_mapping else Node({}, place)
        value = _with(inside, rest, value, place)
    return Node({**node.content, key: value}, node.span, {key: place, **node.keys})
