"""Cases that the relational evaluator refuses, each with its reason. It never approximates."""

from __future__ import annotations

REFUSED = {
    "an-activitys-caps-come-before-its-groups": "its groups' caps come before one another in a circle",
}
"""By the case's file name."""
