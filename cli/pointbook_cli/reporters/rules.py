"""What codes mean, as text and as JSON."""

from __future__ import annotations

import json
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pointbook.catalogue.changes import usual_direction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.catalogue.changes import ChangeRule
    from pointbook.catalogue.findings import FindingRule
    from pointbook.changes.kinds import Kind

_INDENT = "    "


def listed_text(findings: Iterable[FindingRule], kinds: Iterable[Kind]) -> str:
    """Every code in one line each, findings by where they come from."""
    parts = []
    for area, rules in groupby(findings, key=lambda rule: rule.area):
        lines = [
            f"  {rule.code:<30} {rule.severity:<8} {'fix' if rule.can_be_fixed else '':<4} {rule.title}"
            for rule in rules
        ]
        parts.append("\n".join((area.heading, *lines)))
    changes = [f"  {kind.code:<30} {_direction(kind):<19} {kind.touches.value}" for kind in kinds]
    parts.append("\n".join(("Kinds of change, and what they touch", *changes)))
    return "\n\n".join(parts) + "\n"


def finding_rule_text(rule: FindingRule, width: int) -> str:
    """A code of findings explained, in lines of at most `width` characters."""
    mended = "mended by `validate --fix`" if rule.can_be_fixed else "not mended by `validate --fix`"
    parts = [
        f"{rule.code} ({rule.severity}, {mended})",
        _filled(rule.title, width),
        _filled(f"What: {rule.what}", width),
        _filled(f"Why: {rule.why}", width),
        _filled(f"Fix: {rule.fix}", width),
    ]
    if rule.failing:
        parts += [f"Failing:\n\n{rule.failing}", f"Fixed:\n\n{rule.fixed}"]
    return "\n\n".join(parts)


def finding_rule_json(rule: FindingRule) -> dict[str, Any]:
    """A code of findings as values."""
    return {
        "code": rule.code,
        "area": rule.area.name.lower(),
        "severity": rule.severity,
        "title": rule.title,
        "can_be_fixed": rule.can_be_fixed,
        "what": rule.what,
        "why": rule.why,
        "fix": rule.fix,
        "failing": textwrap.dedent(rule.failing),
        "fixed": textwrap.dedent(rule.fixed),
    }


def change_rule_text(rule: ChangeRule, width: int) -> str:
    """A kind of change explained, in lines of at most `width` characters."""
    kind, change = rule.kind, rule.change
    direction = "" if kind.always else " here, which other rules can change"
    undone = "the same kind" if kind.mirror is kind else f"`{kind.mirror.code}`"
    parts = [
        f"{kind.code} (a kind of change)",
        _filled(f"It touches {kind.touches.value}.", width),
        _filled(f"What undoes it is {undone}.", width),
        f"Before:\n\n{_side(rule.before)}",
        f"After:\n\n{_side(rule.after)}",
        _filled(f"What `diff` says: {change.sentence}", width),
        _filled(f"Direction: {change.direction}{direction}: {change.reason}.", width),
    ]
    return "\n\n".join(parts)


def change_rule_json(rule: ChangeRule) -> dict[str, Any]:
    """A kind of change as values."""
    kind, change = rule.kind, rule.change
    return {
        "code": kind.code,
        "sections": [section.value for section in kind.sections],
        "touches": kind.touches.name.lower(),
        "direction": usual_direction(kind).value,
        "is_always_so": kind.always is not None,
        "undone_by": kind.mirror.code,
        "before": rule.before,
        "after": rule.after,
        "sentence": change.sentence,
        "reason": change.reason,
    }


def _direction(kind: Kind) -> str:
    return f"{usual_direction(kind)}{'' if kind.always else ', mostly'}"


def _filled(text: str, width: int) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _side(values: dict[str, Any] | None) -> str:
    if values is None:
        return f"{_INDENT}(there is no such program)"
    return textwrap.indent("\n".join(f"{key}: {_inline(value)}" for key, value in values.items()), _INDENT)


def _inline(value: Any) -> str:
    """A value as it is typed in brackets."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_inline(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return value if isinstance(value, str) and not value.isdigit() else json.dumps(value)
