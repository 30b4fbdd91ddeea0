"""What a JSON Schema says about a positioned document, one plain sentence each.

The schemas carry four annotations that editors ignore: `x-message` and `x-hint` replace the words
of a rule that spans several keys, `x-expected` describes a type or pattern, `x-noun` names what an
enumeration lists, `x-also` names keys that a misspelt one may have been meant to be.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema

from pointbook.diagnostics import Finding, Span, closest, sorted_findings, suggestion
from pointbook.source import files
from pointbook.structure.date_text import date_from
from pointbook.structure.wording import described, expected_types, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

    from pointbook.model.rules import Path
    from pointbook.source.document import Node

SCHEMAS = ("program", "version", "patch", "scenario", "event", "member")
_WHOLE = {
    "program": "the program",
    "version": "the version",
    "patch": "the version",
    "scenario": "the scenario",
}
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    if isinstance(value, str):
        date_from(value)
    return True


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema `name`, one of `SCHEMAS`."""
    loaded: dict[str, Any] = json.loads(files.schema_text(name))
    return loaded


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(_inlined(schema(name)), format_checker=_FORMATS)


def _inlined(whole: dict[str, Any]) -> dict[str, Any]:
    """The schema with its references replaced by what they refer to, which is checked twice as fast.

    Only a definition that contains itself keeps its references.
    """
    definitions = whole.get("$defs", {})

    def inline(part: Any, inside: tuple[str, ...]) -> Any:
        if isinstance(part, list):
            return [inline(item, inside) for item in part]
        if not isinstance(part, dict):
            return part
        name = part["$ref"].removeprefix("#/$defs/") if isinstance(part.get("$ref"), str) else None
        if name is None or name in inside:
            return {key: inline(value, inside) for key, value in part.items() if key != "$defs"}
        own = {key: value for key, value in part.items() if key != "$ref"}
        merged: dict[str, Any] = inline({**definitions[name], **own}, (*inside, name))
        return merged

    return {**inline(whole, ()), "$defs": definitions}


def schema_errors(document: Node, name: str) -> tuple[tuple[Path, Finding], ...]:
    """Every fault of `document` by the schema `name`, each with the path it lies at."""
    errors = list(_validator(name).iter_errors(document.plain()))
    misspelt = _misspelt_keys(errors)
    found: dict[tuple[Path, Finding], None] = {}
    for error in errors:
        for path, finding in _findings(error, document, _WHOLE.get(name, "the row"), misspelt):
            found[path, finding] = None
    return tuple(found)


def schema_findings(document: Node, name: str) -> tuple[Finding, ...]:
    """Every fault of `document` by the schema `name`, sorted."""
    return sorted_findings(finding for _, finding in schema_errors(document, name))


def _path(error: ValidationError) -> Path:
    return tuple(error.absolute_path)


def _misspelt_keys(errors: list[ValidationError]) -> dict[Path, set[str]]:
    """By path, the known keys that an unknown one was probably meant to be."""
    meant: dict[Path, set[str]] = {}
    for error in errors:
        if error.validator == "additionalProperties":
            for key in _extra_keys(error):
                match = closest(key, _known_keys(error))
                if match is not None:
                    meant.setdefault(_path(error), set()).add(match)
    return meant


def _extra_keys(error: ValidationError) -> list[str]:
    return [key for key in error.instance if key not in error.schema.get("properties", {})]


def _known_keys(error: ValidationError) -> list[str]:
    return [*error.schema.get("properties", {}), *error.schema.get("x-also", ())]


