"""`guardrails.yaml` of a program folder: read, checked by its schema and against the rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import jsonschema

from pointbook.comparison.guardrails import Guardrail, Measure
from pointbook.diagnostics import Finding, RulesError, suggestion
from pointbook.loading import read_document
from pointbook.structure.schema_findings import schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

    from pointbook.model.rules import Program
    from pointbook.source.document import Node

GUARDRAILS_FILE = "guardrails.yaml"


def guardrails_in(folder: Path, program: Program) -> tuple[Guardrail, ...]:
    """The program's guardrails; none where it has no such file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    path = folder / GUARDRAILS_FILE
    return guardrails_from(path, program) if path.is_file() else ()


def guardrails_from(path: Path, program: Program) -> tuple[Guardrail, ...]:
    """The guardrails in a file.

    Raises:
        InputError: The file cannot be read.
        RulesError: The file has errors.
    """
    document = read_document(path)
    if document.node is None or document.findings:
        raise RulesError(document.findings)
    node = document.node
    findings = list(_schema_findings(node))
    if findings:
        raise RulesError(findings)
    findings = list(_check_findings(node, program))
    if findings:
        raise RulesError(findings)
    rules = node.content["guardrails"]
    return tuple(_guardrail(key, rule, rules) for key, rule in rules.content.items())


def _guardrail(key: str, node: Node, parent: Node) -> Guardrail:
    plain = node.plain()
    percent = plain.get("at_most_percent")
    return Guardrail(
        id=key,
        title=plain.get("title", key),
        measure=Measure(plain["measure"]),
        at_most=plain.get("at_most"),
        at_most_percent=None if percent is None else Fraction(percent),
        at_least=plain.get("at_least"),
        level=plain.get("level"),
        span=parent.keys[key],
    )


def _check_findings(node: Node, program: Program) -> Iterator[Finding]:
    levels = {level for version in program.versions for level in version.levels}
    for rule in node.content["guardrails"].content.values():
        level = rule.get("level")
        if level is not None and level.content not in levels:
            message = f"no version has a level `{level.content}`"
            yield Finding(level.span, "unknown-level", message, suggestion(level.content, levels))


def _schema_findings(node: Node) -> Iterator[Finding]:
    validator = jsonschema.Draft202012Validator(schema("guardrails"))
    for error in validator.iter_errors(_jsonable(node.plain())):
        yield _finding(error, node)


def _finding(error: ValidationError, node: Node) -> Finding:
    path = tuple(error.absolute_path)
    rule: Any = error.schema
    wanted: Any = error.validator_value
    given: Any = error.instance
    at = node.at(path)
    where = " ".join(f"`{step}`" for step in path) or "the file"
    span = at.span if at is not None else node.key_span(path)
    if error.validator == "additionalProperties":
        known = rule["properties"]
        extra = next(key for key in given if key not in known)
        message = f"`{extra}` is not a key of {where}"
        return Finding(node.key_span((*path, extra)), "unknown-key", message, suggestion(extra, known))
    if error.validator == "required":
        missing = next(key for key in wanted if key not in given)
        message = rule.get("x-message", f"{where} has no `{missing}`")
        return Finding(node.key_span(path), "missing-key", message, f"add `{missing}:`")
    if error.validator == "enum":
        hint = suggestion(str(given), [str(value) for value in wanted])
        return Finding(span, "unknown-value", f"'{given}' is not a value of {where}", hint)
    message = rule.get("x-message", f"{where} does not fit: {error.message[:200]}")
    return Finding(span, "wrong-form", message, "compare it with `pointbook schema guardrails`")


def _jsonable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    return [_jsonable(item) for item in value] if isinstance(value, list) else value
