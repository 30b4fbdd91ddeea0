"""The summary of an evaluation as text for people."""

from __future__ import annotations

from typing import Any

_MOST_LISTED = 8

_MEANING = {
    "awarded": "count in full",
    "reduced": "cut by a limit, the rest counts",
    "capped": "cut to nothing by a limit",
    "unvalued": "assessed value is missing",
    "out_of_range": "value lies outside what the rule allows",
    "missing_attribute": "an attribute that the rule needs is missing",
    "not_eligible": "the rule's condition does not hold",
    "no_such_activity": "the version in force has no such activity",
    "before_sign_up": "before the member signed up",
    "no_version_in_force": "before the first version took effect",
}


def summary_text(summary: dict[str, Any]) -> str:
    """What was evaluated, that every row is accounted for, and what became of the events."""
    counts = summary["counts"]
    rules = (
        "the version in force on each date"
        if summary["version"] is None
        else f"version {summary['version']} throughout"
    )
    lines = [
        f"{summary['program']}: {summary['members']:,} members, by {rules}",
        f"as of {summary['as_of']} ({summary['as_of_source']}), evaluated by {summary['backend']}",
        "",
        (
            f"rows read {counts['events_read']:,} = ledger {counts['ledger']:,}"
            f" + rejects {counts['rejects']:,} + after as-of {counts['after_as_of']:,}"
        ),
    ]
    width = max(len(f"{counts[name]:,}") for name in _MEANING)
    lines += [
        f"  {counts[name]:>{width},}  {name}: {meaning}" for name, meaning in _MEANING.items() if counts[name]
    ]
    if counts["assumed"]:
        lines.append(
            f"assumed ({summary['assume']}) for {counts['assumed']:,} events without an assessed value"
        )
    if counts["points_ignored"]:
        lines.append(
            f"points in the log that a fixed rule does not use, and that differ: {counts['points_ignored']:,}"
        )
    lines += _unknown_activities(summary["unknown_activities"])
    lines += _listed("rejected rows", summary["reject_reasons"])
    if counts["member_rejects"]:
        lines.append(f"of these from the members file: {counts['member_rejects']:,}")
    levels = ", ".join(
        f"{level or 'no level'} {count:,}" for level, count in summary["levels"].items() if count
    )
    lines += ["", f"levels held: {levels or 'nobody has signed up yet'}"]
    return "\n".join(lines)


def _unknown_activities(found: dict[str, dict[str, Any]]) -> list[str]:
    """Misspelt activities first, with what was meant; then those that only other versions have."""
    ranked = sorted(
        found.items(), key=lambda item: (bool(item[1]["in_versions"]), -item[1]["events"], item[0])
    )
    lines = []
    for name, about in ranked[:_MOST_LISTED]:
        if about["in_versions"]:
            why = f"only in version {', '.join(about['in_versions'])}"
        else:
            why = f"did you mean `{about['did_you_mean']}`?" if about["did_you_mean"] else "no version has it"
        lines.append(f"    {about['events']:,} {name}: {why}")
    if len(ranked) > _MOST_LISTED:
        lines.append(f"    and {len(ranked) - _MOST_LISTED} more, all in summary.json")
    return ["activities that the version in force does not have:", *lines] if lines else []


def _listed(title: str, counts: dict[str, int]) -> list[str]:
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"{title}: {', '.join(f'{name} {count:,}' for name, count in ranked)}"]