def _findings(
    error: ValidationError, document: Node, whole: str, misspelt: dict[Path, set[str]]
) -> Iterator[tuple[Path, Finding]]:
    path = _path(error)
    meant = misspelt.get(path, set())
    other_form = bool(meant & set(error.schema.get("x-also", ())))
    where = described(path, whole)
    key_span = document.key_span(path)
    node = document.at(path)
    span = node.span if node is not None else key_span
    if error.validator == "additionalProperties":
        for key in _extra_keys(error):
            message = f"`{key}` is not a key of {where}"
            yield (
                (*path, key),
                Finding(document.key_span((*path, key)), "unknown-key", message, suggestion(key, _known_keys(error))),
            )
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance and key not in meant and not other_form:
                yield path, _missing_key(error, key, where, key_span)
    elif other_form and error.validator == "minProperties":
        return
    elif "propertyNames" in error.absolute_schema_path:
        yield (*path, error.instance), _bad_name(error, document.key_span((*path, error.instance)))
    else:
        yield path, _value_finding(error, path, where, span, key_span)


def _missing_key(error: ValidationError, key: str, where: str, span: Span) -> Finding:
    helper = "properties" not in error.schema
    message = error.schema.get("x-message") if helper else None
    hint = error.schema.get("x-hint") if helper else None
    if hint is None:
        description = error.schema.get("properties", {}).get(key, {}).get("description")
        hint = f"add `{key}:`" + (f" - {_lower_first(description)}" if description else "")
    return Finding(span, "missing-key", message or f"{where} has no `{key}`", hint)


def _bad_name(error: ValidationError, span: Span) -> Finding:
    message = error.schema.get("x-message") if error.validator == "not" else None
    hint = error.schema.get("x-hint") if error.validator == "not" else None
    expected = error.schema.get("x-expected", "a shorter name")
    name = str(error.instance)
    return Finding(span, "bad-name", message or f"`{name[:60]}` cannot be a name here", hint or f"use {expected}")


def _value_finding(error: ValidationError, path: Path, where: str, span: Span, key_span: Span) -> Finding:  # noqa: PLR0911 - one return per keyword reads best
    annotations = error.schema
    value = error.instance
    hint = annotations.get("x-hint")
    if error.validator == "type":
        expected = annotations.get("x-expected") or expected_types(error.validator_value)
        quoted = isinstance(value, (int, bool)) and "string" in error.validator_value
        advice = f'quote it, if it is a name: "{value}"' if quoted else f"write {expected}"
        return Finding(span, "wrong-type", f"{where} must be {expected}, not {kind_of(value)}", advice)
    if error.validator == "enum":
        noun = annotations.get("x-noun", f"a value of `{path[-1] if path else ''}`")
        return Finding(span, "unknown-value", f"'{value}' is not {noun}", suggestion(str(value), error.validator_value))
    if error.validator == "const":
        wanted = json.dumps(error.validator_value)
        return Finding(
            span, "unknown-value", f"{where} can only be `{wanted}`", f"write `{wanted}`, or delete the line"
        )
    if error.validator == "format":
        cause = str(error.cause) if error.cause is not None else f"{where} is not a date"
        return Finding(span, "bad-date", cause, "correct the date")
    if error.validator in ("minimum", "maximum"):
        bound = f"at {'least' if error.validator == 'minimum' else 'most'} {error.validator_value:,}"
        return Finding(span, "out-of-bounds", f"{where} must be {bound}, not {value:,}", f"use a number of {bound}")
    if error.validator == "pattern":
        expected = annotations.get("x-expected", "another form")
        return Finding(span, "bad-name", f"{where} cannot be {kind_of(value)}", f"use {expected}")
    if error.validator in ("minItems", "minProperties", "minLength") and not value and not annotations.get("x-message"):
        return Finding(key_span, "empty", f"{where} is empty", hint or "fill it in, or delete the key")
    if error.validator == "uniqueItems":
        return Finding(span, "duplicate-item", f"{where} names the same thing twice", "keep one")
    message = annotations.get("x-message", f"{where} does not fit its schema: {error.message[:200]}")
    return Finding(key_span, "wrong-form", message, hint or "compare it with the rule author's guide")


def _lower_first(text: str) -> str:
    first = text.split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:]
