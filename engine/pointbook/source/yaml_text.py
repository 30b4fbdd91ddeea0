"""Values as YAML that every reader takes for the same values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pointbook.model.wording import written
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.source.document import Node

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./()%+-]*[A-Za-z0-9_)%.]|[A-Za-z0-9]")
_READ_OTHERWISE_ELSEWHERE = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)|[-+.0-9][0-9_.:eExXoO+-]*")


def flow_text(node: Node) -> str:
    """A value on one line, as every reader takes it."""
    if node.is_mapping:
        return (
            "{"
            + ", ".join(f"{scalar_text(key)}: {flow_text(value)}" for key, value in node.content.items())
            + "}"
        )
    if node.is_list:
        return "[" + ", ".join(flow_text(item) for item in node.content) + "]"
    if node.content is None:
        return "null"
    return scalar_text(node.content) if isinstance(node.content, str) else written(node.content)


def scalar_text(text: str) -> str:
    """Text as a YAML scalar that every reader takes for text."""
    date = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    if date or (
        _PLAIN.fullmatch(text) and not _READ_OTHERWISE_ELSEWHERE.fullmatch(text) and _reads_back(text)
    ):
        return text
    return comment_text(json.dumps(text, ensure_ascii=False))


def comment_text(text: str) -> str:
    """YAML does not allow all characters, and some steer a terminal or are taken for the end of a line."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - four digits


def _reads_back(text: str) -> bool:
    node, findings = read_yaml("", text.encode())
    return node is not None and not findings and node.content == text
