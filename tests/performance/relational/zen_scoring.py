"""GoRules ZEN on the same amounts: each event by itself, without caps, floors, periods or levels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hand_written_polars import FIXED, RANGES

if TYPE_CHECKING:
    from collections.abc import Iterable


def decision_table() -> dict[str, Any]:
    """The amounts as a decision table: the activity and its points decide what is awarded."""
    fixed = [
        {"activity": json.dumps(name), "points": "", "award": str(points)} for name, points in FIXED.items()
    ]
    ranges = [
        {"activity": json.dumps(name), "points": f"[{lowest}..{highest}]", "award": "points"}
        for name, (lowest, highest) in RANGES.items()
    ]
    rules = [{"_id": f"r{number}", **rule} for number, rule in enumerate((*fixed, *ranges))]
    content = {
        "hitPolicy": "first",
        "inputs": [
            {"id": "activity", "name": "activity", "field": "activity"},
            {"id": "points", "name": "points", "field": "points"},
        ],
        "outputs": [{"id": "award", "name": "award", "field": "award"}],
        "rules": rules,
    }
    kinds = {"in": "inputNode", "table": "decisionTableNode", "out": "outputNode"}
    nodes = [
        {
            "id": name,
            "name": name,
            "type": kind,
            "position": {"x": 0, "y": 0},
            "content": content if name == "table" else {},
        }
        for name, kind in kinds.items()
    ]
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in (("in", "table"), ("table", "out"))
    ]
    return {"nodes": nodes, "edges": edges}


def scored(events: Iterable[tuple[str, int | None]]) -> int:
    """The points of all events together.

    Args:
        events: Activity and assessed points of each.
    """
    import zen  # noqa: PLC0415 - only this one measure needs it

    decision = zen.ZenEngine().create_decision(json.dumps(decision_table()))
    total = 0
    for activity, points in events:
        result = decision.evaluate({"activity": activity, "points": 0 if points is None else points})[
            "result"
        ]
        total += int(result.get("award") or 0) if result else 0
    return total
