"""Findings in SARIF 2.1.0, which code scanning services and editors read.

Source: OASIS, Static Analysis Results Interchange Format, version 2.1.0.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections import Counter
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pointbook.checks import CHECKS
from pointbook.version import __version__
from pointbook_cli.reporters.findings.text import printable
from pointbook_cli.reporters.repository_paths import placed_from_root

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.diagnostics import Finding, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_WARNING = " (a warning)"
_FINGERPRINT = "pointbookFinding/v1"


def findings_sarif(findings: Iterable[Finding]) -> dict[str, Any]:
    """A SARIF log of one run, its results in the order given."""
    findings = tuple(findings)
    rules = _rules({finding.code for finding in findings})
    return sarif_log([(finding, finding.severity.value) for finding in findings], rules)


def sarif_log(results: Iterable[tuple[Finding, str]], rules: list[dict[str, Any]]) -> dict[str, Any]:
    """A SARIF log of one run.

    Args:
        results: What was found, each with its level: `error`, `warning` or `note`.
        rules: What is said of each code.
    """
    index_of = {rule["id"]: index for index, rule in enumerate(rules)}
    seen: Counter[tuple[str, str, str]] = Counter()
    written = []
    for finding, level in ((placed_from_root(finding), level) for finding, level in results):
        same = (finding.code, finding.span.file, finding.message)
        written.append({**_result(finding, index_of[finding.code], seen[same]), "level": level})
        seen[same] += 1
    driver = {"name": "Pointbook", "version": __version__, "semanticVersion": __version__, "rules": rules}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": written}],
    }


def _rules(codes: set[str]) -> list[dict[str, Any]]:
    """Every check as its docstring tells it, then the codes of what schemas and the reading of files find."""
    rules: list[dict[str, Any]] = []
    for check in CHECKS:
        module = sys.modules[check.__module__]
        title, _, text = (inspect.getdoc(module) or "").partition("\n\n")
        summary = {"text": title.replace(_WARNING, "")}
        text = text.strip()
        rules.append(
            {
                "id": vars(module)["CODE"],
                "shortDescription": summary,
                "fullDescription": summary,
                "help": {"text": text.replace("**", ""), "markdown": text},
                "defaultConfiguration": {"level": "warning" if _WARNING in title else "error"},
            }
        )
    known = {rule["id"] for rule in rules}
    return rules + [
        {"id": code, "shortDescription": {"text": f"{code.replace('-', ' ').capitalize()}."}}
        for code in sorted(codes - known)
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
