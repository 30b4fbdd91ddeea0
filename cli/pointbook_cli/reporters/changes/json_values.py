"""Semantic changes as values that JSON has; `changes.schema.json` describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.changes.fingerprints import fingerprint
from pointbook.changes.subject import ABSENT
from pointbook.guardrails.approving import NONE_APPROVED
from pointbook.model.plain_values import plain
from pointbook_cli.reporters.approvals import approval_json
from pointbook_cli.reporters.findings.json_values import findings_json, span_json

if TYPE_CHECKING:
    from pointbook.changes.against import Difference
    from pointbook.changes.change import Change, ChangedValue
    from pointbook.changes.timeline import VersionDifference
    from pointbook.guardrails.approving import ApprovedChanges
    from pointbook.model.program import Version


def difference_json(difference: Difference, passing: ApprovedChanges = NONE_APPROVED) -> dict[str, Any]:
    """A whole diff as one object, with the changes that may pass."""
    return {
        "old": difference.old_name,
        "new": difference.new_name,
        "program_changed": bool(difference.program),
        "program": [change_json(change) for change in difference.program],
        "versions": [_version_difference(version) for version in difference.versions],
        "log": [change_json(change) for change in difference.log],
        "guardrails": [change_json(change) for change in difference.guardrails],
        "approvals": [change_json(change) for change in difference.approvals],
        "lock": [change_json(change) for change in difference.lock],
        "approved": [approval_json(approval) for _, approval in sorted(passing.approvals.items())],
        "findings": findings_json(passing.findings),
    }


def change_json(change: Change) -> dict[str, Any]:
    """One change."""
    return {
        "address": change.address,
        "code": change.code,
        "fingerprint": fingerprint(change),
        "subject": change.subject,
        "sentence": change.sentence,
        "direction": change.direction.value,
        "reason": change.reason,
        "old": _value(change.old),
        "new": _value(change.new),
    }


def version_json(version: Version) -> dict[str, Any]:
    """What names a version."""
    return {
        "id": version.id,
        "title": version.title,
        "effective_from": version.effective_from.isoformat(),
        "sha256": version.sha256,
    }


def _version_difference(difference: VersionDifference) -> dict[str, Any]:
    return {
        "status": difference.status.value,
        "old": None if difference.old is None else version_json(difference.old),
        "new": None if difference.new is None else version_json(difference.new),
        "changes": [change_json(change) for change in difference.changes],
    }


def _value(changed: ChangedValue) -> dict[str, Any]:
    present = changed.value is not ABSENT
    place = {"path": list(changed.path), "place": span_json(changed.span), "present": present}
    return {**place, "value": plain(changed.value) if present else None}
