"""Why one member stands where they stand: levels, sums by period and activity, and every event.

`member` puts it together from `events` and `level_changes` (the timeline), `sums` (by period and
activity) and `outlook` (what is needed). `reasons`, `spends`, `conditions` and `limits` find the words for
one entry of an event; `selection` takes what is asked for, `unknown` suggests whom a mistyped id may
mean.
"""

from pointbook.views.explanation.explained import (
    ExplainedActivity,
    ExplainedChange,
    ExplainedEntry,
    ExplainedEvent,
    ExplainedOutcome,
    ExplainedPeriod,
    Explanation,
)
from pointbook.views.explanation.member import explain
from pointbook.views.explanation.selection import Selection, narrowed

__all__ = [
    "ExplainedActivity",
    "ExplainedChange",
    "ExplainedEntry",
    "ExplainedEvent",
    "ExplainedOutcome",
    "ExplainedPeriod",
    "Explanation",
    "Selection",
    "explain",
    "narrowed",
]
