"""In which order caps could be taken one after the other, and why some have none.

Every cap counts what is awarded in the end, which depends on all caps that an event meets. Taken one after
the other, each counting what it lets through itself, caps come to the same only where the *narrower* of
two can be taken first. It then counts also what the *wider* one cuts; but where that has cut something it
is used up, and nothing that the narrower one counts comes through for as long as it counts so, if

1. the windows of the narrower one lie in those of the wider one;
2. in every version that has both, the activities of the narrower one are among those of the wider one;
3. the wider one neither rises nor goes while a window of the narrower one is open; one of a day never is
   when a version takes effect.

The plan computes caps in this order, and directions of changes are proved along it. Source:
docs/meaning.md, "Caps"; docs/large-logs.md, "What the plan has not".
"""

from __future__ import annotations

from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.windows import CapKind, Per, lies_inside
from pointbook.reasoning.over_versions import can_share

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version


class CapKey(NamedTuple):
    """What a cap's usage belongs to, whatever the version."""

    scope: str
    owner: str
    kind: CapKind
    per: Per
    balance: str = ""
    """The balance that it names; that of the entry whose it is."""

    @property
    def words(self) -> str:
        """Such as: points per day of group one."""
        counted = f"{self.kind} of {self.balance}" if self.balance else self.kind
        return f"{counted} {self.per.window.words} of {self.scope} {self.owner}"


class Lacking(StrEnum):
    """The condition that does not hold for two caps."""

    WINDOWS = "windows"
    ACTIVITIES = "activities"
    STEADINESS = "steadiness"


class Obstacle(NamedTuple):
    """Two caps that an activity meets, and that cannot be taken one after the other.

    Attributes:
        lacking: Which condition does not hold.
        version: Where it does not.
        activity: An activity that meets both.
        what: The caps in words, and what is the matter with them.
    """

    lacking: Lacking
    version: Version
    activity: str
    what: str


class CapOrder:
    """The caps that activities meet, narrower ones first.

    Attributes:
        obstacles: What stands in the way of an order; empty where there is one.
        narrower: For each cap, those that are narrower, of all that some activity meets together with it.
        stages: For each cap, from 0, above those of all that are narrower; empty where there is no order.
    """

    def __init__(
        self, timelines: Sequence[Sequence[Version]], activities: Collection[str] | None = None
    ) -> None:
        """Find the order that holds in all of the timelines.

        Args:
            timelines: Versions that take effect one after the other, by their dates.
            activities: Those whose caps are ordered, together with all others that meet one of these;
                None for all.
        """
        self._timelines = [_Timeline(versions, activities) for versions in timelines]
        self.obstacles: list[Obstacle] = []
        self.narrower: dict[CapKey, set[CapKey]] = {}
        self.stages: Mapping[CapKey, int] = {}
        self._without_order: set[frozenset[CapKey]] = set()
        for timeline in self._timelines:
            for activity, met in timeline.chains():
                for key in met:
                    self.narrower.setdefault(key, set())
                self._ordered(activity, met)
        if not self.obstacles:
            self.stages = self._stages()

    def _ordered(self, activity: str, met: Sequence[CapKey]) -> None:
        """Put every two of the caps that an activity meets in order."""
        for one, other in combinations(met, 2):
            both = frozenset((one, other))
            if one in self.narrower[other] or other in self.narrower[one] or both in self._without_order:
                continue
            ways = [self._obstacle(activity, *way) for way in ((one, other), (other, one))]
            if None in ways:
                narrower, wider = (one, other) if ways[0] is None else (other, one)
                self.narrower[wider].add(narrower)
            else:  # the way that comes furthest says what is the matter
                self._without_order.add(both)
                self.obstacles.append(max(filter(None, ways), key=lambda way: _STEPS.index(way.lacking)))

    def _stages(self) -> Mapping[CapKey, int]:
        stages: dict[CapKey, int] = {}
        order = TopologicalSorter({key: sorted(before) for key, before in self.narrower.items()})
        try:
            for key in order.static_order():
                stages[key] = max((stages[one] + 1 for one in self.narrower[key]), default=0)
        except CycleError as error:
            circle = sorted(set(error.args[1]))
            what = f"{', '.join(key.words for key in circle)}: each limits activities of another"
            self.obstacles += (one.last_user(circle, what) for one in self._timelines[:1])
            return {}
        return stages

    def _obstacle(self, activity: str, narrower: CapKey, wider: CapKey) -> Obstacle | None:
        """Why the one cannot be taken before the other, both of which the activity meets."""
        found = (one.obstacle(activity, narrower, wider) for one in self._timelines)
        return next((one for one in found if one is not None), None)


