"""A short name for a change, by which an approval says which one it lets pass.

It is made of nothing but what changes: wherever and whenever the same value changes in the same way, the
name is the same; with another value it is another one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pointbook.changes.subject import ABSENT
from pointbook.model.plain_values import is_shown, plain
from pointbook.model.points.lookup import Table

if TYPE_CHECKING:
    from pointbook.changes.change import Change

_DIGITS = 12


def fingerprint(change: Change) -> str:
    """`c-` and the first twelve hexadecimal digits of the SHA-256 of code, address, old and new value.

    Of them as one JSON list without spaces, the keys of objects sorted, `null` for a value that is not there.
    The letter makes sure that YAML never reads it as a number.
    """
    values = (None if side.value is ABSENT else _named(side.value) for side in (change.old, change.new))
    whole = [change.code, change.address, *values]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"c-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"


def _named(value: Any) -> Any:
    """A value as JSON has it, by the names that its parts had when approvals were first written.

    Fields that a record has got since (`LATER`) are left out where nothing is written for them.
    """
    if hasattr(value, "as_written"):
        value = value.as_written
    if isinstance(value, Mapping):
        return {key: _named(item) for key, item in value.items()}
    if isinstance(value, tuple) and not hasattr(value, "_asdict"):
        return [_named(item) for item in value]
    if not is_dataclass(value) or isinstance(value, type):
        return plain(value)
    since = getattr(value, "LATER", {})
    found = {
        field.name: _named(getattr(value, field.name))
        for field in fields(value)
        if (field.name not in since or getattr(value, field.name) != since[field.name])
        and is_shown(field, getattr(value, field.name))
    }
    if isinstance(value, Table) and len(value.attributes) == 1:
        found["attribute"] = found.pop("attributes")[0]
    return found
