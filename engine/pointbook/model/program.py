"""A program and its versions as frozen values, with the place where each rule was written.

Mappings keep the order of the file. Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

import copyreg
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, assert_never

from pointbook.model.activities import MetCap
from pointbook.model.amounts import Rounding
from pointbook.model.attributes import AttributeType
from pointbook.model.exports import OURS, Exports
from pointbook.model.sections import Section
from pointbook.model.wording import version_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from pointbook.diagnostics import Span
    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
    from pointbook.model.attributes import Attribute
    from pointbook.model.conditions import Condition
    from pointbook.model.levels import Level
    from pointbook.model.rules import Benefit, Group, LifeCycle, Path, Removal, Source
    from pointbook.model.windows import Resets

LATEST, PUBLISHED, DRAFT = "latest", "published", "draft"
"""Unless a version has that id: the one that takes effect last, the last published one, and the one after."""
MEANINGS = (LATEST, PUBLISHED, DRAFT)


class UnclearVersionError(LookupError):
    """A word that can name a version names none here, or several; the message says what to do."""


def _unchangeable(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# Rules travel to worker processes; Python itself does not pickle a mapping that cannot be changed.
copyreg.pickle(MappingProxyType, lambda mapping: (_unchangeable, (dict(mapping),)))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the rules, resolved: patches are already merged in.

    Attributes:
        id: Its stable name.
        effective_from: First local date on which it is in force.
        announced_on: When members were told, if stated.
        based_on: The version it was written as a patch of, if it was.
        removes: What goes on purpose: by section, then by id.
        attributes: What the log carries with each event of an activity whose rules name it.
        conditions: Those that are declared, to be named elsewhere, by name.
        eligible_if: What must hold for every event; None for nothing.
        replaces: Activities that take the place of one of an earlier version: its id, by theirs.
        levels: By id, ascending by threshold.
        positions: Where each value was written, by its path; a mapping stands where its key does.
        sha256: Digest of the resolved rules; formatting and comments do not change it.
        incomplete: Paths of rules left out because of findings; none in a version that can be evaluated.
    """

    id: str
    effective_from: date
    levels: Mapping[str, Level]
    activities: Mapping[str, Activity]
    groups: Mapping[str, Group]
    benefits: Mapping[str, Benefit]
    life_cycle: LifeCycle
    announced_on: date | None = None
    based_on: str | None = None
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    removes: Mapping[Section, Mapping[str, Removal]] = field(default_factory=lambda: MappingProxyType({}))
    replaces: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    conditions: Mapping[str, Condition] = field(default_factory=lambda: MappingProxyType({}))
    eligible_if: Condition | None = None
    positions: Mapping[Path, Span] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    sha256: str = field(default="", compare=False)
    incomplete: frozenset[Path] = frozenset()

    @property
    def is_dated(self) -> bool:
        """Whether it says when it takes effect; every version that can be evaluated does."""
        return ("effective_from",) not in self.incomplete

    def lacks(self, *keys: str) -> bool:
        """Whether rules, or anything else, under one of these keys are left out."""
        return any(path[0] in keys for path in self.incomplete)

    def rules(
        self, section: Section
    ) -> Mapping[str, Level] | Mapping[str, Benefit] | Mapping[str, Group] | Mapping[str, Activity]:
        """The section's rules by id; none for what there is one of, or what has no id of its own."""
        match section:
            case Section.LEVELS:
                return self.levels
            case Section.BENEFITS:
                return self.benefits
            case (
                Section.VERSION
                | Section.LIFE_CYCLE
                | Section.ENTRIES
                | Section.CONDITIONS
                | Section.PROGRAM
                | Section.BALANCES
                | Section.MEMBER_ATTRIBUTES
                | Section.VERSIONS
                | Section.GUARDRAILS
            ):
                return {}
            case Section.GROUPS:
                return self.groups
            case Section.ACTIVITIES:
                return self.activities
        assert_never(section)

    def caps_met_by(self, activity: Activity) -> tuple[MetCap, ...]:
        """The caps that limit the activity's events: its own, then its groups', without those of an entry."""
        owners = [("activity", activity.id, activity.caps)]
        owners += [
            ("group", group, self.groups[group].caps) for group in activity.groups if group in self.groups
        ]
        return tuple(
            MetCap(scope, owner, position, cap)
            for scope, owner, caps in owners
            for position, cap in enumerate(caps)
        )

    def activities_in(self, group: str) -> tuple[Activity, ...]:
        """The activities that the group's caps limit."""
        return tuple(activity for activity in self.activities.values() if group in activity.groups)

    def span(self, *path: str | int) -> Span:
        """Where the value at `path` was written; the nearest enclosing place where it is implied."""
        return _place_of(path, self.positions)


