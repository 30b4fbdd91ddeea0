"""What the plan has not, each with the reason. Nothing is ever approximated: the fold has all of it.

A further construct of the language that only the fold has is a line of `CONSTRUCTS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from graphlib import CycleError
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import InputError
from pointbook.relational.rulebook.cap_rows import CapKey, chain_of, stages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.diagnostics import Span
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Activity
    from pointbook.relational.rulebook.editions import VersionSet


class Found(NamedTuple):
    """A construct in the rules.

    Attributes:
        at: Where it is written.
        what: What it is there: "300 levels".
    """

    at: Span
    what: str


@dataclass(frozen=True, slots=True)
class Construct:
    """Something that rules or a log can have, and the plan has not.

    Attributes:
        name: As messages and docs/large-logs.md have it.
        reason: Why the plan has it not.
        find: Where the rules of a version set have it, None where they have not; is None itself where
            it shows only while an engine runs, which then stops with an overflow.
    """

    name: str
    reason: str
    find: Callable[[Program, Sequence[Version]], Found | None] | None = None


class UnsupportedError(InputError):
    """The rules, or a log, hold a construct that only the fold can evaluate.

    Attributes:
        construct: Which.
    """

    def __init__(self, construct: Construct, where: str, what: str | None = None) -> None:
        """Say what it is, and where."""
        shown = construct.name if what is None else f"{construct.name} ({what})"
        hint = "`pointbook evaluate` evaluates them by the fold: leave `--via` out, or give `--via fold`"
        super().__init__(where, f"the plan cannot evaluate {shown}: {construct.reason}", hint)
        self.construct = construct


def refuse_unsupported(program: Program, sets: Sequence[VersionSet]) -> None:
    """Refuse rules before any work.

    Raises:
        UnsupportedError: They hold a construct that the plan has not.
    """
    for one in sets:
        versions = [edition.version for edition in one.editions]
        for construct in CONSTRUCTS:
            found = construct.find and construct.find(program, versions)
            if found:
                raise UnsupportedError(construct, str(found.at), found.what)


class _Met(NamedTuple):
    """An activity of a version with the caps that it meets, in order."""

    version: Version
    activity: Activity
    caps: Sequence[CapKey]

    def at(self, *path: str) -> Span:
        return self.version.span("activities", self.activity.id, *path)


def _activities(versions: Sequence[Version]) -> list[_Met]:
    return [
        _Met(version, activity, list(chain_of(activity, version)))
        for version in versions
        for activity in version.activities.values()
    ]


def _opposite_caps(_: Program, versions: Sequence[Version]) -> Found | None:
    """Caps that come before one another, and the last activity that meets two of them."""
    activities = _activities(versions)
    try:
        stages_of(one.caps for one in activities)
    except CycleError as error:
        circle = set(error.args[1])
        last = [one for one in activities if len(circle.intersection(one.caps)) > 1][-1]
        return Found(last.at(), ", ".join(sorted(key.words for key in circle)))
    return None


def _levels(_: Program, versions: Sequence[Version]) -> tuple[int, Span]:
    """Thresholds that versions do not share, all of which each total is compared with."""
    last = {tuple(level.threshold for level in version.levels.values()): version for version in versions}
    return sum(map(len, last)), list(last.values())[-1].span("levels")


def _versions(_: Program, versions: Sequence[Version]) -> tuple[int, Span]:
    return len(versions), versions[-1].span()


def _balances(program: Program, _: Sequence[Version]) -> tuple[int, Span]:
    return len(program.balances), program.span("balances")


def _caps(_: Program, versions: Sequence[Version]) -> tuple[int, Span]:
    """Caps that come one after another, and the activity that meets most."""
    activities = _activities(versions)
    stages = stages_of(one.caps for one in activities)
    return max(stages.values(), default=-1) + 1, max(activities, key=lambda one: len(one.caps)).at()


def _bonuses(_: Program, versions: Sequence[Version]) -> tuple[int, Span]:
    most = max(_activities(versions), key=lambda one: len(one.activity.bonuses))
    return len(most.activity.bonuses), most.at("bonuses")


def _beyond(
    most: int,
    things: str,
    count: Callable[[Program, Sequence[Version]], tuple[int, Span]],
    program: Program,
    versions: Sequence[Version],
) -> Found | None:
    number, at = count(program, versions)
    return Found(at, f"{number:,} {things}") if number > most else None


def _more_than(
    most: int, things: str, reason: str, count: Callable[[Program, Sequence[Version]], tuple[int, Span]]
) -> Construct:
    return Construct(f"more than {most:,} {things}", reason, partial(_beyond, most, things, count))


OPPOSITE_CAPS = Construct(
    "caps met in opposite orders",
    "how much is used of each depends on the other, event by event, so that no order of passes over the log"
    " settles it",
    _opposite_caps,
)
BEYOND_64_BITS = Construct(
    "amounts or totals beyond 64 bits",
    "engines compute with integers of up to 9,223,372,036,854,775,807",
)
CONSTRUCTS = (
    OPPOSITE_CAPS,
    _more_than(
        100,
        "levels",
        "each total is compared with every threshold in one expression; with 300 a query takes 12 s before"
        " it has seen an event, with 1,000 it cannot be built",
        _levels,
    ),
    _more_than(20, "caps one after another", "each is a pass over the log", _caps),
    _more_than(60, "bonuses of an activity", "each is columns of every event", _bonuses),
    _more_than(100, "balances", "they are numbered in 8 bits", _balances),
    _more_than(300, "versions", "each event's is found in one expression", _versions),
    BEYOND_64_BITS,
)
"""In the order in which they are looked for. Levels of versions with other thresholds count anew."""
