"""The records of `versions.lock`, and what of a program stands in it.

Source: rules/README.md, "Publishing".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointbook.model.amounts import Rounding
from pointbook.model.wording import written
from pointbook.published import form_1

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from pointbook.diagnostics import Span
    from pointbook.model.program import Program
    from pointbook.source.document import Node

FORMS: Mapping[int, Callable[[Mapping[str, Any]], str]] = {1: form_1.digest}
"""How a resolved version's digest is computed, by the number of the form."""
NEWEST = max(FORMS)

Facts = dict[str, Any]
"""What decides figures of all versions: by the keys of program.yaml, in plain values."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """That something published was changed afterwards, with what it was.

    Attributes:
        amended_on: The day.
        reason: Why.
        before: What stood in the lock until then, by its keys there.
    """

    amended_on: date
    reason: str
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version that may no longer change.

    Attributes:
        id: The version's.
        effective_from: Its first day.
        published_on: The day on which it was published.
        engine: The engine's version that wrote the digest.
        form: Number of the digest's form.
        digest: Of what decides figures in it.
        withdrawn_on: The day on which it was taken back, if it was.
        amended: What was changed since, the first first.
        span: Where it is written.
    """

    id: str
    effective_from: date
    published_on: date
    engine: str
    form: int
    digest: str
    withdrawn_on: date | None
    amended: tuple[Amendment, ...]
    span: Span

    def is_of(self, resolved: Node) -> bool:
        """Whether a resolved version decides figures as this one did when it was published."""
        return FORMS[self.form](resolved.plain()) == self.digest


@dataclass(frozen=True, slots=True)
class Lock:
    """What was published.

    Attributes:
        facts: The program as it was, with every default.
        facts_amended: What was changed of that since.
        entries: All versions that ever were published, in the order of the file.
        document: It as written.
    """

    facts: Facts
    facts_amended: tuple[Amendment, ...]
    entries: tuple[PublishedVersion, ...]
    document: Node

    @property
    def published(self) -> tuple[PublishedVersion, ...]:
        """Those that were not withdrawn, by their first day."""
        kept = (entry for entry in self.entries if entry.withdrawn_on is None)
        return tuple(sorted(kept, key=lambda entry: (entry.effective_from, entry.id)))

    def entry(self, version_id: str) -> PublishedVersion | None:
        """The published version with that id."""
        kept = (entry for entry in self.entries if entry.withdrawn_on is None)
        return next((entry for entry in kept if entry.id == version_id), None)


def facts_of(program: Program) -> Facts:
    """What the program says that decides figures of all its versions, with every default."""
    return {
        "timezone": program.timezone,
        "level_balance": program.level_balance,
        "balances": {
            key: {
                "resets": balance.resets.value,
                "start": balance.start,
                "floor": balance.floor,
                "decimals": balance.decimals or None,
                "round": None if balance.round is Rounding.HALF_UP else balance.round.value,
            }
            for key, balance in program.balances.items()
        },
        "member_attributes": {
            key: attribute.type.value for key, attribute in program.member_attributes.items()
        },
        "member_defaults": {
            key: None if attribute.default is None else written(attribute.default)
            for key, attribute in program.member_attributes.items()
        },
    }


def changed_facts(before: Facts, now: Facts) -> tuple[tuple[tuple[str, ...], Any, Any], ...]:
    """What is no longer as it was: where, what it was, and what it is, None for what is gone.

    What was added changes nothing.

    >>> changed_facts({"timezone": "UTC"}, {"timezone": "Europe/Brussels", "balances": {"a": 1}})
    ((('timezone',), 'UTC', 'Europe/Brussels'),)
    """
    found: list[tuple[tuple[str, ...], Any, Any]] = []
    for key, was in before.items():
        value = now.get(key)
        if isinstance(was, dict) and isinstance(value, dict):
            found += [((key, *path), *pair) for path, *pair in changed_facts(was, value)]
        elif was != value:
            found.append(((key,), was, value))
    return tuple(found)
