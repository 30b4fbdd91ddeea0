"""The summary of an evaluation as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.likeness import told_apart
from pointbook.model.ledger import Outcome
from pointbook.model.wording import quantity, version_ranges
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.model.log import Reject

_MOST_LISTED = 8
_MOST_EXAMPLES = 3
_LONGEST_DETAIL = 160


def summary_text(
    summary: dict[str, Any], rejects: Iterable[Reject] = (), rejects_file: str | None = "rejects.csv"
) -> str:
    """What was evaluated, that every row is accounted for, and what became of the events.

    Args:
        summary: Of `summary_of`.
        rejects: The rows that could not be used, for an example of each of the most frequent reasons.
        rejects_file: Where all of them are, None where nothing was written.
    """
    counts = summary["counts"]
    rules = (
        "the version in force on each date"
        if summary["version"] is None
        else f"version {printable(summary['version'])} throughout"
    )
    lines = [
        f"{printable(summary['program'])}: {quantity(summary['members'], 'member')}, by {rules}",
        f"as of {summary['as_of']} ({summary['as_of_source']}), evaluated {_how(summary['evaluated'])}",
        *_updated(summary["evaluated"].get("update"), summary["members"]),
        *_read_by(summary.get("read_by", ())),
        *map(printable, summary.get("notes", ())),
        "",
        (
            f"rows read {counts['events_read']:,} = ledger {counts['events_in_ledger']:,}"
            f" + rejects {counts['rejects']:,} + after as-of {counts['after_as_of']:,}"
        ),
    ]
    has_several = counts["ledger"] != counts["events_in_ledger"]
    if has_several:
        lines.append(f"entries of these events in the ledger: {counts['ledger']:,}")
    width = max(len(f"{counts[outcome]:,}") for outcome in Outcome)
    lines += [
        f"  {counts[outcome]:>{width},}  {outcome}: {outcome.words}" for outcome in Outcome if counts[outcome]
    ]
    if counts["assumed"]:
        entries = quantity(counts["assumed"], *(("entry", "entries") if has_several else ("event",)))
        lines.append(f"assumed ({summary['assume']}) for {entries} without an assessed value")
    if counts["points_ignored"]:
        lines.append(
            f"points in the log that a fixed rule does not use, and that differ: {counts['points_ignored']:,}"
        )
    lines += _unknown_activities(
        summary["unknown_activities"], [version["id"] for version in summary["versions"]]
    )
    lines += _near_texts(summary.get("near_texts", ()))
    lines += _rejected(summary["reject_reasons"], rejects, rejects_file)
    if counts["member_rejects"]:
        lines.append(f"of these from the members file: {counts['member_rejects']:,}")
    if counts.get("blank_rows"):
        lines.append(f"rows with nothing in them, passed over: {counts['blank_rows']:,}")
    levels = ", ".join(
        f"{printable(level or 'no level')} {count:,}" for level, count in summary["levels"].items() if count
    )
    lines += ["", f"levels held: {levels or 'nobody has signed up yet'}"]
    return "\n".join(lines)


def _read_by(found: Iterable[dict[str, Any]]) -> list[str]:
    """Such as: events read by log.yaml:2: events.csv."""
    return [
        f"{one['kind']} read {'by ' + printable(one['log_yaml']) if one['log_yaml'] else 'as they are'}:"
        f" {printable(one['files'][0])}"
        + (f" and {len(one['files']) - 1:,} more" if len(one["files"]) > 1 else "")
        for one in found
    ]


def _how(evaluated: dict[str, Any]) -> str:
    """Such as: by the compiled fold on duckdb with 2 workers."""
    compiled = "compiled " if evaluated["compiled"] else ""
    workers = "" if evaluated["workers"] is None else f" with {quantity(evaluated['workers'], 'worker')}"
    return f"by the {compiled}{evaluated['way']} on {evaluated['backend']}{workers}"


def _updated(update: dict[str, int] | None, members: int) -> list[str]:
    """Such as: 12 of 4,000 members evaluated anew: 9 with other rows, 3 whose day brings something."""
    if update is None:
        return []
    parts = [f"{update['other_rows']:,} with other rows", f"{update['due']:,} whose day brings something"]
    gone = f"; {quantity(update['gone'], 'member')} gone" if update["gone"] else ""
    return [
        f"{update['members']:,} of {quantity(members, 'member')} evaluated anew: {', '.join(parts)}{gone}"
    ]


def _unknown_activities(found: dict[str, dict[str, Any]], every: Sequence[str]) -> list[str]:
    """Misspelt activities first, with what was meant; then those that only other versions have."""
    ranked = sorted(
        found.items(), key=lambda item: (bool(item[1]["in_versions"]), -item[1]["events"], item[0])
    )
    lines = []
    for name, about in ranked[:_MOST_LISTED]:
        # So that one sees in what.
        shown = repr(name) if "differs_in" in about or name != name.strip() else printable(name)
        lines.append(f"    {about['events']:,} {_cut(shown)}: {printable(_why_unknown(about, every))}")
    if len(ranked) > _MOST_LISTED:
        lines.append(f"    and {len(ranked) - _MOST_LISTED} more, all in summary.json")
    return ["activities that the version in force does not have:", *lines] if lines else []


def _why_unknown(about: dict[str, Any], every: Sequence[str]) -> str:
    if about["in_versions"]:
        ids = about["in_versions"]
        kind = {1: "version ", 2: "versions "}.get(len(ids), "")  # of more, the ranges say it
        return f"only in {kind}{version_ranges(ids, every)}"
    if about.get("is_its_title"):
        return f"this is the title of `{about['did_you_mean']}`; write that id"
    if "word" in about:
        meant = (
            f"did you mean {about['word']!r}, which {about['log_yaml']} reads as `{about['did_you_mean']}`?"
        )
        return f"{meant} the two differ in {about['differs_in']}"
    meant = f"did you mean `{about['did_you_mean']}`?" if about["did_you_mean"] else "no version has it"
    return f"{meant} the two differ in {about['differs_in']}" if "differs_in" in about else meant


def _near_texts(found: Iterable[dict[str, Any]]) -> list[str]:
    """Texts that nearly are what a rule names, each as one would type it, so that one sees the difference."""
    lines = []
    for near in found:
        number = (
            quantity(near["members"], "member") if "members" in near else quantity(near["events"], "event")
        )
        texts = near["value"], near["named"]
        value, named = (told_apart(repr(one), repr(other)) for one, other in (texts, texts[::-1]))
        seen = f"{printable(near['attribute'])} {_cut(value)}"
        meant = f"the rule names {_cut(named)}; the two differ in {near['differs_in']}"
        lines.append(f"    {number} with {seen}: {meant} ({printable(near['rule'])})")
    return ["values that nearly are what a rule names, and are not:", *lines] if lines else []


def _rejected(counts: dict[str, int], rejects: Iterable[Reject], rejects_file: str | None) -> list[str]:
    """How many for each reason, the most frequent first, with an example of the first few."""
    if not counts:
        return []
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{name} {count:,}" for name, count in ranked)
    where = "" if rejects_file is None else f", all in {rejects_file}"
    lines = [f"rejected rows{where}: {listed}; for example:"]
    examples: dict[str, Reject] = {}
    for reject in rejects:
        examples.setdefault(reject.reason, reject)
    for name, _ in ranked[:_MOST_EXAMPLES]:
        if name in examples:
            example = examples[name]
            place = printable(f"{example.file}:{example.line}")
            lines.append(f"    {place}: {name}: {_cut(printable(example.detail))}")
    if len(lines) == 1:
        lines[0] = lines[0].removesuffix("; for example:")
    return lines


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}…"
