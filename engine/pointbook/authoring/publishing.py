"""Publishing: what `versions.lock` has to say of a program, and what is to be looked at before.

`published` adds versions; `amended` lets one that was published be what it is now, and keeps what it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import Span
from pointbook.lower.life_cycles import deciding
from pointbook.published.lock import FORMS, NEWEST, Amendment, PublishedVersion, changed_facts, facts_of
from pointbook.published.text import entry_values, lock_text, plain_facts
from pointbook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.loading import Loaded
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Program, Version

_NOWHERE = Span("")
_LOCKED = ("version", "effective_from", "form", "digest")
"""What an amendment keeps of an entry."""


class NothingToAmendError(LookupError):
    """What is to be amended is as it was published, or was never published; the message says so."""


class Amended(NamedTuple):
    """A lock after something published was changed.

    Attributes:
        text: Of the lock.
        sentences: What was changed, one for each change.
    """

    text: str
    sentences: tuple[str, ...]


def due(program: Program, version: Version) -> tuple[Version, ...]:
    """The version and those before it in time, as far as they are not published yet."""
    until = program.versions.index(version)
    return tuple(one for one in program.versions[: until + 1] if one.id not in program.published)


def changes_nothing(loaded: Loaded, version: Version) -> bool:
    """Whether a patch writes no rule, so that it is still to be filled in."""
    written = _document(loaded, version.id).written
    return version.based_on is not None and not any(
        written.get(section) is not None
        for section in ("levels", "benefits", "life_cycle", "groups", "activities")
    )


def published(loaded: Loaded, versions: Sequence[Version], day: date) -> str:
    """The text of the lock after these versions are published on that day."""
    program = loaded.usable()
    before = loaded.lock
    entries = [] if before is None else list(before.entries)
    entries += [_entry(loaded, version, day) for version in versions]
    return lock_text(facts_of(program), () if before is None else before.facts_amended, entries)


def amended(loaded: Loaded, version_id: str, reason: str, day: date) -> Amended:
    """The lock after a published version was let be what it is now.

    With it go published versions that are based on it, what changed in program.yaml, its name where it was
    renamed; where there is no such version any more, it is withdrawn.

    Args:
        loaded: The program, read without regard to its lock.
        version_id: The version.
        reason: Why.
        day: The day of it.

    Raises:
        NothingToAmendError: Nothing of it differs from what was published.
    """
    program, lock = loaded.usable(), loaded.lock
    if lock is None:
        message = f"nothing is published yet; `{version_id}` can be edited as it is"
        raise NothingToAmendError(message)
    entries: list[PublishedVersion] = []
    sentences: list[str] = []
    named = lock.entry(version_id) or _formerly(loaded, version_id)
    if named is None:
        message = f"version `{version_id}` is not published, so it can be edited as it is"
        raise NothingToAmendError(message)
    for entry in lock.entries:
        is_meant = entry is named or (entry.withdrawn_on is None and _builds_on(loaded, entry.id, version_id))
        now = _now(loaded, entry, version_id if entry is named else entry.id, day) if is_meant else entry
        if entry_values(now) != entry_values(entry):
            sentences.append(_sentence(entry, now))
            before = {key: value for key, value in entry_values(entry).items() if key in _LOCKED}
            now = replace(now, amended=(*entry.amended, Amendment(day, reason, before)))
        entries.append(now)
    facts, kept = facts_of(program), lock.facts_amended
    for path, was, is_now in changed_facts(lock.facts, facts):
        sentences.append(f"program.yaml: {'/'.join(path)} {_shown(was)} → {_shown(is_now)}")
    if changed_facts(lock.facts, facts):
        kept = (*kept, Amendment(day, reason, plain_facts(lock.facts)))
    if not sentences:
        message = f"version `{version_id}` is as it was published on {named.published_on}: nothing to amend"
        raise NothingToAmendError(message)
    return Amended(lock_text(facts, kept, entries), tuple(sentences))


def _shown(value: object) -> str:
    return "none" if value is None else "there" if isinstance(value, dict) else str(value)


def _entry(loaded: Loaded, version: Version, day: date) -> PublishedVersion:
    return PublishedVersion(
        id=version.id,
        effective_from=version.effective_from,
        published_on=day,
        engine=__version__,
        form=NEWEST,
        digest=_digest(loaded, version.id),
        withdrawn_on=None,
        amended=(),
        span=_NOWHERE,
    )


def _now(loaded: Loaded, entry: PublishedVersion, version_id: str, day: date) -> PublishedVersion:
    """The entry of what a version is now, under its present id."""
    version = loaded.usable().version(version_id)
    if version is None:
        return replace(entry, withdrawn_on=day)
    document = deciding(_document(loaded, version_id), version)
    entry = replace(entry, id=version_id, effective_from=version.effective_from)
    if entry.is_of(document):
        return entry
    return replace(entry, engine=__version__, form=NEWEST, digest=_digest(loaded, version_id))


def _sentence(before: PublishedVersion, now: PublishedVersion) -> str:
    parts = []
    if now.withdrawn_on is not None:
        parts.append("withdrawn")
    if now.id != before.id:
        parts.append(f"called `{now.id}` now")
    if now.effective_from != before.effective_from:
        parts.append(f"takes effect on {now.effective_from}, not on {before.effective_from}")
    if now.digest != before.digest:
        parts.append("decides figures otherwise")
    return f"version `{before.id}`: {', '.join(parts)}"


def _formerly(loaded: Loaded, version_id: str) -> PublishedVersion | None:
    """The published version that an unpublished one was, if it is one that is gone and not changed since."""
    lock, ids = loaded.lock, {one.id for one in loaded.usable().versions}
    assert lock is not None
    if version_id not in ids:
        return None
    version = loaded.usable().version(version_id)
    assert version is not None
    document = deciding(_document(loaded, version_id), version)
    found = [entry for entry in lock.published if entry.id not in ids and entry.is_of(document)]
    return found[0] if len(found) == 1 else None


def _builds_on(loaded: Loaded, version_id: str, base: str) -> bool:
    documents: Iterable[VersionDocument] = (part.document for part in loaded.versions)
    return any(
        document.id == version_id and any(node.value("id") == base for node in document.chain[:-1])
        for document in documents
    )


def _digest(loaded: Loaded, version_id: str) -> str:
    version = loaded.usable().version(version_id)
    assert version is not None
    return FORMS[NEWEST](deciding(_document(loaded, version_id), version).plain())


def _document(loaded: Loaded, version_id: str) -> VersionDocument:
    return next(part.document for part in loaded.versions if part.document.id == version_id)
