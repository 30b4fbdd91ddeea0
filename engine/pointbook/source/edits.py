"""What an edit does to the text of a file: the characters that go, and those that come in their place.

All else stays as it is: comments, order, layout, line ends, quotation marks.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from pointbook.source.nesting import MAX_DEPTH
from pointbook.source.scalars import UnusableNumberError, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pointbook.diagnostics import Edit, Finding

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./+-]*")
_QUOTED = re.compile(r"""(["'])[^"'\\]*\1""")
_ONLY_SPACE = re.compile(r"[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|\Z)")
_LINE_END = re.compile(r"(\r\n|\r|\n)\Z")


class Replacement(NamedTuple):
    """Characters of a file that become others.

    Attributes:
        file: The file's name.
        start: The first that goes, from 0, not counting a byte-order mark.
        end: Behind the last that goes.
        text: What comes in their place.
    """

    file: str
    start: int
    end: int
    text: str


def replacements_of(finding: Finding, texts: Mapping[str, str]) -> tuple[Replacement, ...]:
    """What mends a finding in the texts of its files; nothing where part of it cannot be edited there."""
    found = []
    for edit in finding.fix:
        text = texts.get(edit.span.file)
        replacement = None if text is None else _replacement(text, edit)
        if replacement is None:
            return ()
        found.append(replacement)
    return tuple(found)


def replaced(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with replacements made that do not overlap."""
    for each in sorted(replacements, key=lambda one: one.start, reverse=True):
        text = f"{text[: each.start]}{each.text}{text[each.end :]}"
    return text


def place_of(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of the text."""
    lines = f"{text[:index]}.".splitlines()
    return len(lines), len(lines[-1])


def _replacement(text: str, edit: Edit) -> Replacement | None:
    span, starts = edit.span, _line_starts(text)
    if span.line > len(starts):
        return None
    start = starts[span.line - 1] + span.column - 1
    there = text[start : start + span.length]
    quote = there[:1] if _QUOTED.fullmatch(there) else ""
    if there.strip(quote or None) != edit.old.strip():
        return None
    if edit.new is None:
        return _deletion(edit.span.file, text, start)
    return Replacement(span.file, start, start + span.length, _as_yaml(edit.new, quote))


@lru_cache(maxsize=2)
def _line_starts(text: str) -> list[int]:
    starts, end = [], 0
    for line in text.splitlines(keepends=True):
        starts.append(end)
        end += len(line)
    return starts


def _as_yaml(value: bool | int | str, quote: str) -> str:
    """The value as it is typed, a text in the quotation marks that were there, or that it needs."""
    if not isinstance(value, str):
        return str(value).lower()
    if quote and not re.search(r"""["'\\]""", value) and value.isprintable():
        return f"{quote}{value}{quote}"
    try:
        is_plain = _PLAIN.fullmatch(value) is not None and plain_value(value) == value
    except UnusableNumberError:
        is_plain = False
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _deletion(file: str, text: str, start: int) -> Replacement | None:
    """What deletes the entry or item that begins there, and what would be left empty without it.

    None where a comment would go that may be about what stays, or where it shares its line with others.
    """
    way = _way_to(_composed(text), start)
    while way and len(way[-1][0].value) == 1:
        way.pop()
    if not way:
        return None
    collection, index = way[-1]
    begin, end = _stretch(text, collection.value[index])
    if not collection.flow_style:
        return _whole_lines(file, text, begin, end)
    if index:
        begin = _stretch(text, collection.value[index - 1])[1]
    else:
        end = _stretch(text, collection.value[1])[0]
    return None if "#" in text[begin:end] else Replacement(file, begin, end, "")


def _whole_lines(file: str, text: str, begin: int, end: int) -> Replacement | None:
    line = max(text.rfind("\n", 0, begin), text.rfind("\r", 0, begin)) + 1
    rest = _ONLY_SPACE.match(text, end)
    if rest is None or text[line:begin].strip(" ") not in ("", "-"):
        return None
    if not rest[2] and (ended := _LINE_END.search(text, 0, line)):  # the file ends without a line end
        line -= len(ended[0])
    return Replacement(file, line, rest.end(), "")


@lru_cache(maxsize=2)
def _composed(text: str) -> Any:
    """The document as nodes with marks; None where it cannot be read, or is nested too deep for that."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return None
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        return None


def _way_to(node: Any, start: int) -> list[tuple[Any, int]]:
    """Each mapping or list on the way to what begins there, with the place in it; else empty."""
    way: list[tuple[Any, int]] = []
    while isinstance(node, yaml.CollectionNode):
        inside = [
            index
            for index, entry in enumerate(node.value)
            if _first(entry).start_mark.index <= start < max(_last(entry).end_mark.index, start + 1)
        ]
        if not inside:
            return []
        way.append((node, inside[-1]))
        entry = node.value[inside[-1]]
        if _first(entry).start_mark.index == start and not (
            isinstance(entry, yaml.CollectionNode) and not entry.flow_style
        ):
            return way
        node = _last(entry)
    return []


def _first(entry: Any) -> Any:
    return entry[0] if isinstance(entry, tuple) else entry


def _last(entry: Any) -> Any:
    return entry[1] if isinstance(entry, tuple) else entry


def _stretch(text: str, entry: Any) -> tuple[int, int]:
    """Where an entry or item begins and ends, without the comments behind it."""
    begin, last = _first(entry).start_mark.index, _last(entry)
    while isinstance(last, yaml.CollectionNode) and not last.flow_style:
        last = _last(last.value[-1])
    end = last.end_mark.index
    return begin, begin + len(text[begin:end].rstrip()) if getattr(last, "style", None) in ("|", ">") else end
