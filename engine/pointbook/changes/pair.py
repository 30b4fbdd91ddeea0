"""Two versions being compared, and how a change between them is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.changes.change import ABSENT, Change, Direction, Side
from pointbook.changes.draft import texts_of
from pointbook.diagnostics import Span
from pointbook.model.wording import source_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.program import Version
    from pointbook.model.rules import Path


class Verdict(NamedTuple):
    """What a change does to members, and why."""

    direction: Direction
    reason: str

    def when(self, holds: bool) -> Verdict:
        """This verdict, or the opposite one where the change goes the other way."""
        return self if holds else Verdict(self.direction.opposite, self.reason)


NO_EFFECT = Verdict(Direction.NEUTRAL, "words only; nothing is counted differently")


class Subject(NamedTuple):
    """What a change is about.

    Attributes:
        address: Its stable name.
        title: What people call it.
        old: Its path in the old version.
        new: Its path in the new version.
    """

    address: str
    title: str
    old: Path
    new: Path

    def at(self, *steps: str | int) -> Subject:
        """A part of it that is at the same place in both versions."""
        inner = "/".join(str(step) for step in steps)
        return Subject(f"{self.address}/{inner}", self.title, (*self.old, *steps), (*self.new, *steps))


@dataclass(frozen=True, slots=True)
class Pair:
    """An old and a new version.

    Attributes:
        level_balance: The balance that decides levels; None if it is not known, and any may be.
    """

    old: Version
    new: Version
    level_balance: str | None = None

    def change(  # noqa: PLR0913, PLR0917 - what it depends on
        self,
        subject: Subject,
        code: str,
        sentence: str,
        verdict: Verdict,
        values: tuple[Any, Any],
        written: tuple[Path, Path] | None = None,
    ) -> Change:
        """A change from one value to another.

        Args:
            subject: What it is about, down to the value that changes.
            code: What kind of change it is.
            sentence: What changes, without the subject's title.
            verdict: What it does to members.
            values: The old and the new value; `ABSENT` where there is none.
            written: Where the values are in the documents, if not at the subject's paths.
        """
        old_value, new_value = values
        places = self._places(written or (subject.old, subject.new))
        return Change(
            address=subject.address,
            code=code,
            subject=subject.title,
            sentence=f"{subject.title}: {sentence}",
            direction=verdict.direction,
            reason=verdict.reason,
            old=Side(subject.old[:-1] if old_value is ABSENT else subject.old, old_value, places[0]),
            new=Side(subject.new[:-1] if new_value is ABSENT else subject.new, new_value, places[1]),
        )

    def _places(self, written: tuple[Path, Path]) -> tuple[Span, Span]:
        """Where the two values were written.

        A mapping that a patch changes keeps its place in the version below; then the first part of
        it that was written elsewhere is the place that people look for.
        """
        old, new = place(self.old, written[0]), place(self.new, written[1])
        if old != new:
            return old, new
        before, after = _parts(self.old, written[0]), _parts(self.new, written[1])
        known, fresh = set(before.values()), set(after.values())
        old = next((span for span in before.values() if span not in fresh), old)
        return old, next((span for span in after.values() if span not in known), new)

    def texts(self, subject: Subject, old: object, new: object) -> Iterator[Change]:
        """Changes of title, note and source, as far as such records have them.

        Args:
            subject: What the records are.
            old: A record of the old version, or that version itself.
            new: The same in the new one.
        """
        before = texts_of(old, None if old is self.old else self.old.source)
        after = texts_of(new, None if new is self.new else self.new.source)
        for key in before:
            if before[key] != after[key]:
                verb = _verb(before[key], after[key])
                yield self.change(
                    subject.at(key),
                    f"{key}-{verb}",
                    self._text_sentence(key, verb, before[key], after[key]),
                    NO_EFFECT,
                    (before[key], after[key]),
                )

    def _text_sentence(self, key: str, verb: str, old: Any, new: Any) -> str:
        if key == "note":
            return f"note {verb}"
        if key == "title":
            return f"title {_quoted(old)} → {_quoted(new)}"
        before, after = source_text(old, self.old.source), source_text(new, self.new.source)
        if before == after:
            return f"source stays {after}, whatever the version's own source"
        return f"source {before} → {after}"


def place(version: Version, path: Path) -> Span:
    """Where the value was written; for a version that was never written, its name."""
    return version.span(*path) if version.positions else Span(version.id)


def _parts(version: Version, path: Path) -> dict[Path, Span]:
    return {key: span for key, span in version.positions.items() if key[: len(path)] == path}


def _verb(old: object, new: object) -> str:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _quoted(text: str | None) -> str:
    return "none" if text is None else f"“{text}”"
