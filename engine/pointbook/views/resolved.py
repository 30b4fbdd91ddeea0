"""A version as it is in force, as YAML that names where each changed value came from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pointbook.lower.resolution import HEADER
from pointbook.model.wording import written
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.lower.resolution import VersionDocument
    from pointbook.source.document import Node

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./()%+-]*[A-Za-z0-9_)%.]|[A-Za-z0-9]")
_READ_OTHERWISE_ELSEWHERE = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)|[-+.0-9][0-9_.:eExXoO+-]*")


def resolved_yaml(document: VersionDocument) -> str:
    """The resolved version; a value that a patch gave carries a comment with its file and line."""
    assert document.resolved is not None
    node = document.resolved
    order = sorted(node.content, key=lambda key: HEADER.index(key) if key in HEADER else len(HEADER))
    lines = [f"# {document.id} as it is in force, from {_printable(document.file)}"]
    if document.based_on is not None:
        lines.append(f"# a comment names where a value comes from, if not from {_printable(node.span.file)}")
    for key in order:
        origin = document.file if key in HEADER else node.span.file
        lines += _entry(key, node, origin, 0)
    return "\n".join(lines) + "\n"


def _entry(key: str, mapping: Node, origin: str, depth: int) -> Iterator[str]:
    value: Node = mapping.content[key]
    place = mapping.keys[key] if value.is_mapping else value.span
    comment = "" if place.file == origin else f"  # {_printable(place.file)}:{place.line}"
    head = f"{'  ' * depth}{_text(key)}:"
    if value.is_mapping and value.content:
        yield head + comment
        for child in value.content:
            yield from _entry(child, value, place.file, depth + 1)
    elif value.is_list and value.content and all(item.is_mapping and item.content for item in value.content):
        yield head + comment
        for item in value.content:
            yield from _item(item, place.file, depth + 1)
    else:
        yield f"{head} {_flow(value)}{comment}"


def _item(item: Node, origin: str, depth: int) -> Iterator[str]:
    lines = [line for key in item.content for line in _entry(key, item, origin, depth + 1)]
    first = lines[0]
    yield f"{first[: 2 * depth]}- {first[2 * depth + 2 :]}"
    yield from lines[1:]


def _flow(node: Node) -> str:
    if node.is_mapping:
        return "{" + ", ".join(f"{_text(key)}: {_flow(value)}" for key, value in node.content.items()) + "}"
    if node.is_list:
        return "[" + ", ".join(_flow(item) for item in node.content) + "]"
    if node.content is None:
        return "null"
    return _text(node.content) if isinstance(node.content, str) else written(node.content)


def _text(text: str) -> str:
    """Text as a YAML scalar that every reader takes for text."""
    date = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    if date or (
        _PLAIN.fullmatch(text) and not _READ_OTHERWISE_ELSEWHERE.fullmatch(text) and _reads_back(text)
    ):
        return text
    return _printable(json.dumps(text, ensure_ascii=False))


def _printable(text: str) -> str:
    """YAML does not allow all characters, and some steer a terminal or are taken for the end of a line."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits


def _reads_back(text: str) -> bool:
    node, findings = read_yaml("", text.encode())
    return node is not None and not findings and node.content == text
