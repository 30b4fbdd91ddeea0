"""Lines of JSON as texts by name; what lies in objects within is named by the way to it.

>>> flat_texts('{"id": 7, "user": {"id": "ann"}, "tags": ["a"]}')
({'id': '7', 'user_id': 'ann', 'tags': '["a"]'}, '')
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pointbook.adoption.text_shapes import LONGEST_NAME
from pointbook.diagnostics import InputError
from pointbook.log.rows.jq import way_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_NAMES = 512


def flat_texts(line: str) -> tuple[dict[str, str], str]:
    """The texts of a line's object by name, and what is wrong with it, empty where nothing is."""
    try:
        value = json.loads(line, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return {}, "it is not valid JSON"
    if not isinstance(value, dict):
        return {}, "it is no object"
    return {"_".join(path): text for path, _, text in _flat(value, (), "")}, ""


def names_in(file: str, lines: Iterable[str]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Every name in the file's objects, in the order in which they come first, and the ways into objects.

    Raises:
        InputError: The file has no line that is an object.
    """
    names: dict[str, str] = {}
    nested: set[str] = set()
    first = ""
    for line in filter(str.strip, lines):
        first = first or line.strip()
        texts, problem = flat_texts(line)
        if not problem and len(names) < _MOST_NAMES and not names.keys() >= texts.keys():
            for path, way, _ in _flat(json.loads(line), (), ""):
                if (name := "_".join(path)) not in names and len(name) <= LONGEST_NAME:
                    names[name] = way
                    nested |= {name} if len(path) > 1 else set()
    if not names or first.startswith("["):
        hint = "write one object a line"
        if first.startswith("["):
            hint += "; `jq -c '.[]'` does it"
        elif first.startswith("{"):
            hint += "; `jq -c .` does it"
        is_list = first.startswith("[")
        what = "this looks like one JSON list, not like JSON Lines" if is_list else "no line is a JSON object"
        raise InputError(file, what, hint)
    return tuple(names), tuple((name, way) for name, way in names.items() if name in nested)


def _flat(
    value: dict[str, Any], above: tuple[str, ...], way: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for key, inner in value.items():
        path, here = (*above, key), way_to(way, key)
        if isinstance(inner, dict) and inner:
            yield from _flat(inner, path, here)
        else:
            yield path, here, _text_of(inner)


def _text_of(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
