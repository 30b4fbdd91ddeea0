"""What mends a finding, as JSON and SARIF offer it to editors and reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.source.edits import place_of, replacements_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.diagnostics import Finding
    from pointbook.source.edits import Replacement


def fix_json(finding: Finding, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each replacement: where it begins, where it ends, and the text that comes there."""
    return [
        {
            "file": each.file,
            **_region(each, texts, ("line", "column", "end_line", "end_column")),
            "text": each.text,
        }
        for each in replacements_of(finding, texts)
    ]


def fix_sarif(finding: Finding, texts: Mapping[str, str], artifact: Any) -> dict[str, Any]:
    """The property `fixes` of a result; empty where nothing mends it.

    Args:
        finding: The finding.
        texts: Text of each file by its name.
        artifact: Makes the location of a file from its name.
    """
    changes: dict[str, list[dict[str, Any]]] = {}
    for each in replacements_of(finding, texts):
        names = ("startLine", "startColumn", "endLine", "endColumn")
        replacement: dict[str, Any] = {"deletedRegion": _region(each, texts, names)}
        if each.text:
            replacement["insertedContent"] = {"text": each.text}
        changes.setdefault(each.file, []).append(replacement)
    if not changes:
        return {}
    made = [
        {"artifactLocation": artifact(file), "replacements": replacements}
        for file, replacements in changes.items()
    ]
    return {"fixes": [{"description": {"text": finding.hint}, "artifactChanges": made}]}


def _region(each: Replacement, texts: Mapping[str, str], names: tuple[str, str, str, str]) -> dict[str, int]:
    text = texts[each.file]
    return dict(zip(names, (*place_of(text, each.start), *place_of(text, each.end)), strict=True))
