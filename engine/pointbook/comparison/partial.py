"""What is found of a range of members, and of two ranges together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from pointbook.comparison.counts import LogCounts
from pointbook.comparison.rejects.bounds import RejectSums
from pointbook.comparison.shares.attribution import ShareSums

if TYPE_CHECKING:
    from pointbook.comparison.result import MemberDifference, TraceRow

T = TypeVar("T")


@dataclass(slots=True)
class PartialComparison:
    """What is found of a range of members; as it is made, of none.

    Attributes:
        counts: Their events, and what these come to.
        members: Those who have signed up, on both sides, by member id.
        low: By how much each headline moves with every missing assessed value at its lowest, by key.
        high: Likewise at its highest.
        shares: Their differences, split among the changes.
        rejects: What rejected rows could do to them.
        traces: Event by event, of those among them who differ most, by name.
    """

    counts: LogCounts = field(default_factory=LogCounts)
    members: list[MemberDifference] = field(default_factory=list)
    low: Counter[str] = field(default_factory=Counter)
    high: Counter[str] = field(default_factory=Counter)
    shares: ShareSums = field(default_factory=ShareSums)
    rejects: RejectSums = field(default_factory=RejectSums)
    traces: dict[str, tuple[TraceRow, ...]] = field(default_factory=dict)


def merged(one: T, other: T) -> T:
    """Both together: the same as if what filled the second had gone on filling the first.

    Numbers add up, counters count by count; sets and tables unite; of lists the second follows the
    first; a dataclass merges field by field. So the result depends only on which parts there are and on
    their order, not on which are merged first, and whatever is empty changes nothing. Exact for whole
    numbers, which is all that parts are made of.

    >>> merged(Counter(a=2, b=1), Counter(b=-1, c=4)), merged([1], [2])
    (Counter({'c': 4, 'a': 2, 'b': 0}), [1, 2])
    """
    first: Any = one
    second: Any = other
    match first:
        case int() | list():
            both = first + second
        case Counter():
            both = Counter(first)
            both.update(second)
        case set() | dict():
            both = first | second
        case _:
            parts = ((getattr(first, part.name), getattr(second, part.name)) for part in fields(first))
            both = type(first)(*(merged(*part) for part in parts))
    result: T = both
    return result
