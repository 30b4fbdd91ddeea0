"""Why a condition does not hold, or cannot be known: the comparisons that decide, and nothing else.

With `hours: 1` and no `partner` given:

    all: [{hours: {at_least: 2}}, {partner: {is: true}}]   does not hold because of `hours` alone
    any: [{hours: {at_least: 2}}, {partner: {is: true}}]   is not known because of `partner` alone
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, assert_never

from pointbook.interpret.conditions import holds, value_of
from pointbook.likeness import difference, told_apart
from pointbook.model.attributes import LEVEL, MEMBER_PREFIX
from pointbook.model.conditions import All, AnyOf, Comparison, Not
from pointbook.model.wording import condition_text, written
from pointbook.reasoning.conditions import conditions_under

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.conditions import Condition
    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Path


def why_not(condition: Condition, event: Event, member: Member) -> str:
    """Why a condition does not hold: what is asked for, and what the event or the member has instead."""
    return _against(condition, event, member, wanted=True)


def _against(condition: Condition, event: Event, member: Member, *, wanted: bool) -> str:
    """What makes the condition come to the opposite of `wanted`; one with a name by that."""
    if condition.name is not None:
        found = _against(_nameless(condition), event, member, wanted=wanted)
        return f"`{condition.name}` does{' not' if wanted else ''} hold: {found}"
    match condition:
        case Comparison():
            asked = condition_text(condition if wanted else Not(condition))
            return f"`{asked}` is asked for, and {_given(condition, event, member)}"
        case Not(part):
            return _against(part, event, member, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            decisive = [part for part in parts if holds(part, event, member) is (not wanted)]
            # Where each part alone would have done, all of them have failed.
            each_would_do = isinstance(condition, AnyOf) is wanted and len(decisive) > 1
            told = "; ".join(_against(part, event, member, wanted=wanted) for part in decisive)
            return f"one of {len(decisive)} would do: {told}" if each_would_do else told
    assert_never(condition)


def _nameless(condition: Condition) -> Condition:
    return replace(condition, name=None)


def _given(comparison: Comparison, event: Event, member: Member) -> str:
    """What there is of the attributes that a comparison looks at."""
    names = [comparison.attribute, *([comparison.within.after] if comparison.within else ())]
    told = []
    for name in dict.fromkeys(names):
        value, span = value_of(name, event, member), time_span(name, event, member)
        if name == LEVEL:
            told.append(f"the level held just before is {written(value)}")
        elif len(names) > 1:
            told.append(f"{name} is {written(value)}{span}")
        elif span and isinstance(value, bool):
            own = name.removeprefix(MEMBER_PREFIX)
            told.append(f"the member is {'' if value else 'not '}`{own}`{span}")
        else:
            owner = "the member" if name.startswith(MEMBER_PREFIX) else "the event"
            told.append(f"{owner} has {'none' if value is None else f'`{written(value)}`'}{span}")
    return ", ".join(told)


def time_span(name: str, event: Event, member: Member) -> str:
    """From when until when an attribute is what it is on the member's day; empty where it never changes."""
    own, given = name.removeprefix(MEMBER_PREFIX), member.attributes
    if own == name or not member.dated:
        return ""
    # The member's day is the event's, or where clocks go back the one after it.
    first = bisect_right(member.dated, event.local.date(), key=itemgetter(0)) - 1
    place = next(at for at in range(first, len(member.dated)) if member.dated[at][1] == given)
    values = [(day, states.get(own)) for day, states in member.dated]
    since = next((values[at][0] for at in range(place, 0, -1) if values[at - 1][1] != given.get(own)), None)
    until = next((day for day, value in values[place:] if value != given.get(own)), None)
    words = (f" from {since}" if since else "") + (f" until {until}" if until else "")
    return f"{words} on" if since and not until else words


def undecided(condition: Condition, event: Event, member: Member) -> Iterator[str]:
    """The attributes that are not given and whose values could decide a condition that is not known."""
    match condition:
        case Comparison():
            names = [condition.attribute, *([condition.within.after] if condition.within else ())]
            yield from (name for name in names if value_of(name, event, member) is None)
        case All(parts) | AnyOf(parts):
            for part in parts:
                if holds(part, event, member) is None:
                    yield from undecided(part, event, member)
        case Not(part):
            yield from undecided(part, event, member)
        case _:
            assert_never(condition)


def near_misses(condition: Condition, path: Path, event: Event, member: Member) -> Iterator[tuple[str, Path]]:
    """Texts that nearly are what a comparison asks for, in words, each with the comparison's path."""
    for place, part in conditions_under(condition, path):
        if not isinstance(part, Comparison):
            continue
        value, asked = value_of(part.attribute, event, member), (part.equals, *(part.among or ()))
        if isinstance(value, str) and value not in asked:
            nearly = ((text, difference(value, text)) for text in asked if isinstance(text, str))
            for text, words in nearly:
                if words:
                    yield near_miss(value, text, words), place
                    break


def near_miss(value: str, asked: str, words: str) -> str:
    """That a text nearly is the one that a rule names."""
    value, asked = told_apart(value, asked), told_apart(asked, value)
    return f"`{value}` is not `{asked}`: the two differ in {words}"
