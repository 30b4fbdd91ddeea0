"""In which order caps can be computed one after the other, and why some have none.

Every cap counts what is awarded in the end, which depends on all caps that an event meets. A pass over
the log for each cap comes to the same only where the *narrower* of two caps can be taken first. It then
counts also what the *wider* one cuts; but where that has cut something it is used up, and nothing that the
narrower one counts comes through for as long as it counts so, if three conditions hold:

1. the windows of the narrower one lie in those of the wider one;
2. in every version that has both, the activities of the narrower one are among those of the wider one;
3. the wider one neither rises nor goes while a window of the narrower one is open; one of a day never is
   when a version takes effect.

Source: docs/meaning.md, "Caps"; docs/large-logs.md, "What the plan has not".
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.windows import CapKind, Per, lies_inside
from pointbook.reasoning.over_versions import in_one_window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.model.program import Version
    from pointbook.model.rules import Activity


class CapKey(NamedTuple):
    """What a cap's usage belongs to, whatever the version."""

    scope: str
    owner: str
    kind: CapKind
    per: Per

    @property
    def words(self) -> str:
        """Such as: points per day of group one."""
        return f"{self.kind} {self.per.window.words} of {self.scope} {self.owner}"


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
    """The caps of versions that take effect one after the other.

    Attributes:
        obstacles: What stands in the way of an order; empty where there is one.
        stages: For each cap, from 0, above those of all caps that have to be taken before it; empty
            where there is no order.
    """

    def __init__(self, versions: Sequence[Version]) -> None:
        """`versions` by their dates."""
        self._versions = versions
        self._limits: list[Mapping[CapKey, int]] = []
        self._users: list[Mapping[CapKey, set[str]]] = []
        for version in versions:
            limits: dict[CapKey, int] = {}
            users: dict[CapKey, set[str]] = {}
            for activity in version.activities.values():
                for key, limit in caps_met(activity, version).items():
                    limits[key] = limit
                    users.setdefault(key, set()).add(activity.id)
            self._limits.append(limits)
            self._users.append(users)
        self.obstacles: list[Obstacle] = []
        self.stages: Mapping[CapKey, int] = {}
        before = self._narrower_of_each()
        if not self.obstacles:
            self.stages = self._stages(before)

    def _narrower_of_each(self) -> dict[CapKey, set[CapKey]]:
        """For each cap, those that have to be taken before it."""
        before: dict[CapKey, set[CapKey]] = {key: set() for limits in self._limits for key in limits}
        seen = set()
        for version in self._versions:
            for activity in version.activities.values():
                for pair in combinations(sorted(caps_met(activity, version)), 2):
                    if pair in seen:
                        continue
                    seen.add(pair)
                    ways = [self._obstacle(activity, *way) for way in (pair, pair[::-1])]
                    if None in ways:
                        narrower, wider = pair if ways[0] is None else pair[::-1]
                        before[wider].add(narrower)
                    else:  # the way that comes furthest says what is the matter
                        furthest = max(ways, key=lambda one: -1 if one is None else _STEPS.index(one.lacking))
                        assert furthest is not None
                        self.obstacles.append(furthest)
        return before

    def _stages(self, before: Mapping[CapKey, set[CapKey]]) -> Mapping[CapKey, int]:
        stages: dict[CapKey, int] = {}
        try:
            for key in TopologicalSorter({key: sorted(ones) for key, ones in before.items()}).static_order():
                stages[key] = max((stages[one] + 1 for one in before[key]), default=0)
        except CycleError as error:
            circle = sorted(set(error.args[1]))
            index, name = next(
                (index, name)
                for index, users in reversed(list(enumerate(self._users)))
                for key in circle
                for name in sorted(users.get(key, ()))
            )
            what = f"{', '.join(key.words for key in circle)}: each limits activities of another"
            self.obstacles.append(Obstacle(Lacking.ACTIVITIES, self._versions[index], name, what))
            return {}
        return stages

    def _obstacle(self, activity: Activity, narrower: CapKey, wider: CapKey) -> Obstacle | None:
        """Why the one cannot be taken before the other, both of which the activity meets."""
        both = f"{narrower.words}, {wider.words}"
        if not lies_inside(narrower.per, wider.per):
            index = next(i for i, limits in enumerate(self._limits) if {narrower, wider} <= limits.keys())
            return self._found(Lacking.WINDOWS, index, activity, both)
        for index, users in enumerate(self._users):
            if narrower in users and wider in users and users[narrower] - users[wider]:
                other = min(users[narrower] - users[wider])
                return self._found(
                    Lacking.ACTIVITIES, index, activity, f"{both}: `{other}` meets only the first"
                )
        for index in self._eased(wider):
            day = self._versions[index].effective_from
            if in_one_window(day - timedelta(days=1), day, narrower.per):
                change = f"version `{self._versions[index].id}` eases the second"
                return self._found(Lacking.STEADINESS, index, activity, f"{both}: {change}")
        return None

    def _eased(self, key: CapKey) -> Iterator[int]:
        """The versions in which the cap rises, or goes."""
        for index, (limits, now) in enumerate(pairwise(self._limits), start=1):
            if key in limits and (key not in now or now[key] > limits[key]):
                yield index

    def _found(self, lacking: Lacking, index: int, activity: Activity, what: str) -> Obstacle:
        return Obstacle(lacking, self._versions[index], activity.id, what)


_STEPS = tuple(Lacking)


def caps_met(activity: Activity, version: Version) -> dict[CapKey, int]:
    """The caps that events of the activity meet, with their limits."""
    return {
        CapKey(scope, owner, cap.kind, cap.per): cap.limit
        for scope, owner, _, cap in version.caps_met_by(activity)
    }
