"""One semantic change between two versions: what it is, where it is, and what it means for members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pointbook.changes.areas import Touches
from pointbook.changes.choosing import kind_by_presence
from pointbook.changes.directions import Direction
from pointbook.changes.draft import texts_of
from pointbook.changes.kinds import Kind
from pointbook.changes.laws.by_entry import by_entry, by_floors
from pointbook.changes.laws.by_level import by_level
from pointbook.changes.laws.ladders import levels_keep_order
from pointbook.changes.subject import ABSENT, Subject
from pointbook.diagnostics import Span
from pointbook.model.activities import EntryRule

if TYPE_CHECKING:
    from pointbook.changes.directions import Judgement
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path, Source
    from pointbook.model.sections import Section

_TOUCHING = frozenset((Touches.EVENTS, Touches.LEVELS, Touches.ANNIVERSARIES))
"""What can change levels or amounts, which can depend on one another."""
_OTHER_ORDER = "a version here has levels in another order, so that a level can differ"
_TEXT_KINDS = {
    "title": (Kind.TITLE_ADDED, Kind.TITLE_REMOVED, Kind.TITLE_CHANGED),
    "note": (Kind.NOTE_ADDED, Kind.NOTE_REMOVED, Kind.NOTE_CHANGED),
    "source": (Kind.SOURCE_ADDED, Kind.SOURCE_REMOVED, Kind.SOURCE_CHANGED),
}


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """What changes, as one of the versions has it.

    Attributes:
        path: Where the value is in the version, as keys and list indexes.
        value: The value, a record of the model or a scalar; `ABSENT` where there is none.
        span: Where it was written; for an absent value, what would enclose it.
        turn: Of an entry of an activity, which of those that earn it is, or of those that spend.
    """

    path: Path
    value: Any
    span: Span
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in meaning.

    Attributes:
        kind: What kind of change it is.
        section: The section of the rules that it is in.
        rule_id: Id of the rule in that section; empty in a section that is one rule.
        address: Its stable name, path-like; the same whichever version comes first.
        subject: What it is about, as people call it.
        sentence: What changes, with the subject, in one line without a full stop.
        direction: What it does to members.
        reason: Why the direction is that.
        old: The value as it was.
        new: The value as it becomes.
    """

    kind: Kind
    section: Section
    rule_id: str
    address: str
    subject: str
    sentence: str
    direction: Direction
    reason: str
    old: ChangedValue
    new: ChangedValue

    @property
    def code(self) -> str:
        """Stable name of its kind."""
        return self.kind.code

    @property
    def place(self) -> Span:
        """Where to look: at the new value, or at the old one where it is gone."""
        return (self.old if self.new.value is ABSENT else self.new).span


Changes = Iterator[Change]
"""What finders return."""


def rule_changes(
    subjects: Iterable[Subject],
    added: Kind,
    texts: tuple[str, str],
    words_of: Callable[[Any], str],
    changed: Callable[[Subject], Iterable[Change]],
) -> Changes:
    """Changes of rules, or of items of a list.

    Args:
        subjects: Every one that either version has.
        added: The kind for one that only the new version has; its mirror is for one that is gone.
        texts: What is said of the one and of the other, `{}` standing for the rule in words.
        words_of: The rule in words.
        changed: The changes of one that both versions have.
    """
    for subject in subjects:
        old, new = subject.values
        if old is ABSENT:
            yield change_of(subject, added, texts[0].format(words_of(new)))
        elif new is ABSENT:
            yield change_of(subject, added.mirror, texts[1].format(words_of(old)))
        else:
            yield from changed(subject)


