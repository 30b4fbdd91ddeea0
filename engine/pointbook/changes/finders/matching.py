"""Which item of one list is which of another: lists carry no ids, so their meaning decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from pointbook.model.wording import condition_text
from pointbook.reasoning.conditions import canonical_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from pointbook.changes.subject import Subject
    from pointbook.model.rules import Bonus, Cap


@dataclass(frozen=True, slots=True)
class Match:
    """Items of two lists, those that are the same together.

    Attributes:
        removed: Name and index of items that only the old list has.
        added: Name and index of items that only the new list has.
        same: Name, index in the old list and index in the new one of what both have, as in the old list.
    """

    removed: tuple[tuple[str, int], ...]
    added: tuple[tuple[str, int], ...]
    same: tuple[tuple[str, int, int], ...]

    def items(self, whole: Subject) -> Iterator[Subject]:
        """The items as parts of their list: what is removed, what is added, and what both have."""
        yield from (whole.item(name, index, None) for name, index in self.removed)
        yield from (whole.item(name, None, index) for name, index in self.added)
        yield from (whole.item(*item) for item in self.same)


def matched_caps(old: Sequence[Cap], new: Sequence[Cap]) -> Match:
    """Caps are the same if kind and window agree; else if they are the only ones left of a kind."""
    return _matched(old, new, attrgetter("name"), attrgetter("name"), attrgetter("kind"))


def matched_bonuses(old: Sequence[Bonus], new: Sequence[Bonus]) -> Match:
    """Bonuses are the same if their conditions agree; else if they are the only ones left."""
    return _matched(
        old,
        new,
        lambda bonus: repr(canonical_condition(bonus.condition)),
        lambda bonus: condition_text(canonical_condition(bonus.condition)),
        lambda _: "condition",
    )


def matched_names(old: Sequence[str], new: Sequence[str]) -> Match:
    """Names are the same if they are equal."""
    return _matched(old, new, str, str, str)


def _matched(
    old: Sequence[Any],
    new: Sequence[Any],
    key_of: Callable[[Any], str],
    name_of: Callable[[Any], str],
    rough_key_of: Callable[[Any], str],
) -> Match:
    """Items with the same key are the same, in pairs; else the only ones left with the same rough key.

    A rough key is also the name of what it matches.
    """
    same: list[tuple[str, int, int]] = []
    old_left, new_left = _by(old, key_of), _by(new, key_of)
    for key in list(old_left):
        pairs = list(zip(old_left[key], new_left.get(key, []), strict=False))
        for count, (one, other) in enumerate(pairs, 1):
            name = name_of(old[one])
            same.append((name if count == 1 else f"{name} #{count}", one, other))
        old_left[key] = old_left[key][len(pairs) :]
        new_left[key] = new_left.get(key, [])[len(pairs) :]
    removed = sorted(index for indexes in old_left.values() for index in indexes)
    added = sorted(index for indexes in new_left.values() for index in indexes)
    for key, indexes in _by(old, rough_key_of).items():
        before = [index for index in indexes if index in removed]
        after = [index for index in added if rough_key_of(new[index]) == key]
        if len(before) == len(after) == 1:
            same.append((str(key), before[0], after[0]))
            removed.remove(before[0])
            added.remove(after[0])
    taken = {name for name, _, _ in same}
    return Match(
        _named([(name_of(old[index]), index) for index in removed], taken),
        _named([(name_of(new[index]), index) for index in added], taken),
        tuple(sorted(same, key=itemgetter(1))),
    )


def _named(items: Iterable[tuple[str, int]], taken: AbstractSet[str]) -> tuple[tuple[str, int], ...]:
    """The items, their names numbered where they come twice or are taken."""
    named: dict[str, int] = {}
    for base, index in items:
        name, number = base, 1
        while name in taken or name in named:
            number += 1
            name = f"{base} #{number}"
        named[name] = index
    return tuple(named.items())


def _by(items: Sequence[Any], key_of: Callable[[Any], str]) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for index, item in sorted(enumerate(items), key=lambda entry: repr(entry[1])):
        grouped[key_of(item)].append(index)
    return grouped
