"""`pointbook validate`: what is wrong with rules, in words, with the place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import Severity
from pointbook.model.wording import quantity
from pointbook.source import files
from pointbook.validation import validated
from pointbook_cli.options import choice_option
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.findings.github import findings_github, hidden_text
from pointbook_cli.reporters.findings.json_values import findings_json
from pointbook_cli.reporters.findings.text import counted, findings_concise, findings_text
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from pointbook.validation import Report


@click.command(epilog="Example: pointbook validate rules/dataminer-devops --fail-on warning")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--stdin-filename",
    metavar="PATH",
    help="With `-`: the file whose text comes on standard input. It need not be there yet.",
)
@choice_option(
    "--format",
    "output_format",
    choices=("full", "concise", "json", "github", "sarif", "junit"),
    about="`full`: with the line at fault; `concise`: one line each; `json`: for programs; `github`: "
    "annotations of a pull request; `sarif`: for code scanning; `junit`: for CI servers.",
)
@choice_option(
    "--fail-on",
    choices=("error", "warning"),
    about="The least severity that makes the exit code 1.",
)
def command(paths: tuple[str, ...], stdin_filename: str | None, output_format: str, fail_on: str) -> int:
    """Check rules by their schemas and by the semantic checks.

    PATH is a program folder, a folder of programs, or one file of a program: program.yaml, a version,
    a scenario or guardrails.yaml; the current folder if none is given. A version is checked together with the
    versions that it builds on. `-` is a file that an editor has not saved: its text comes on standard input,
    and is checked as if it stood in the file that --stdin-filename names.

    Exit code 1 if there are findings at or above --fail-on, 3 if a PATH cannot be read.
    """
    report = _report(paths, stdin_filename)
    failing = {Severity.ERROR} if fail_on == "error" else {Severity.ERROR, Severity.WARNING}
    say(_text(report, output_format, failing), nl=False)
    if output_format == "github":
        say(hidden_text(report.findings), nl=False, err=True)
    say(f"{quantity(len(report.files), 'file')} checked: {counted(report.findings)}", err=True)
    return 1 if any(finding.severity in failing for finding in report.findings) else 0


def _report(paths: tuple[str, ...], stdin_filename: str | None) -> Report:
    """What is wrong with what is at the paths, or on standard input."""
    if (files.STDIN in paths) is not (stdin_filename is not None):
        example = f"pointbook validate {files.STDIN} --stdin-filename rules/club/versions/2026-01-01.yaml"
        message = f"`{files.STDIN}` and --stdin-filename, the file whose text that is, go together: {example}"
        raise click.UsageError(message)
    if stdin_filename is None:
        return validated([Path(path) for path in paths or (".",)])
    if len(paths) > 1:
        raise click.UsageError(f"`{files.STDIN}` is one file's text; check other paths by another command")
    return validated([Path(stdin_filename)], files.bytes_of(files.STDIN))


def _text(report: Report, output_format: str, failing: set[Severity]) -> str:
    """The findings in that format; what only one format needs is imported for it alone."""
    if output_format == "concise":
        return findings_concise(report.findings)
    if output_format == "json":
        return f"{json_text(findings_json(report.findings))}\n"
    if output_format == "github":
        return findings_github(report.findings)
    if output_format == "sarif":
        from pointbook_cli.reporters.findings.sarif import findings_sarif  # noqa: PLC0415 - see above

        return f"{json_text(findings_sarif(report.findings))}\n"
    if output_format == "junit":
        from pointbook_cli.reporters.findings.junit import findings_junit  # noqa: PLC0415 - see above

        return findings_junit(report.findings, report.files, report.texts, failing)
    return findings_text(report.findings, report.texts)
