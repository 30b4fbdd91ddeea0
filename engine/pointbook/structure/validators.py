"""The JSON Schemas, and what holds a document against one of them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema

from pointbook.source import files
from pointbook.structure.date_text import DateError, date_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

SCHEMAS = (
    "program",
    "version",
    "complete",
    "patch",
    "scenario",
    "guardrails",
    "approvals",
    "survivors",
    "event",
    "member",
    "log",
    "lock",
    "changes",
    "comparison",
)
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date", raises=DateError)
def _is_date(value: object) -> bool:
    if isinstance(value, str):
        date_from(value)
    return True


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema `name`, one of `SCHEMAS`."""
    loaded: dict[str, Any] = json.loads(files.schema_text(name))
    return loaded


def _pattern(_: object, pattern: str, value: object, rule: dict[str, Any]) -> Iterator[ValidationError]:
    """The keyword `pattern` as JSON Schema means it: `$` is the very end, not a place before a line break.

    Beside `format` it says the same for editors, which know no formats or know them badly.
    """
    if isinstance(value, str) and "format" not in rule and not _compiled(pattern).search(value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern)


@cache
def validator(name: str, *, whole: bool = True) -> Validator:
    """The validator of the JSON Schema `name`; `whole` if amounts have no places in the program at hand."""
    # jsonschema says no types of it.
    extended = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, {"pattern": _pattern}
    )
    of_program = _with_whole_amounts(schema(name)) if whole else schema(name)
    made: Validator = extended(_inlined(of_program), format_checker=_FORMATS)
    return made


def _with_whole_amounts(part: Any) -> Any:
    """The schema where amounts, which it marks with `x-places`, are whole numbers."""
    if isinstance(part, list):
        return [_with_whole_amounts(item) for item in part]
    if not isinstance(part, dict):
        return part
    changed = {key: _with_whole_amounts(value) for key, value in part.items()}
    if part.get("x-places") is True:
        types = part["type"]
        changed["type"] = _whole(types) if isinstance(types, str) else [_whole(one) for one in types]
        if part.get("exclusiveMinimum") == 0:
            changed["minimum"] = 1
            del changed["exclusiveMinimum"]
    return changed


def _whole(kind: str) -> str:
    return "integer" if kind == "number" else kind


def _inlined(whole: dict[str, Any]) -> dict[str, Any]:
    """The schema with its references replaced by what they refer to, which is checked twice as fast.

    Only a definition that contains itself keeps its references. What is for editors alone is left out.
    """
    definitions = whole.get("$defs", {})

    def inline(part: Any, inside: tuple[str, ...]) -> Any:
        if isinstance(part, list):
            return [inline(item, inside) for item in part if not _is_for_editors(item)]
        if not isinstance(part, dict):
            return part
        name = part["$ref"].removeprefix("#/$defs/") if isinstance(part.get("$ref"), str) else None
        if name is None or name in inside:
            return {key: inline(value, inside) for key, value in part.items() if key != "$defs"}
        own = {key: value for key, value in part.items() if key != "$ref"}
        merged: dict[str, Any] = inline({**definitions[name], **own}, (*inside, name))
        return merged

    return {**inline(whole, ()), "$defs": definitions}


def _is_for_editors(part: Any) -> bool:
    return isinstance(part, dict) and "x-for-editors" in part
