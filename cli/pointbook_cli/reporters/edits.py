"""Edits of the rules, and what the scenarios made of them, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.mutation.judging import Fate
from pointbook_cli.reporters.findings.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.mutation.edits import Edit
    from pointbook.mutation.judging import Judged


def survivor_text(edit: Edit, one: Judged) -> str:
    """An edit that no scenario notices: where, what, and the scenario that would."""
    of_version = "" if edit.version is None else f" of version {edit.version}"
    lines = [
        printable(f"{edit.span}: no scenario notices: {edit.subject}: {edit.was} → {edit.now}"),
        printable(f"  address: {edit.address}{of_version}"),
    ]
    if not one.scenario:
        return "\n".join([*lines, "  help: no case was found that tells the two apart", ""])
    return "\n".join([*lines, "  help: this scenario would; `--accept` writes it", "", *_lines(one.scenario)])


def _lines(text: str) -> list[str]:
    return [printable(line) for line in text.split("\n")]


def counts_text(fates: Sequence[Judged], reviewed: int) -> str:
    """How many edits came to what, in one line."""
    counts = {fate: sum(one.fate is fate for one in fates) for fate in Fate}
    text = ", ".join(f"{count} {fate.words}" for fate, count in counts.items())
    may = f", {reviewed} of which may live" if reviewed else ""
    return f"{len(fates)} edits of the rules: {text}{may}"