class _Timeline:
    """Versions that take effect one after the other, with the caps that are met in each."""

    def __init__(self, versions: Sequence[Version], activities: Collection[str] | None) -> None:
        self.versions = versions
        self._met = [
            {
                name: caps_met(version.activities[name], version)
                for name in (version.activities if activities is None else sorted(activities))
                if name in version.activities
            }
            for version in versions
        ]
        self._limits: list[dict[CapKey, Amount]] = []
        self._users: list[dict[CapKey, set[str]]] = []
        for met in self._met:
            limits: dict[CapKey, Amount] = {}
            users: dict[CapKey, set[str]] = {}
            for name, found in met.items():
                limits |= found
                for key in found:
                    users.setdefault(key, set()).add(name)
            self._limits.append(limits)
            self._users.append(users)

    def chains(self) -> Iterator[tuple[str, Sequence[CapKey]]]:
        """The caps of each activity of each version; of two for which both orders hold, the first goes first.

        That are times before points: which events they let through does not depend on amounts.
        """
        for met in self._met:
            for name, found in met.items():
                yield name, sorted(found, key=lambda key: (key.kind is CapKind.POINTS, key))

    def obstacle(self, activity: str, narrower: CapKey, wider: CapKey) -> Obstacle | None:
        """Why the one cannot be taken before the other here."""
        both = f"{narrower.words}, {wider.words}"
        for index, users in enumerate(self._users):
            if narrower not in users or wider not in users:
                continue
            if not lies_inside(narrower.per, wider.per):
                return Obstacle(Lacking.WINDOWS, self.versions[index], activity, both)
            if others := users[narrower] - users[wider]:
                what = f"{both}: `{min(others)}` meets only the first"
                return Obstacle(Lacking.ACTIVITIES, self.versions[index], activity, what)
        for index in self._eased(wider):
            if can_share(self.versions, index - 1, index, narrower.per):
                what = f"{both}: version `{self.versions[index].id}` eases the second"
                return Obstacle(Lacking.STEADINESS, self.versions[index], activity, what)
        return None

    def _eased(self, key: CapKey) -> Iterator[int]:
        """The versions in which the cap rises, or goes."""
        for index, (limits, now) in enumerate(pairwise(self._limits), start=1):
            if key in limits and (key not in now or now[key] > limits[key]):
                yield index

    def last_user(self, keys: Sequence[CapKey], what: str) -> Obstacle:
        """The last version and an activity of it that meets one of the caps, as where there is no order."""
        index, name = max(
            (index, name)
            for index, users in enumerate(self._users)
            for key in keys
            for name in users.get(key, ())
        )
        return Obstacle(Lacking.ACTIVITIES, self.versions[index], name, what)


_STEPS = tuple(Lacking)


def caps_met(activity: Activity, version: Version) -> dict[CapKey, Amount]:
    """The caps that events of the activity meet, with their limits."""
    found = {
        CapKey("entry", activity.id, cap.kind, cap.per, entry.balance): cap.limit
        for entry in activity.entries
        for cap in entry.caps
    }
    return found | {
        CapKey(scope, owner, cap.kind, cap.per, cap.balance or ""): cap.limit
        for scope, owner, _, cap in version.caps_met_by(activity)
    }
