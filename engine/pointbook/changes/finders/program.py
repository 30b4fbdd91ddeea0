"""Changes of program.yaml: what is the same for all versions."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pointbook.changes.change import Changes, change_of, rule_changes, text_changes
from pointbook.changes.choosing import kind_by_presence
from pointbook.changes.finders.balance_names import balance_names, with_balances_named
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT, ProgramPair, Subject
from pointbook.model.amounts import Rounding
from pointbook.model.sections import Section
from pointbook.model.wording import quantity, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.changes.change import Change
    from pointbook.model.attributes import Attribute
    from pointbook.model.program import Balance, Program

_SETTINGS = (
    ("id", Kind.PROGRAM_ID_CHANGED, "called {} → {}"),
    ("timezone", Kind.TIMEZONE_CHANGED, "days are counted in {} → {}"),
    ("level_balance", Kind.LEVEL_BALANCE_CHANGED, "levels are decided by {} → {}"),
)


def program_changes(old: Program, new: Program) -> Changes:
    """Time zone, balances, attributes of members and texts."""
    names = balance_names(old, new)
    yield from (_renamed(ProgramPair(old, new), *ids) for ids in names.items())
    old = with_balances_named(old, names)
    pair = ProgramPair(old, new)
    top = Subject(pair, Section.PROGRAM, "", "Program", "program", (), (), (old, new))
    for key, kind, text in _SETTINGS:
        subject = top.at(key)
        if subject.differs:
            yield change_of(subject, kind, text.format(*subject.values))
    yield from chain.from_iterable(map(_balance_changes, _rules(pair, Section.BALANCES)))
    yield from chain.from_iterable(map(_attribute_changes, _rules(pair, Section.MEMBER_ATTRIBUTES)))
    yield from text_changes(top)


def _renamed(pair: ProgramPair, old_id: str, new_id: str) -> Change:
    """One balance under another id, wherever that stands."""
    values = pair.old.balances[old_id], pair.new.balances[new_id]
    paths = [(Section.BALANCES.value, key) for key in (old_id, new_id)]
    address = f"{Section.BALANCES}/{min(old_id, new_id)}"
    title = values[1].title or new_id
    subject = Subject(pair, Section.BALANCES, new_id, title, address, paths[0], paths[1], values)
    return change_of(subject, Kind.BALANCE_RENAMED, f"balance renamed, {old_id} → {new_id}")


def _rules(pair: ProgramPair, section: Section) -> Iterator[Subject]:
    old, new = (_section(program, section) for program in (pair.old, pair.new))
    for key in sorted({*old, *new}):
        values = (old.get(key, ABSENT), new.get(key, ABSENT))
        title = (new.get(key) or old[key]).title or key
        path = (section.value, key)
        yield Subject(pair, section, key, title, f"{section}/{key}", path, path, values)


def _section(program: Program, section: Section) -> Mapping[str, Balance | Attribute]:
    return program.balances if section is Section.BALANCES else program.member_attributes


def _balance_changes(balance: Subject) -> Changes:
    texts = "balance added, {}", "balance removed, was {}"
    return rule_changes([balance], Kind.BALANCE_ADDED, texts, _balance_text, _changed_balance)


def _balance_text(balance: Balance) -> str:
    floor = "" if balance.floor is None else f", not below {balance.floor:,}"
    places = f", {quantity(balance.decimals, 'decimal')}" if balance.decimals else ""
    rounds = "" if balance.round is Rounding.HALF_UP else f", rounds {balance.round.words}"
    return f"resets {_words(balance.resets)}, begins with {balance.start:,}{floor}{places}{rounds}"


def _words(resets: str) -> str:
    return "never" if resets == "never" else f"each {resets.replace('_', ' ')}"


def _changed_balance(balance: Subject) -> Changes:
    resets, start, floor = balance.at("resets"), balance.at("start"), balance.at("floor")
    if resets.differs:
        text = "resets {} → {}".format(*map(_words, resets.values))
        yield change_of(resets, Kind.RESETS_CHANGED, text)
    if start.differs:
        old, new = start.values
        kind = Kind.START_RAISED if new > old else Kind.START_LOWERED
        yield change_of(start, kind, f"begins with {old:,} → {new:,}")
    if floor.differs:
        old, new = floor.values
        changed = Kind.FLOOR_ADDED if None in floor.values else None
        if changed is None:
            changed = Kind.FLOOR_RAISED if new > old else Kind.FLOOR_LOWERED
        kind = kind_by_presence(floor.values, Kind.FLOOR_ADDED, Kind.FLOOR_REMOVED, changed)
        texts = ["none" if value is None else f"{value:,}" for value in floor.values]
        yield change_of(floor, kind, f"floor {texts[0]} → {texts[1]}")
    decimals, rounding = balance.at("decimals"), balance.at("round")
    if decimals.differs:
        text = "decimals {} → {}".format(*decimals.values)
        yield change_of(decimals, Kind.DECIMALS_CHANGED, text)
    if rounding.differs:
        text = "rounds {} → {}".format(*(rounds.words for rounds in rounding.values))
        yield change_of(rounding, Kind.ROUNDING_CHANGED, text)
    yield from text_changes(balance)


def _attribute_changes(attribute: Subject) -> Changes:
    name = attribute.rule_id
    texts = f"members have the attribute {name}", f"members no longer have the attribute {name}"
    return rule_changes([attribute], Kind.MEMBER_ATTRIBUTE_ADDED, texts, str, _changed_attribute)


def _changed_attribute(attribute: Subject) -> Changes:
    subject = attribute.at("type")
    if subject.differs:
        text = "attribute of members is {} → {}".format(*subject.values)
        yield change_of(subject, Kind.MEMBER_ATTRIBUTE_TYPE_CHANGED, text)
    default = attribute.at("default")
    if default.differs:
        kind = kind_by_presence(
            default.values,
            Kind.MEMBER_DEFAULT_ADDED,
            Kind.MEMBER_DEFAULT_REMOVED,
            Kind.MEMBER_DEFAULT_CHANGED,
        )
        texts = ["not known" if value is None else written(value) for value in default.values]
        yield change_of(default, kind, f"where it is not given {texts[0]} → {texts[1]}")
    yield from text_changes(attribute)
