"""A short name for a change, by which an approval says which one it lets pass.

It is made of nothing but what changes: wherever and whenever the same value changes in the same way, the
name is the same; with another value it is another one.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from pointbook.changes.subject import ABSENT
from pointbook.model.plain_values import plain

if TYPE_CHECKING:
    from pointbook.changes.change import Change

_DIGITS = 12


def fingerprint(change: Change) -> str:
    """`c-` and the first twelve hexadecimal digits of the SHA-256 of code, address, old and new value.

    Of them as one JSON list without spaces, the keys of objects sorted, `null` for a value that is not there.
    The letter makes sure that YAML never reads it as a number.
    """
    values = (None if side.value is ABSENT else plain(side.value) for side in (change.old, change.new))
    whole = [change.code, change.address, *values]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"c-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"