def change_of(
    subject: Subject, kind: Kind, sentence: str, written: tuple[Path, Path] | None = None
) -> Change:
    """A change of what the subject is.

    Args:
        subject: What changes, down to the value.
        kind: What kind of change it is.
        sentence: What changes, without the subject's title.
        written: Where the values are in the documents, if not at the subject's paths.
    """
    assert subject.section in kind.sections, f"{kind.code} cannot be in {subject.section}"
    events = kind.touches is Touches.EVENTS
    judgement = by_entry(kind.direction_rule, subject) if events else kind.direction_rule(subject)
    judgement = by_floors(subject, judgement) if events else judgement
    if kind.touches in _TOUCHING:
        judgement = by_level(subject, judgement)
    judgement = _with_levels(subject, kind, judgement)
    paths = (subject.old, subject.new)
    old, new = (
        ChangedValue(path[:-1] if value is ABSENT else path, value, span, _turn(subject, value))
        for path, value, span in zip(paths, subject.values, _spans(subject, written or paths), strict=True)
    )
    sentence = f"{subject.title}: {sentence}"
    return Change(
        kind, subject.section, subject.rule_id, subject.address, subject.title, sentence, *judgement, old, new
    )


def _turn(subject: Subject, value: object) -> int:
    if not isinstance(value, EntryRule):
        return 0
    of_old, of_new = (getattr(rule, "entries", ()) for rule in subject.rules)
    entries = of_old if value is subject.values[0] else of_new
    return [one.balance for one in entries if one.is_spend is value.is_spend].index(value.balance)


def _with_levels(subject: Subject, kind: Kind, judgement: Judgement) -> Judgement:
    """The judgement on points, with a word on levels where they do not follow points everywhere."""
    certain = judgement.direction in (Direction.FAVOURABLE, Direction.ADVERSE)
    if not certain or kind.touches is not Touches.EVENTS or levels_keep_order(subject.pair):
        return judgement
    return judgement._replace(reason=f"{judgement.reason}; {_OTHER_ORDER}")


def text_changes(subject: Subject) -> Changes:
    """Changes of title, note and source, as far as such a rule, or part of one, has them."""
    old, new = subject.documents
    # Where one has no source of its own, that of the other is no page that moved.
    pages = (old.source, new.source) if old.source and new.source else (None, None)
    own = subject.old == ()
    before = texts_of(subject.values[0], None if own else pages[0])
    after = texts_of(subject.values[1], None if own else pages[1])
    for key, kinds in _TEXT_KINDS.items():
        values = (before.get(key), after.get(key))
        if own and old.id != new.id and None in values:
            continue  # a version says of itself what it likes; nothing is taken over
        stays = key == "source" and _source_of(subject.values[0]) == _source_of(subject.values[1])
        if values[0] != values[1] and not stays:  # what a patch takes over stays on its page
            kind = kind_by_presence(values, *kinds)
            sentence = f"note {kind.verb}"
            if key == "title":
                texts = ["none" if text is None else f"“{text}”" for text in values]
                sentence = f"title {texts[0]} → {texts[1]}"
            elif key == "source":
                texts = [
                    "none" if source is None else source.words(page)
                    for source, page in zip(values, pages, strict=True)
                ]
                sentence = f"source {texts[0]} → {texts[1]}"
            yield change_of(subject.at(key)._replace(values=values), kind, sentence)


def _source_of(record: object) -> Source | None:
    found: Source | None = getattr(record, "source", None)
    return found


def _spans(subject: Subject, written: tuple[Path, Path]) -> tuple[Span, Span]:
    """Where the two values were written.

    A mapping that a patch changes keeps its place in the version below; then the first part of
    it that was written elsewhere is the place that people look for.
    """
    documents: tuple[Version | Program, ...] = subject.documents
    versions = list(zip(documents, written, strict=True))
    # A version that was never written has nothing but its name.
    old, new = (one.span(*path) if one.positions else Span(one.id) for one, path in versions)
    if old != new:
        return old, new
    before, after = (
        {span: None for key, span in one.positions.items() if key[: len(path)] == path}
        for one, path in versions
    )
    old = next((span for span in before if span not in after), old)
    return old, next((span for span in after if span not in before), new)
