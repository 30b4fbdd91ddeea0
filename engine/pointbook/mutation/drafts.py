"""Cases as a scenario's YAML: members, what they do, and what must come of it by today's rules."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.loading.documents import document_from
from pointbook.model.wording import written
from pointbook.source.scalars import UnusableNumberError, plain_value
from pointbook.structure.schema_findings import schema_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.loading import ReadDocument
    from pointbook.mutation.edits import Edit
    from pointbook.mutation.story import Differing, Story

_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+/ -]|:(?! ))*")


class Told(NamedTuple):
    """A story of a scenario.

    Attributes:
        edits: The slips that it notices.
        story: The member and what they do.
        expected: What must come of it.
    """

    edits: tuple[Edit, ...]
    story: Story
    expected: Differing


def scenario_text(title: str, until: str, told: Sequence[Told]) -> str:
    """A scenario, as YAML.

    Args:
        title: What it shows.
        until: The last version that it is about.
        told: The stories, at least one.
    """
    names = _member_names(told)
    several = len(told) > 1
    lines = [f"title: {_text(title)}", f"rules: {{until: {_scalar(until)}}}", "members:"]
    for name, one in zip(names, told, strict=True):
        member = {"signed_up_on": one.story.signed_up_on.isoformat(), **dict(one.story.member)}
        lines.append(f"  {name}: {_flow(member)}")
    events: list[str] = []
    standings: list[str] = []
    for name, one in zip(names, told, strict=True):
        who = {"member_id": name} if several else {}
        comments = [f"  # {comment}" for comment in _comments(one.edits)] if several else []
        own = []
        for place, event in enumerate(one.story.events):
            cells = {**who, "occurred_at": event.occurred_at, "activity": event.activity, **dict(event.cells)}
            if place in one.expected.events:
                cells["expect"] = one.expected.events[place]
            own.append(f"  - {_flow(cells)}")
        held = [
            f"  - {_flow({**who, 'as_of': day.isoformat(), **columns})}"
            for day, columns in sorted(one.expected.standings.items())
        ]
        events += [*comments, *own] if own else []
        standings += [*(comments if not own else ()), *held]
    for key, rows in (("events", events), ("standings", standings)):
        lines += ["", f"{key}:", *rows] if rows else []
    return "\n".join(lines) + "\n"


def scenario_document(file: str, text: str) -> ReadDocument:
    """The document that a scenario's text would be read as."""
    read = document_from(file, text.encode())
    assert read.node is not None, "what is written here can be read"
    return replace(read, findings=schema_findings(read.node, "scenario"))


def title_of(edits: Iterable[Edit]) -> str:
    """What a case shows: "The threshold of level `gold`: 500, not 499"."""
    return _comments(tuple(edits))[0].removesuffix(".")


def _comments(edits: Sequence[Edit]) -> list[str]:
    """A sentence for each value that a story is about."""
    slips: dict[tuple[str, str], list[str]] = {}
    for edit in edits:
        slips.setdefault((edit.subject, edit.was), []).append(edit.now)
    return [
        _seen(f"{subject[0].upper()}{subject[1:]}: {was}, not {' or '.join(nows)}.")
        for (subject, was), nows in slips.items()
    ]


def _member_names(told: Sequence[Told]) -> list[str]:
    """Each member is called like the rule that the story is about."""
    found: list[str] = []
    for one in told:
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", one.edits[0].topic).strip("-") or "member"
        if not isinstance(plain_value_of(name), str):
            name = f"member-{name}"
        number = 2
        candidate = name
        while candidate in found:
            candidate = f"{name}-{number}"
            number += 1
        found.append(candidate)
    return found


def plain_value_of(text: str) -> Any:
    """What an unquoted text is read as; None where it is read as no value that rules can have."""
    try:
        return plain_value(text)
    except UnusableNumberError:
        return None


def _flow(values: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{_scalar(key)}: {_value(value)}" for key, value in values.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _flow(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int | Decimal):
        return written(value)
    text = str(value)
    is_plain = _PLAIN.fullmatch(text) and text == text.strip() and plain_value_of(text) == text
    return text if is_plain and not text.endswith(":") else _quoted(text)


def _quoted(text: str) -> str:
    """A text in quotes, in which what cannot be seen is written as its code."""
    return _seen(json.dumps(text, ensure_ascii=False))


def _seen(text: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in text)


def _text(text: str) -> str:
    """A text on a line of its own."""
    return text if ": " not in text and " #" not in text and text[:1].isalpha() else _quoted(text)
