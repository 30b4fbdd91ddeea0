"""What members do: an activity, and what one event of it gives or takes in each balance.

Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.attributes import LEVEL, Attribute, AttributeType
from pointbook.model.conditions import attributes_in
from pointbook.model.plain_values import NEVER_PLAIN
from pointbook.model.points.form import Need
from pointbook.model.points.lookup import Table
from pointbook.model.windows import CapKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pointbook.model.conditions import Condition
    from pointbook.model.points.forms import Points
    from pointbook.model.rules import Bonus, Cap, Path, Source


class MetCap(NamedTuple):
    """A cap that limits the events of an activity.

    Attributes:
        scope: `entry`, `activity` or `group`.
        owner: Id of the activity, or of the group.
        position: Which of the owner's caps, from 0.
        cap: The limit.
    """

    scope: str
    owner: str
    position: int
    cap: Cap


@dataclass(frozen=True, slots=True)
class EntryRule:
    """What an event of an activity gives in one balance, or takes from it.

    Attributes:
        balance: The balance it feeds, or takes from.
        points: How its points are found; of a spend, what it takes, as a positive amount.
        bonuses: Added to the points, in order.
        split_among: Attribute with the number of people who share the points.
        condition: When there is such an entry; None for always.
        caps: Its own limits, in no order.
        is_spend: Whether it takes, whole or not at all.
        path: Where it is written, from the activity down; empty for the short form.
        places: Of its balance.
        attributes: Those of its activity, which it can name.
    """

    balance: str
    points: Points
    bonuses: tuple[Bonus, ...] = ()
    split_among: str | None = None
    condition: Condition | None = None
    caps: tuple[Cap, ...] = ()
    is_spend: bool = False
    title: str | None = None
    note: str | None = None
    source: Source | None = None
    path: Path = field(default=(), compare=False, metadata=NEVER_PLAIN)
    places: int = field(default=0, compare=False, metadata=NEVER_PLAIN)
    attributes: Mapping[str, Attribute] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, metadata=NEVER_PLAIN
    )

    def at(self, *steps: str | int) -> Path:
        """Where a part of it is written, from the activity down: ("points", "range") in the short form."""
        return (*self.path, *(steps[1:] if self.is_spend and steps[:1] == ("points",) else steps))

    @property
    def named_attributes(self) -> frozenset[str]:
        """The attributes that its points and its own conditions name."""
        conditions = [bonus.condition for bonus in self.bonuses]
        conditions += [] if self.condition is None else [self.condition]
        named = {name for condition in conditions for name in attributes_in(condition)}
        return frozenset({need.name for need in self.needs} | named)

    @property
    def looks_at_level(self) -> bool:
        """Whether what it comes to depends on the level held just before."""
        return LEVEL in self.named_attributes

    @property
    def tables(self) -> Iterator[tuple[Path, Table]]:
        """Every table of its points and percentages, with where it is written, from the activity down."""
        for place, table in self.points.tables:
            yield self.at(*place), table
        for index, bonus in enumerate(self.bonuses):
            if isinstance(bonus.percent, Table):
                yield self.at("bonuses", index, "percent", "by"), bonus.percent

    @property
    def needs(self) -> tuple[Need, ...]:
        """The attributes without which its points cannot be found, apart from its conditions."""
        found = [*self.points.needs]
        found += [
            replace(need, path=("bonuses", index, "percent", *need.path[1:]))
            for index, bonus in enumerate(self.bonuses)
            if isinstance(bonus.percent, Table)
            for need in bonus.percent.needs
        ]
        if self.split_among is not None:
            hint, types = "name an attribute of `type: integer`", (AttributeType.INTEGER,)
            found.append(Need(self.split_among, ("split_among",), types, "be a number of people", hint))
        return tuple(replace(need, path=self.at(*need.path)) for need in found) if self.path else (*found,)


@dataclass(frozen=True, slots=True)
class Activity:
    """Something members do that is worth points, or costs some.

    Attributes:
        id: What the log calls it.
        entries: What one event gives and takes, at least one, in the order of the file.
        attributes: What the log carries with it.
        eligible_if: Who and what counts, or None for all.
        caps: Limits of an event, in no order.
        groups: Groups whose limits and conditions hold too.
    """

    id: str
    entries: tuple[EntryRule, ...]
    title: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))
    eligible_if: Condition | None = None
    caps: tuple[Cap, ...] = ()
    groups: tuple[str, ...] = ()
    note: str | None = None
    source: Source | None = None

    @property
    def is_short(self) -> bool:
        """Whether it is written in the short form: one entry, directly on the activity."""
        return len(self.entries) == 1 and not self.entries[0].path

    def entry_in(self, balance: str) -> EntryRule:
        """What an event gives in a balance that it feeds, or takes from it."""
        return next(entry for entry in self.entries if entry.balance == balance)

    @property
    def spends_first(self) -> tuple[EntryRule, ...]:
        """Its entries in the order in which an event takes them: what it spends, then the others."""
        return tuple(sorted(self.entries, key=lambda entry: not entry.is_spend))

    @property
    def balances(self) -> tuple[str, ...]:
        """The balances that an event can change, each once, in the order of the file."""
        return tuple(dict.fromkeys(entry.balance for entry in self.entries))

    def copied_by(self, entry: EntryRule) -> EntryRule | None:
        """The entry that another one copies: of those that an event takes before it."""
        before = takewhile(lambda one: one.balance != entry.balance, self.spends_first)
        return next((one for one in before if one.balance == entry.points.copies), None)

    @property
    def fed(self) -> tuple[str, ...]:
        """The balances that an event can feed, which caps can limit: those of all entries but spends."""
        return tuple(dict.fromkeys(entry.balance for entry in self.entries if not entry.is_spend))

    @property
    def assessed(self) -> EntryRule | None:
        """The entry that can use the points of the log; None where none does."""
        return next((entry for entry in self.entries if entry.points.can_be_assessed), None)

    @property
    def named_attributes(self) -> frozenset[str]:
        """The attributes that its entries and its own condition name."""
        own = () if self.eligible_if is None else attributes_in(self.eligible_if)
        return frozenset(own).union(*(entry.named_attributes for entry in self.entries))

    @property
    def looks_at_level(self) -> bool:
        """Whether what an event comes to depends on the level held just before it."""
        return LEVEL in self.named_attributes

    @property
    def tables(self) -> Iterator[tuple[Path, Table]]:
        """Every table of points and percentages, with where it is written, from the activity down."""
        return (found for entry in self.entries for found in entry.tables)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The attributes without which its points cannot be found, apart from conditions."""
        return tuple(need for entry in self.entries for need in entry.needs)

    @property
    def as_written(self) -> dict[str, Any]:
        """Its parts as a file has them: those of an entry in the short form directly, others by balance."""
        short = next((entry for entry in self.entries if not entry.path), None)
        found: dict[str, Any] = {}
        for name in (one.name for one in fields(self)):
            if name != "entries":
                found[name] = getattr(self, name)
            elif short is not None:
                found |= {"balance": short.balance, "points": short.points}
            if name == "eligible_if" and short is not None:
                found |= {"bonuses": short.bonuses, "split_among": short.split_among}
        long = [entry for entry in self.entries if entry.path]
        spends = {entry.balance: entry.points for entry in long if entry.is_spend}
        earns = {entry.balance: entry for entry in long if not entry.is_spend}
        return found | ({"spends": spends} if spends else {}) | ({"earns": earns} if earns else {})

    def limiting(self, entry: EntryRule, caps: tuple[MetCap, ...]) -> tuple[MetCap, ...]:
        """Of all caps that the activity's events meet, those that limit one of its entries.

        Nothing limits a spend; a cap of points limits the balance that it names.
        """
        if entry.is_spend:
            return ()
        own = tuple(MetCap("entry", self.id, position, cap) for position, cap in enumerate(entry.caps))
        met = (
            one for one in caps if one.cap.kind is CapKind.TIMES or one.cap.balance in (None, entry.balance)
        )
        return (*own, *met)

    def with_entries(self, changed: Callable[[EntryRule], EntryRule]) -> Activity:
        """The activity with each of its entries changed."""
        return replace(self, entries=tuple(map(changed, self.entries)))

    @classmethod
    def short(  # noqa: PLR0913 - the keys of the short form
        cls,
        id: str,  # noqa: A002 - the record's field
        balance: str,
        points: Points,
        *,
        bonuses: tuple[Bonus, ...] = (),
        split_among: str | None = None,
        places: int = 0,
        **others: Any,
    ) -> Activity:
        """An activity of one entry, as the short form writes it."""
        attributes = others.get("attributes", MappingProxyType({}))
        entry = EntryRule(balance, points, bonuses, split_among, places=places, attributes=attributes)
        return cls(id, (entry,), **others)
