"""A member's attributes as values that JSON has, and back: in states, and on their way between processes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.attributes import AttributeType
from pointbook.model.wording import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pointbook.model.attributes import Attribute, Value
    from pointbook.model.log import Attributes, Dated

_VALUES: Mapping[AttributeType, Callable[[str], Value | date]] = {
    AttributeType.INTEGER: int,
    AttributeType.DECIMAL: Decimal,
    AttributeType.DATE: date.fromisoformat,
    AttributeType.TEXT: str,
    AttributeType.BOOLEAN: "true".__eq__,
}
"""How what `written` wrote of a value becomes the value again."""


def texts_of(attributes: Attributes) -> dict[str, str]:
    """Attributes as texts, sorted by their names."""
    return {name: written(value) for name, value in sorted(attributes.items())}


def attributes_from(texts: Mapping[str, str], declared: Mapping[str, Attribute]) -> Attributes:
    """The attributes whose texts these are, of those that are declared still."""
    known = {name: text for name, text in texts.items() if name in declared}
    return MappingProxyType({name: _VALUES[declared[name].type](text) for name, text in known.items()})


def dated_texts_of(dated: Dated) -> list[tuple[str, dict[str, str]]]:
    """Each day with the attributes from then on."""
    return [(day.isoformat(), texts_of(attributes)) for day, attributes in dated]


def dated_from(texts: Iterable[tuple[str, Mapping[str, str]]], declared: Mapping[str, Attribute]) -> Dated:
    """What `dated_texts_of` wrote as it was; in JSON, pairs are lists."""
    return tuple((date.fromisoformat(day), attributes_from(given, declared)) for day, given in texts)


def dated_text(dated: Dated) -> str | None:
    """Dated attributes as one text; None where they are not dated."""
    return json.dumps(dated_texts_of(dated)) if dated else None


def dated_from_text(text: str | None, declared: Mapping[str, Attribute]) -> Dated:
    """What `dated_text` wrote as it was."""
    return dated_from(json.loads(text), declared) if text else ()
