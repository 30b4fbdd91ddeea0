"""What is told to jq, in the words of every version of it, so that it makes plain objects of nested ones.

>>> way_to("", "user"), way_to(".user", "id"), way_to("._id", "$oid"), key_of("_id_$oid")
('.user', '.user.id', '._id["$oid"]', '"_id_$oid"')
"""

from __future__ import annotations

import json


def way_to(key_above: str, key: str) -> str:
    """The way to a key of an object.

    Args:
        key_above: The way to the object, empty for the whole.
        key: The key.
    """
    return f"{key_above}.{key}" if _is_plain(key) else f"{key_above or '.'}[{json.dumps(key)}]"


def key_of(name: str) -> str:
    """A key as it stands in an object that jq makes."""
    return name if _is_plain(name) else json.dumps(name, ensure_ascii=False)


def _is_plain(key: str) -> bool:
    return key.isascii() and key.isidentifier()
