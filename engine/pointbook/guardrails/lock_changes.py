"""Changes of versions.lock: what was published may be something else now, and only the lock could tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.choosing import kind_by_presence
from pointbook.changes.kinds import Kind
from pointbook.guardrails.changes import change_beside, sides_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.changes.change import Change
    from pointbook.diagnostics import Span
    from pointbook.published.lock import Amendment, Lock, PublishedVersion

_SHOWN = 12
"""So many digits of a digest tell two apart."""


class _Part(NamedTuple):
    """A part of the lock: all that it says, in words that are short, and where."""

    text: str
    words: str
    span: Span


def lock_changes(old: Lock | None, new: Lock | None, files: tuple[str, str]) -> Iterator[Change]:
    """What was published, amended or withdrawn, and what of that is gone or is something else.

    Args:
        old: As it was; None where nothing was published.
        new: As it is.
        files: Where the one and the other are written, or would be.
    """
    before, after = ({} if lock is None else _parts(lock) for lock in (old, new))
    is_whole = not (before and after)  # a lock that came or went is told by its versions
    for key in sorted({*before, *after}):
        pair = before.get(key), after.get(key)
        texts = [None if part is None else part.text for part in pair]
        if texts[0] == texts[1] or (is_whole and not key.startswith("version ")):
            continue
        kind = kind_by_presence(pair, Kind.LOCK_TIGHTENED, Kind.LOCK_LOOSENED, Kind.LOCK_CHANGED)
        sides = sides_of(("lock", key), texts, pair, files)
        yield change_beside(kind, key, _sentence(*pair), sides)


def _sentence(old: _Part | None, new: _Part | None) -> str:
    if new is None:
        assert old is not None
        return f"no longer in the lock, was {old.words}"
    return f"in the lock, {new.words}" if old is None else f"in the lock, {old.words} → {new.words}"


def _parts(lock: Lock) -> Mapping[str, _Part]:
    """What the lock holds, each under a name that stays."""
    found: dict[str, _Part] = {}
    for entry in lock.entries:
        name = f"version {entry.id}"
        if entry.withdrawn_on is not None:
            name = f"{name}, withdrawn on {entry.withdrawn_on}"
        found[name] = _entry(entry)
        found.update(_amendments(name, entry.amended, entry.span))
    found.update(_facts(lock))
    found.update(_amendments("program", lock.facts_amended, lock.document.key_span(("program",))))
    return found


def _entry(entry: PublishedVersion) -> _Part:
    about = f"from {entry.effective_from} on, published on {entry.published_on}, digest"
    return _Part(f"{about} {entry.form} {entry.digest}", f"{about} {entry.digest[:_SHOWN]}", entry.span)


def _amendments(name: str, amended: Sequence[Amendment], place: Span) -> Iterator[tuple[str, _Part]]:
    for number, one in enumerate(amended, 1):
        words = f"on {one.amended_on}: {one.reason}"
        before = json.dumps(one.before, sort_keys=True, default=str)
        yield f"{name}, amendment {number}", _Part(f"{words} {before}", words, place)


def _facts(lock: Lock) -> Iterator[tuple[str, _Part]]:
    """What program.yaml was: each balance as one."""
    for key, value in lock.facts.items():
        several = value.items() if isinstance(value, dict) else [("", value)]
        for name, one in several:
            path = (key, name) if name else (key,)
            told = one.items() if isinstance(one, dict) else [("", one)]
            words = ", ".join(f"{about} {what}".strip() for about, what in told if what is not None)
            place = lock.document.key_span(("program", *path))
            yield "/".join(("program", *path)), _Part(words, words, place)
