"""Findings as JUnit XML, which CI servers show among the results of tests.

Of `validate`, a file in which nothing is found is a test that passed, and each kind of fault in a file is
one that failed; of `test`, each scenario is a test. What does not fail the run, such as a warning, is the
output of a test that passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from pointbook.diagnostics import Severity
from pointbook_cli.reporters.findings.text import findings_text, printable
from pointbook_cli.reporters.repository_paths import from_root, placed_from_root

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pointbook.diagnostics import Finding


class Test(NamedTuple):
    """One test.

    Attributes:
        file: Where it is.
        name: What it is called there.
        findings: What was found.
    """

    file: str
    name: str
    findings: Sequence[Finding]


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
    for finding in findings:
        of_test.setdefault((finding.span.file, finding.code), []).append(finding)
    faulty = {file for file, _ in of_test}
    clean = [Test(file, "nothing found", ()) for file in files if file not in faulty]
    tests = [*clean, *(Test(*key, found) for key, found in of_test.items())]
    return _junit("pointbook validate", tests, texts, failing)


def scenarios_junit(scenarios: Iterable[Test], texts: Mapping[str, str]) -> str:
    """One suite, each test of which is a scenario.

    Args:
        scenarios: By file and title.
        texts: Text of each file by its name.
    """
    return _junit("pointbook test", scenarios, texts, {Severity.ERROR})


def _junit(name: str, tests: Iterable[Test], texts: Mapping[str, str], failing: Collection[Severity]) -> str:
    placed = [
        Test(from_root(test.file), test.name, tuple(map(placed_from_root, test.findings))) for test in tests
    ]
    placed.sort(key=lambda test: test[:2])
    texts = {from_root(file): text for file, text in texts.items()}
    failures = sum(any(finding.severity in failing for finding in test.findings) for test in placed)
    counts = {"tests": str(len(placed)), "failures": str(failures), "errors": "0", "time": "0"}
    root = ET.Element("testsuites", {"name": name, **counts})
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts})
    for test in placed:
        names = {"classname": printable(test.file), "name": printable(test.name)}
        _add_findings(ET.SubElement(suite, "testcase", {**names, "time": "0"}), test.findings, texts, failing)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_findings(
    test: ET.Element, found: Sequence[Finding], texts: Mapping[str, str], failing: Collection[Severity]
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
