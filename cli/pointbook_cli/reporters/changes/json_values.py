"""Semantic changes as values that JSON has; `changes.schema.json` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pointbook.changes.subject import ABSENT
from pointbook_cli.reporters.findings.json_values import span_json

if TYPE_CHECKING:
    from pointbook.changes.against import Difference
    from pointbook.changes.change import Change, ChangedValue
    from pointbook.changes.timeline import VersionDifference
    from pointbook.model.program import Version


def difference_json(difference: Difference) -> dict[str, Any]:
    """A whole diff as one object."""
    return {
        "old": difference.old_name,
        "new": difference.new_name,
        "program_changed": bool(difference.program),
        "program": [change_json(change) for change in difference.program],
        "versions": [_version_difference(version) for version in difference.versions],
        "guardrails": [change_json(change) for change in difference.guardrails],
    }


def change_json(change: Change) -> dict[str, Any]:
    """One change."""
    return {
        "address": change.address,
        "code": change.code,
        "subject": change.subject,
        "sentence": change.sentence,
        "direction": change.direction.value,
        "reason": change.reason,
        "old": _value(change.old),
        "new": _value(change.new),
    }


def version_json(version: Version) -> dict[str, Any]:
    """What names a version."""
    return {
        "id": version.id,
        "title": version.title,
        "effective_from": version.effective_from.isoformat(),
        "sha256": version.sha256,
    }


def _version_difference(difference: VersionDifference) -> dict[str, Any]:
    return {
        "status": difference.status.value,
        "old": None if difference.old is None else version_json(difference.old),
        "new": None if difference.new is None else version_json(difference.new),
        "changes": [change_json(change) for change in difference.changes],
    }


def _value(changed: ChangedValue) -> dict[str, Any]:
    present = changed.value is not ABSENT
    place = {"path": list(changed.path), "place": span_json(changed.span), "present": present}
    return {**place, "value": plain(changed.value) if present else None}


def plain(value: Any, *without: str) -> Any:
    """A value as JSON has it, a record without some of its fields.

    Dates and decimals are texts; a fraction, which is exact, is `{"numerator": n, "denominator": d}`.
    """
    if is_dataclass(value):
        value = {
            field.name: getattr(value, field.name) for field in fields(value) if field.name not in without
        }
    elif isinstance(value, Fraction):
        value = {"numerator": value.numerator, "denominator": value.denominator}
    elif hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, (date, Decimal)) else value