@dataclass(frozen=True, slots=True)
class Balance:
    """A running total of points.

    Attributes:
        resets: When it goes back to `start`.
        start: What a period begins with, in points.
        floor: Points below which deductions cannot take it, or None.
        decimals: How many places its amounts have, 0 to 4; how others are rounded says `round`.
    """

    LATER: ClassVar = {"decimals": 0, "round": Rounding.HALF_UP}
    id: str
    resets: Resets
    start: Amount = 0
    floor: Amount | None = None
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    decimals: int = 0
    round: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, slots=True)
class Program:
    """A points program: what never changes with a version, and its versions.

    Attributes:
        timezone: IANA name of the time zone in which the program counts days.
        level_balance: Id of the balance that decides levels.
        versions: Ascending by `effective_from`.
        published: Ids of those that may no longer change.
        positions: As `Version.positions`, for program.yaml.
        sha256: Digest of program.yaml's content.
        exports: How its exports differ from our columns.
        documents: Titles of what publishes its rules, by their short names.
    """

    id: str
    timezone: str
    balances: Mapping[str, Balance]
    level_balance: str
    member_attributes: Mapping[str, Attribute]
    versions: tuple[Version, ...]
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    published: frozenset[str] = field(default=frozenset(), compare=False)
    positions: Mapping[Path, Span] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    sha256: str = field(default="", compare=False)
    exports: Exports = OURS
    documents: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def version(self, version_id: str) -> Version | None:
        """The version with that id."""
        return next((version for version in self.versions if version.id == version_id), None)

    def named(self, name: str) -> Version | None:
        """The version with the id `name`, or that one of `MEANINGS` means; None for no version.

        Raises:
            UnclearVersionError: It is such a word, and no version is published or a draft, or several are.
        """
        if (known := self.version(name)) is not None or name not in MEANINGS:
            return known
        if name == LATEST:
            return self.versions[-1]
        last = max((at for at, one in enumerate(self.versions) if one.id in self.published), default=None)
        if name == PUBLISHED:
            if last is None:
                message = "no version is published; name one by its id, or run `pointbook publish` first"
                raise UnclearVersionError(message)
            return self.versions[last]
        drafts = self.versions[0 if last is None else last + 1 :]
        if len(drafts) != 1:
            ids = version_ranges([one.id for one in drafts], [one.id for one in self.versions], "`")
            which = f"{ids} are not published; name one by its id"
            none = "every version is published; begin a new one with `pointbook new`"
            raise UnclearVersionError(f"there is not one draft: {which}" if drafts else none)
        return drafts[0]

    def span(self, *path: str | int) -> Span:
        """Where the value at `path` of program.yaml was written, or what encloses it."""
        return _place_of(path, self.positions)

    def activities_by_any_id(self, version: Version) -> Mapping[str, Activity]:
        """The activities of a version by the ids that events may name them by, were it always in force."""
        return activities_by_any_id(version, self.versions)

    @property
    def activities(self) -> Iterator[tuple[Version, Activity]]:
        """Every activity of every version, with the version, by time."""
        return ((version, activity) for version in self.versions for activity in version.activities.values())

    @property
    def level_balance_no(self) -> int:
        """Place of the balance that decides levels among all, from 0."""
        return list(self.balances).index(self.level_balance)

    @property
    def places(self) -> int:
        """How many places the log's points may have: those of the balance that has most."""
        return max(balance.decimals for balance in self.balances.values()) if self.balances else 0

    @property
    def event_attributes(self) -> Mapping[str, AttributeType]:
        """Type of every attribute that any version's activities declare, by name."""
        return {
            name: attribute.type
            for _, activity in self.activities
            for name, attribute in activity.attributes.items()
        }

    @property
    def event_columns(self) -> Mapping[str, AttributeType]:
        """The same, and as texts the columns that are carried into the ledger."""
        return {**dict.fromkeys(self.exports.references, AttributeType.TEXT), **self.event_attributes}


def activities_by_any_id(version: Version, versions: Iterable[Version]) -> Mapping[str, Activity]:
    """The version's activities by their own ids and, of what it does not have, by those that they stand for.

    These are what an activity replaced or was replaced by in one of `versions`, directly or over several.
    The nearest activity stands for such an id; of equally near ones the first by the order of versions, and
    what the version itself replaces before all. Source: docs/meaning.md, "Version".
    """
    found = dict(version.activities)
    pairs = [pair for one in (version, *versions) for pair in one.replaces.items()]
    near = {old: found[new] for new, old in version.replaces.items() if old not in found}
    links = [link for new, old in pairs for link in ((new, old), (old, new))]
    for _ in range(len(pairs) + 1):
        found |= near
        near = {}
        for known, other in links:
            if known in found and other not in found:
                near.setdefault(other, found[known])
    return MappingProxyType(found)


def _place_of(path: Path, positions: Mapping[Path, Span]) -> Span:
    while path and path not in positions:
        path = path[:-1]
    return positions[path]
