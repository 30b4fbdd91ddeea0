"""Texts of a log that nearly are one that a rule names: other case, spaces, accents or quotation marks.

`ghent` is not `Ghent`, so that a condition does not hold, and nobody notices. An event's text is held against
what the rule of its activity names for that attribute, in the version in force on the event's own local date;
a member's against what any rule names. A text that is among these as it stands was meant, and is never near.
Source: docs/meaning.md, "Result files".
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pointbook.likeness import Lookalikes
from pointbook.model.attributes import MEMBER_PREFIX, AttributeType
from pointbook.model.tally import NearText
from pointbook.reasoning.conditions import comparisons_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.model.activities import Activity
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program
    from pointbook.model.rules import Path

_MOST_KEPT = 1 << 14


class SeenText(NamedTuple):
    """A text of a log, and which rule looks at it.

    Attributes:
        version: Place of the version in force among those of `NamedTexts`.
        activity: The event's, empty for a text of a member.
        attribute: As conditions name it.
        value: The text.
    """

    version: int
    activity: str
    attribute: str
    value: str


class NamedTexts:
    """The texts that rules name, by version, activity and attribute.

    Attributes:
        begins: From which day each version is in force; empty where one version always is.
        of_events: Attributes of events that are compared with a text, by the activity as the log has it.
        of_members: Likewise those of members, as conditions name them.
    """

    def __init__(self, program: Program, version_id: str | None) -> None:
        """Of all versions, or of one that is taken to have always been in force."""
        fixed = None if version_id is None else program.version(version_id)
        self._versions = program.versions if fixed is None else (fixed,)
        self.begins: Sequence[date] = (
            [version.effective_from for version in program.versions] if fixed is None else []
        )
        texts = {name for name, kind in program.event_attributes.items() if kind is AttributeType.TEXT} | {
            MEMBER_PREFIX + name
            for name, declared in program.member_attributes.items()
            if declared.type is AttributeType.TEXT
        }
        self._named: dict[tuple[int, str, str], dict[str, Path]] = {}
        self._of_members: dict[str, dict[str, tuple[int, Path]]] = {}
        of_events: dict[str, dict[str, None]] = {}
        for number, version in enumerate(self._versions):
            rules = version.activities if fixed is None else program.activities_by_any_id(version)
            for activity_id, rule in rules.items():
                for attribute, text, path in _named_by(rule):
                    if attribute not in texts:
                        continue
                    if attribute.startswith(MEMBER_PREFIX):
                        self._of_members.setdefault(attribute, {}).setdefault(text, (number, path))
                    else:
                        of_events.setdefault(activity_id, {})[attribute] = None
                        self._named.setdefault((number, activity_id, attribute), {}).setdefault(text, path)
        self.of_events: Mapping[str, Sequence[str]] = {one: tuple(names) for one, names in of_events.items()}
        self.of_members: Sequence[str] = tuple(self._of_members)
        self._near = lru_cache(_MOST_KEPT)(self._near_to)
        self._alike: dict[tuple[int, str, str], Lookalikes] = {}

    def in_every_version(self, activity: str, attribute: str) -> frozenset[str]:
        """The texts that every version names in which the activity's rule names any for that attribute."""
        every = [
            set(texts)
            for (_, one, name), texts in self._named.items()
            if (one, name) == (activity, attribute)
        ]
        return frozenset(set.intersection(*every))

    def near(self, seen: Mapping[SeenText, int]) -> Counter[NearText]:
        """Those that nearly are a text that the rule names, of texts with their numbers."""
        found: Counter[NearText] = Counter()
        for text, number in seen.items():
            if (near := self._near(text)) is not None:
                found[near] += number
        return found

    def _near_to(self, seen: SeenText) -> NearText | None:
        number, activity, attribute, value = seen
        named: Mapping[str, Path | tuple[int, Path]]
        if activity:
            named = self._named.get((number, activity, attribute), {})
        else:
            named = self._of_members[attribute]
        if not named or value in named:
            return None
        key = number, activity, attribute
        if key not in self._alike:
            self._alike[key] = Lookalikes(named)
        alike, differs_in = self._alike[key].of(value)
        if not alike:
            return None
        if not activity:
            number, path = self._of_members[attribute][alike[0]]
        else:
            path = self._named[number, activity, attribute][alike[0]]
        return NearText(attribute, value, alike[0], differs_in, self._versions[number].id, path)


class NearTexts:
    """Counts such texts in a log that goes by."""

    def __init__(self, program: Program, version_id: str | None, as_of: date) -> None:
        """Of events up to the as-of date, by all versions, or by one."""
        self._texts = NamedTexts(program, version_id)
        self._as_of = as_of
        # Nearly every text of a good log is one of these, which need no look at the day.
        self._compared = {
            activity: [(name, self._texts.in_every_version(activity, name)) for name in names]
            for activity, names in self._texts.of_events.items()
        }

    def counted(self, members: Iterable[Member], events: Iterable[Event]) -> Counter[NearText]:
        """Those of some members and events."""
        seen: Counter[SeenText] = Counter()
        names = [(name, name.removeprefix(MEMBER_PREFIX)) for name in self._texts.of_members]
        for attribute, name in names:
            for member in members:
                states = [given for _, given in member.dated] or [member.attributes]
                for value in dict.fromkeys(given.get(name) for given in states):
                    if isinstance(value, str):
                        seen[SeenText(0, "", attribute, value)] += 1
        if self._compared:
            seen.update(self._seen_in(events))
        return self._texts.near(seen)

    def _seen_in(self, events: Iterable[Event]) -> Iterator[SeenText]:
        compared, begins, as_of = self._compared, self._texts.begins, self._as_of
        for event in events:
            for attribute, meant in compared.get(event.activity, ()):
                value = event.attributes.get(attribute)
                if not isinstance(value, str) or value in meant:
                    continue
                if (day := event.local.date()) <= as_of:
                    number = bisect_right(begins, day) - 1 if begins else 0
                    yield SeenText(number, event.activity, attribute, value)


def _named_by(rule: Activity) -> Iterator[tuple[str, str, Path]]:
    """Each text that a rule names, with the attribute and its path, in the order of a valuation."""
    top: Path = ("activities", rule.id)
    for entry in rule.entries:
        for need in entry.points.needs:
            for text in need.listed:
                yield need.name, text, (*top, *entry.at(*entry.points.path_for({need.name: text})))
    for path, comparison in comparisons_of(rule):
        if isinstance(comparison.equals, str):
            yield comparison.attribute, comparison.equals, (*path, "is")
        for place, one in enumerate(comparison.among or ()):
            if isinstance(one, str):
                yield comparison.attribute, one, (*path, "in", place)
