"""A reconciliation as JSON: everything but the rows that are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.reconciliation.result import RowState, stakes_of

if TYPE_CHECKING:
    from pointbook.reconciliation.result import Cause, ComparedRow, Reconciliation


def reconciliation_json(found: Reconciliation) -> dict[str, Any]:
    """As values that JSON has. Causes are numbered from 1."""
    return {
        "program": found.program,
        "file": found.file,
        "as_of": found.as_of.isoformat(),
        "version": found.version,
        "assume": found.assume.value,
        "balance": found.balance,
        "tolerance": found.tolerance.text,
        "passes": found.passes,
        "counts": {state.value: stakes_of(found.in_state(state))._asdict() for state in RowState},
        "rejected": {
            "file": len(found.rejects),
            "events": found.events_rejected,
            "members": found.members_rejected,
        },
        "causes_tried": found.tried,
        "causes": [_cause(number, cause) for number, cause in enumerate(found.causes, 1)],
        "unexplained": stakes_of(found.of_cause(None))._asdict(),
        "rows": [_row(row) for row in found.rows if row.state is not RowState.EQUAL],
        "rejects": [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "reason": one.reason,
                "detail": one.detail,
            }
            for one in found.rejects
        ],
    }


def _cause(number: int, cause: Cause) -> dict[str, Any]:
    return {
        "cause": number,
        "kind": cause.kind.value,
        "subject": cause.subject,
        "that_system": cause.words,
        "likely": cause.is_likely,
        "explains": cause.stakes._asdict(),
        "equal_rows": {"looked_at": cause.looked_at, "would_differ": cause.broken},
        "alternatives": list(cause.alternatives),
    }


def _row(row: ComparedRow) -> dict[str, Any]:
    return {
        "member_id": row.member_id,
        "period": row.period or None,
        "line": row.line or None,
        "state": row.state.value,
        "counts": row.counts,
        "cause": None if row.cause is None else row.cause + 1,
        "published": row.published,
        "ours": row.ours,
        "note": row.note or None,
    }
