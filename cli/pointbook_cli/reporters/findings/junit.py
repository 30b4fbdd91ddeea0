"""Findings as JUnit XML, which CI servers show among the results of tests.

A file in which nothing is found is a test that passed; each kind of fault in a file is one that
failed. What does not fail the run, such as a warning, is the output of a test that passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pointbook_cli.reporters.findings.text import findings_text, printable
from pointbook_cli.reporters.repository_paths import from_root, placed_from_root

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pointbook.diagnostics import Finding, Severity

_SUITE = "pointbook validate"


def findings_junit(
    findings: Iterable[Finding],
    files: Iterable[str],
    texts: Mapping[str, str],
    failing: Collection[Severity],
) -> str:
    """One suite, its tests by file and code.

    Args:
        findings: What was found.
        files: Names of the files checked.
        texts: Text of each file by its name, for showing findings in their lines.
        failing: The severities that fail the run.
    """
    of_test: dict[tuple[str, str], list[Finding]] = {}
    for finding in map(placed_from_root, findings):
        of_test.setdefault((finding.span.file, finding.code), []).append(finding)
    faulty = {file for file, _ in of_test}
    clean = [(file, "nothing found") for file in map(from_root, files) if file not in faulty]
    tests = sorted([*of_test, *clean])
    texts = {from_root(file): text for file, text in texts.items()}
    failures = sum(any(finding.severity in failing for finding in found) for found in of_test.values())
    counts = {"tests": str(len(tests)), "failures": str(failures), "errors": "0", "time": "0"}
    root = ET.Element("testsuites", {"name": _SUITE, **counts})
    suite = ET.SubElement(root, "testsuite", {"name": _SUITE, **counts})
    for file, code in tests:
        test = ET.SubElement(suite, "testcase", {"classname": printable(file), "name": code, "time": "0"})
        _add_findings(test, of_test.get((file, code), []), texts, failing)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_findings(
    test: ET.Element, found: list[Finding], texts: Mapping[str, str], failing: Collection[Severity]
) -> None:
    """The failures as one element, because some servers show only the first; then the rest as output."""
    failures = [finding for finding in found if finding.severity in failing]
    if failures:
        first = failures[0]
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        message = f"{printable(f'{first.span}: {first.message}')}{more}"
        element = ET.SubElement(test, "failure", {"message": message, "type": first.severity.value})
        element.text = findings_text(failures, texts)
    if rest := [finding for finding in found if finding.severity not in failing]:
        ET.SubElement(test, "system-out").text = findings_text(rest, texts)
