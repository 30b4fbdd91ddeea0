"""Changes of the version's own dates and texts."""

from __future__ import annotations

from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.choosing import kind_by_presence
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import Pair, Subject
from pointbook.model.sections import Section


def header_changes(pair: Pair) -> Changes:
    """Dates, title, note and source of the version itself."""
    subject = Subject(pair, Section.VERSION, "", "Version", "version", (), (), (pair.old, pair.new))
    date = subject.at("effective_from")
    if date.differs:
        text = f"takes effect on {date.values[0]} → {date.values[1]}"
        yield change_of(date, Kind.EFFECTIVE_DATE_CHANGED, text)
    date = subject.at("announced_on")
    if date.differs:
        kind = kind_by_presence(
            date.values, Kind.ANNOUNCEMENT_ADDED, Kind.ANNOUNCEMENT_REMOVED, Kind.ANNOUNCEMENT_CHANGED
        )
        old, new = (value or "no stated day" for value in date.values)
        yield change_of(date, kind, f"announced on {old} → {new}")
    yield from text_changes(subject)
