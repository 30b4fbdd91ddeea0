"""Findings in SARIF 2.1.0, which code scanning services and editors read.

Source: OASIS, Static Analysis Results Interchange Format, version 2.1.0.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pointbook.catalogue.findings import Area, finding_rules
from pointbook.version import __version__
from pointbook_cli.reporters.findings.fixes import fix_sarif
from pointbook_cli.reporters.findings.text import printable
from pointbook_cli.reporters.repository_paths import from_root, placed_from_root

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pointbook.diagnostics import Finding, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "pointbookFinding/v1"


def findings_sarif(findings: Iterable[Finding], texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A SARIF log of one run, its results in the order given.

    Args:
        findings: In the order to show.
        texts: Text of each file by its name, where fixes are to be offered.
    """
    findings = tuple(findings)
    rules = rules_of({*Area.CHECKS.codes, *(finding.code for finding in findings)})
    return sarif_log([(finding, finding.severity.value) for finding in findings], rules, texts)


def sarif_log(
    results: Iterable[tuple[Finding, str]],
    rules: list[dict[str, Any]],
    texts: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A SARIF log of one run.

    Args:
        results: What was found, each with its level: `error`, `warning` or `note`.
        rules: What is said of each code.
        texts: Text of each file by its name, by which fixes are offered.
    """
    index_of = {rule["id"]: index for index, rule in enumerate(rules)}
    seen: Counter[tuple[str, str, str]] = Counter()
    written = []
    for finding, level in ((placed_from_root(finding), level) for finding, level in results):
        same = (finding.code, finding.span.file, finding.message)
        fixes = fix_sarif(finding, texts or {}, lambda file: _artifact(from_root(file)))
        written.append({**_result(finding, index_of[finding.code], seen[same]), "level": level, **fixes})
        seen[same] += 1
    driver = {"name": "Pointbook", "version": __version__, "semanticVersion": __version__, "rules": rules}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": written}],
    }


def rules_of(codes: Collection[str]) -> list[dict[str, Any]]:
    """What is said of codes, as `pointbook rules` tells it."""
    return [
        {
            "id": rule.code,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.title},
            "help": {"text": rule.text.replace("**", ""), "markdown": rule.text},
            "defaultConfiguration": {"level": rule.severity},
        }
        for rule in finding_rules()
        if rule.code in codes
    ]


def _result(finding: Finding, rule_index: int, earlier: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": {"text": printable(f"{finding.message}; {finding.hint}")},
        "locations": [{"physicalLocation": _place(finding.span)}],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(finding, earlier)},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(related.span),
                "message": {"text": printable(related.message)},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    return result


def _fingerprint(finding: Finding, earlier: int) -> str:
    """The same wherever in its file the finding is, and the command runs; `earlier` counts equal ones."""
    parts = (finding.code, finding.span.file, finding.message, str(earlier))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _place(span: Span) -> dict[str, Any]:
    return {
        "artifactLocation": _artifact(span.file),
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endColumn": span.column + span.length,
        },
    }


def _artifact(file: str) -> dict[str, str]:
    """Relative to the repository, or to the folder that the command ran in; else by the whole path."""
    if PurePosixPath(file).is_absolute() or PureWindowsPath(file).is_absolute():
        return {"uri": f"file:///{quote(file.lstrip('/'), safe='/:')}"}
    return {"uri": quote(file), "uriBaseId": "%SRCROOT%"}
