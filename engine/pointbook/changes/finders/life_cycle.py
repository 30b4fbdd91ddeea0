"""Changes of what anniversaries do."""

from __future__ import annotations

from pointbook.changes.change import Changes, change_of, text_changes
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import Pair, Subject
from pointbook.model.rules import Demotion
from pointbook.model.sections import Section


def life_cycle_changes(pair: Pair) -> Changes:
    """Whether it is stated, demotion, and the day of anniversaries of those who signed up on 29 February."""
    section, values = Section.LIFE_CYCLE, (pair.old.life_cycle, pair.new.life_cycle)
    path = (section.value,)
    subject = Subject(pair, section, "", "Life cycle", section.value, path, path, values)
    is_stated = subject.at("is_stated")._replace(address="life_cycle/not_stated")
    if is_stated.differs:
        old, new = ("stated" if stated else "not stated" for stated in is_stated.values)
        written = ((*path, "demotion" if stated else "not_stated") for stated in is_stated.values)
        kind = Kind.LIFE_CYCLE_STATEMENT_CHANGED
        yield change_of(is_stated, kind, f"{old} → {new}", (next(written), next(written)))
    demotion, leap_day = subject.at("demotion"), subject.at("leap_day")
    if demotion.differs:
        old, new = demotion.values
        kind = Kind.DEMOTION_EASED if new is Demotion.ONE_LEVEL else Kind.DEMOTION_TIGHTENED
        yield change_of(demotion, kind, f"demotion {old} → {new}")
    if leap_day.differs:
        old, new = leap_day.values
        yield change_of(leap_day, Kind.LEAP_DAY_CHANGED, f"29 February in common years {old} → {new}")
    yield from text_changes(subject)
