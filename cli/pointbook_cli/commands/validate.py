"""`pointbook validate`: what is wrong with rules, in words, with the place."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pointbook.diagnostics import Severity
from pointbook.validation import validated
from pointbook_cli.reporters.findings_json import findings_json
from pointbook_cli.reporters.findings_text import counted, findings_concise, findings_text


@click.command(
    epilog="Example: pointbook validate rules/dataminer-devops --fail-on warning",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("full", "concise", "json")),
    default="full",
    show_default=True,
    help="`full`: with the line at fault; `concise`: one line each; `json`: for programs.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning")),
    default="error",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
def command(paths: tuple[str, ...], output_format: str, fail_on: str) -> int:
    """Check rules by their schemas and by the semantic checks.

    PATH is a program folder, a folder of programs, or one file of a program: program.yaml, a version
    or a scenario. A version is checked together with the versions that it builds on.

    Exit code 1 if there are findings at or above --fail-on, 3 if a PATH cannot be read.
    """
    report = validated([Path(path) for path in paths])
    if output_format == "json":
        click.echo(json.dumps(findings_json(report.findings), indent=2, ensure_ascii=False))
    elif report.findings:
        full = output_format == "full"
        click.echo(
            findings_text(report.findings, report.texts) if full else findings_concise(report.findings),
            nl=False,
        )
    files = "1 file" if len(report.files) == 1 else f"{len(report.files)} files"
    click.echo(f"{files} checked: {counted(report.findings)}", err=True)
    failing = {Severity.ERROR} if fail_on == "error" else {Severity.ERROR, Severity.WARNING}
    return 1 if any(finding.severity in failing for finding in report.findings) else 0
