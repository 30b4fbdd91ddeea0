r"""Form 1 of a version's digest: a number for what decides figures, the same from every engine.

What is written here is fixed: a lock that names form 1 was written by it, and must be read by it for ever.
So nothing is imported of the engine, whose records may change. Another form is another module.

1. The document is the version resolved: a mapping of texts, integers, exact decimals, booleans, lists and
   mappings, without `based_on`. Defaults are not added.
2. Left out of the version itself are `id`, `title`, `effective_from`, `announced_on`, `source`, `note` and
   `removes`. The first day stands beside the digest in the lock.
3. Left out of each level, benefit, group and activity, of each cap, bonus and declared attribute of these,
   and of the life cycle are `title`, `note` and `source`; of `points` by `per` its `unit`. So it is with each
   entry of `earns`; of what `spends` takes by `per` its `unit` is left out. All else stays, also keys that
   this engine does not know.
4. From the inside to the outside, empty mappings and lists are left out.
5. What remains is written as JSON in ASCII, other characters as `\uXXXX` of their UTF-16 units: keys in the
   order of their code points, no spaces, numbers in plain digits, a fraction without zeros at its end.
6. The digest is the SHA-256 of that text, in 64 hexadecimal digits.

>>> text_of({"id": "a", "levels": {"gold": {"title": "Gold", "threshold": 250}}, "groups": {}})
'{"levels":{"gold":{"threshold":250}}}'
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = frozenset(
    ("id", "title", "effective_from", "announced_on", "based_on", "source", "note", "removes")
)
_WORDS = frozenset(("title", "note", "source"))


def digest(document: Mapping[str, Any]) -> str:
    """The digest of a resolved version, which fits its schema; 64 hexadecimal digits."""
    return hashlib.sha256(text_of(document).encode("ascii")).hexdigest()


def text_of(document: Mapping[str, Any]) -> str:
    """What the digest is made of."""
    kept = {key: value for key, value in document.items() if key not in _HEADER}
    for section in ("levels", "benefits", "groups", "activities"):
        kept[section] = {key: _rule(rule) for key, rule in kept.get(section, {}).items()}
    kept["life_cycle"] = _without_words(kept.get("life_cycle", {}))
    return _json(_without_empty(kept))


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    kept = _entry(rule)
    kept["attributes"] = {key: _without_words(one) for key, one in kept.get("attributes", {}).items()}
    if "earns" in kept:
        kept["earns"] = {key: _entry(one) for key, one in kept["earns"].items()}
    if "spends" in kept:
        kept["spends"] = {key: _points(one) for key, one in kept["spends"].items()}
    return kept


def _entry(rule: Mapping[str, Any]) -> dict[str, Any]:
    kept = _without_words(rule)
    for key in ("bonuses", "caps"):
        kept[key] = [_without_words(item) for item in kept.get(key, ())]
    if "points" in kept:
        kept["points"] = _points(kept["points"])
    return kept


def _points(points: Any) -> Any:
    if not isinstance(points, dict) or not isinstance(points.get("per"), dict):
        return points
    return {**points, "per": {key: value for key, value in points["per"].items() if key != "unit"}}


def _without_words(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in rule.items() if key not in _WORDS}


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        inside = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in inside.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [item for item in map(_without_empty, value) if item not in ({}, [])]
    return value


def _json(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    if isinstance(value, Decimal):
        digits = f"{value:f}"
        whole = digits.rstrip("0").rstrip(".") if "." in digits else digits
        return "0" if whole in {"-0", "-", ""} else whole
    return json.dumps(value)
