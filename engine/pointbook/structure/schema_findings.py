"""What a JSON Schema says about a positioned document, one plain sentence each.

The schemas carry annotations that editors ignore: `x-message` and `x-hint` replace the words
of a rule that spans several keys, `x-expected` describes a type or pattern, `x-noun` names what an
enumeration lists, `x-also` names keys that a misspelt one may have been meant to be, `x-instead` says
what to write in place of a key that people try, `x-places` marks amounts. `title`,
`errorMessage`, `patternErrorMessage` and parts with `x-for-editors` are theirs alone.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.diagnostics import Edit, Finding, Span, closest, sorted_findings, suggestion
from pointbook.model.wording import written
from pointbook.slips import slip_fix
from pointbook.structure.date_text import DateError
from pointbook.structure.meant_values import value_fix
from pointbook.structure.number_slips import advice_for, joined_fix, joined_numbers
from pointbook.structure.text_slips import rest_of_text
from pointbook.structure.validators import validator
from pointbook.structure.wording import described, expected_types, kind_of, on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

    from pointbook.model.rules import Path
    from pointbook.source.document import Node

_BOUNDS = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above"}
_WHOLE = {
    "program": "the program",
    "version": "the version",
    "complete": "the version",
    "patch": "the version",
    "scenario": "the scenario",
    "guardrails": "the file",
    "approvals": "the file",
    "lock": "the lock",
    "survivors": "the file",
    "log": "the file",
}


class _Violation(NamedTuple):
    """What jsonschema says of one fault.

    Attributes:
        path: Where in the document.
        keyword: The schema keyword that is not met.
        wanted: That keyword's value.
        value: What the document has there.
        rule: The schema that holds the keyword, with its annotations.
        names: Whether it is a mapping's key that is at fault, which `value` then is.
        cause: What a format check said; None for other keywords.
        text: jsonschema's own words, for a keyword that has none here.
    """

    path: Path
    keyword: str
    wanted: Any
    value: Any
    rule: dict[str, Any]
    names: bool
    cause: DateError | None
    text: str


def _violation(error: ValidationError, *, is_patch: bool) -> _Violation:
    keyword, wanted = str(error.validator), error.validator_value
    if is_patch and keyword in {"type", "enum"} and isinstance(wanted, list):  # `null` removes
        wanted = [value for value in wanted if value not in (None, "null")]
        if len(wanted) == 1:
            keyword, wanted = "type" if keyword == "type" else "const", wanted[0]
    return _Violation(
        path=tuple(error.absolute_path),
        keyword=keyword,
        wanted=wanted,
        value=error.instance,
        rule=error.schema if isinstance(error.schema, dict) else {},
        names="propertyNames" in error.absolute_schema_path,
        cause=error.cause if isinstance(error.cause, DateError) else None,
        text=error.message,
    )


def schema_errors(document: Node, name: str, *, whole: bool = True) -> tuple[tuple[Path, Finding], ...]:
    """Every fault of `document` by the schema `name`, each with the path it lies at.

    Args:
        document: The document.
        name: The schema's.
        whole: Whether no balance of its program has places, so that amounts are whole numbers.
    """
    found = validator(name, whole=whole).iter_errors(document.plain())
    errors = [_violation(error, is_patch=name == "patch") for error in found]
    misspelt = _misspelt_keys(errors)
    called = _WHOLE.get(name, "the row")
    return tuple(
        dict.fromkeys(found for error in errors for found in _findings(error, document, called, misspelt))
    )


def schema_findings(document: Node, name: str) -> tuple[Finding, ...]:
    """Every fault of `document` by the schema `name`, sorted."""
    return sorted_findings(finding for _, finding in schema_errors(document, name))


def _misspelt_keys(errors: list[_Violation]) -> dict[Path, set[str]]:
    """By path, the known keys that an unknown one was probably meant to be."""
    meant: dict[Path, set[str]] = {}
    for error in errors:
        if error.keyword == "additionalProperties":
            for key in _extra_keys(error):
                match = closest(key, _known_keys(error))
                if match is not None:
                    meant.setdefault(error.path, set()).add(match)
    return meant


def _extra_keys(error: _Violation) -> list[str]:
    return [key for key in error.value if key not in error.rule.get("properties", {})]


def _known_keys(error: _Violation) -> list[str]:
    return [*error.rule.get("properties", {}), *error.rule.get("x-also", ())]


def _findings(
    error: _Violation, document: Node, whole: str, misspelt: dict[Path, set[str]]
) -> Iterator[tuple[Path, Finding]]:
    path = error.path
    meant = misspelt.get(path, set())
    other_form = bool(meant & set(error.rule.get("x-also", ())))
    where = described(path, whole)
    key_span = document.key_span(path)
    node = document.at(path)
    span = node.span if node is not None else key_span
    if error.keyword == "additionalProperties":
        yield from _unknown_keys(error, document, where)
    elif error.keyword == "required":
        for key in error.wanted:
            if key not in error.value and key not in meant and not other_form:
                yield (*path, key), _missing_key(error, document, key, where)
    elif other_form and error.keyword == "minProperties":
        return
    elif error.keyword == "maxProperties" and len(error.value) - len(_extra_keys(error)) <= error.wanted:
        return  # the unknown keys are told
    elif error.names:
        yield (*path, error.value), _bad_name(error, document.key_span((*path, error.value)))
    else:
        yield path, _value_finding(error, node, where, span, key_span)


def _unknown_keys(error: _Violation, document: Node, where: str) -> Iterator[tuple[Path, Finding]]:
    for key in _extra_keys(error):
        path, known = (*error.path, key), _known_keys(error)
        message = f"`{key}` is not a key of {where}"
        hint = error.rule.get("x-instead", {}).get(key) or rest_of_text(document.at(error.path), key)
        hint = hint or suggestion(key, known)
        span = document.key_span(path)
        yield path, Finding(span, "unknown-key", message, hint, fix=slip_fix(span, key, known))


def _missing_key(error: _Violation, document: Node, key: str, where: str) -> Finding:
    helper = "properties" not in error.rule
    message = error.rule.get("x-message") if helper else None
    hint = error.rule.get("x-hint") if helper else None
    if hint is None:
        description = error.rule.get("properties", {}).get(key, {}).get("description")
        hint = f"add `{key}:`" + (f" - {_lower_first(description)}" if description else "")
    # Where further keys are allowed, nothing else says of one that it is misspelt.
    slips = [(extra, document.key_span((*error.path, extra))) for extra in _extra_keys(error)]
    fixes = [(extra, fix) for extra, span in slips if (fix := slip_fix(span, extra, (key,)))]
    if len(fixes) == 1:
        hint = f"did you mean `{key}` by `{fixes[0][0]}`?"
    span, fix = document.key_span(error.path), fixes[0][1] if len(fixes) == 1 else ()
    return Finding(span, "missing-key", message or f"{where} has no `{key}`", hint, fix=fix)


def _bad_name(error: _Violation, span: Span) -> Finding:
    if error.keyword == "maxLength":
        return _too_long(error, f"the name `{on_one_line(error.value[:40])}…`", span)
    message = error.rule.get("x-message") if error.keyword == "not" else None
    hint = error.rule.get("x-hint") if error.keyword == "not" else None
    expected = error.rule.get("x-expected", "another name")
    name = on_one_line(str(error.value)[:60])
    message = message or f"`{name}` cannot be a name here"
    return Finding(span, "bad-name", message, hint or f"use {expected}")


def _name_finding(error: _Violation, where: str, span: Span) -> Finding:
    if error.keyword == "maxLength":
        return _too_long(error, where, span)
    expected = error.rule.get("x-expected", "another form")
    return Finding(span, "bad-name", f"{where} cannot be {kind_of(error.value)}", f"use {expected}")


def _too_long(error: _Violation, where: str, span: Span) -> Finding:
    message = f"{where} is too long: it has {len(error.value):,} characters"
    return Finding(span, "bad-name", message, f"use at most {error.wanted:,} characters")


def _type_finding(error: _Violation, where: str, span: Span, typed: str) -> Finding:
    expected = error.rule.get("x-expected") or expected_types(error.wanted)
    message = f"{where} must be {expected}, not {kind_of(error.value)}"
    if error.value is None:
        message = f"{where} has no value"
    wanted = [error.wanted] if isinstance(error.wanted, str) else error.wanted
    kind = (
        "date" if error.rule.get("format") == "date" else next((one for one in wanted if one != "null"), "")
    )
    fix = value_fix(span, error.value, kind, typed)
    return Finding(span, "wrong-type", message, _type_hint(error, typed) or f"write {expected}", fix=fix)


def _type_hint(error: _Violation, typed: str) -> str:
    """How a value of the wanted type is written; empty where saying what is expected is enough."""
    value, rule = error.value, error.rule
    if "integer" in error.wanted:
        return advice_for(value)
    if error.wanted == "string" and isinstance(value, int):
        return f'quote it, if it is a name: "{typed or written(value)}"'
    if "x-for-number" in rule and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(rule["x-for-number"]).format(typed or value, typed or value)
    if error.wanted == "object" and "x-expected" not in rule:
        keys = rule.get("required") or rule.get("x-first") or list(rule.get("properties", ()))[:1]
        return f"write its keys below it, such as `{keys[0]}:`" if keys else ""
    if error.wanted == "array":
        return str(rule.get("x-hint", "write a list: `- ` before each item, or all of them in brackets"))
    return ""


def _enum_finding(error: _Violation, where: str, span: Span) -> Finding:
    value = error.value
    noun = error.rule.get("x-noun", f"a value of `{error.path[-1] if error.path else ''}`")
    message = f"'{value}' is not {noun}" if isinstance(value, str) else f"{kind_of(value)} is not {noun}"
    if value is None:
        message = f"{where} has no value"
    fix = slip_fix(span, value, error.wanted) if isinstance(value, str) else ()
    return Finding(span, "unknown-value", message, suggestion(written(value), error.wanted), fix=fix)


def _value_finding(error: _Violation, node: Node | None, where: str, span: Span, key_span: Span) -> Finding:  # noqa: PLR0911 - one return per keyword reads best
    annotations, path, value = error.rule, error.path, error.value
    hint = annotations.get("x-hint")
    if error.keyword == "type":
        return _type_finding(error, where, span, "" if node is None else node.typed)
    if error.keyword == "enum":
        return _enum_finding(error, where, span)
    if error.keyword == "const":
        wanted = json.dumps(error.wanted)
        message = f"{where} can only be `{wanted}`"
        return Finding(span, "unknown-value", message, f"write `{wanted}`, or delete the line")
    if error.keyword == "format":
        assert error.cause is not None
        problem = on_one_line(error.cause.problem)
        fix = value_fix(span, value, "date") if error.cause.meant else ()
        return Finding(span, "bad-date", problem, error.cause.advice or "correct the date", fix=fix)
    if error.keyword in _BOUNDS:
        bound = f"{_BOUNDS[error.keyword]} {error.wanted:,}"
        message = f"{where} must be {bound}, not {value:,}"
        of = "" if error.keyword == "exclusiveMinimum" else "of "
        return Finding(span, "out-of-bounds", message, f"use a number {of}{bound}")
    if error.keyword in ("pattern", "maxLength"):
        return _name_finding(error, where, span)
    is_least = error.keyword in ("minItems", "minProperties", "minLength")
    if is_least and not value and not annotations.get("x-message"):
        return Finding(key_span, "empty", f"{where} is empty", hint or "fill it in, or delete the key")
    if error.keyword == "maxItems" and (numbers := joined_numbers(node)):
        message = f"{where} is read as {len(value)} values: a comma ends each"
        hint = f"write `{path[-1]}: {numbers}`, numbers without a comma"
        return Finding(span, "split-number", message, hint, fix=joined_fix(node))
    if error.keyword == "uniqueItems":
        message = f"{where} names the same thing twice"
        return Finding(span, "duplicate-item", message, "keep one", fix=_second_goes(node))
    message = annotations.get("x-message", f"{where} does not fit its schema: {error.text[:200]}")
    return Finding(key_span, "wrong-form", message, hint or "compare it with the rule author's guide")


def _second_goes(listed: Node | None) -> tuple[Edit, ...]:
    """The edits that leave the first of equal items."""
    items: tuple[Node, ...] = () if listed is None else listed.content
    plain = [item.plain() for item in items]
    return tuple(
        Edit(item.span, written(value), None)
        for index, (item, value) in enumerate(zip(items, plain, strict=True))
        if value in plain[:index]
    )


def _lower_first(text: str) -> str:
    first = text.partition(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:]
