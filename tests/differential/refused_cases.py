"""Cases that the relational evaluator refuses, each with its reason. It never approximates."""

from __future__ import annotations

REFUSED = {
    "an-activitys-lifetime-cap-counts-what-its-groups-daily-one-leaves": "the day's is another's too",
    "what-one-cap-leaves-nothing-of-uses-no-other": "a week can lie in two calendar months",
}
"""By the case's file name."""
