"""`pointbook validate`: what is wrong with rules, in words, with the place."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import Severity
from pointbook.loading import SCENARIOS_FOLDER, VERSIONS_FOLDER
from pointbook.model.wording import quantity
from pointbook.source import files
from pointbook.validation import validated
from pointbook_cli.options import choice_option
from pointbook_cli.output_files import output_folders
from pointbook_cli.reporters.escaping import json_text, printable
from pointbook_cli.reporters.findings.github import findings_github, hidden_text
from pointbook_cli.reporters.findings.json_values import findings_json
from pointbook_cli.reporters.findings.text import counted, findings_concise, findings_text
from pointbook_cli.reporters.painting import AS_IT_IS, LINES, MESSAGES
from pointbook_cli.terminal import say
from pointbook_cli.usage.words import FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.mending import MendedFile
    from pointbook.validation import Report
    from pointbook_cli.reporters.painting import Look

_FOR_PEOPLE = ("full", "concise")


@click.command(epilog="Example: pointbook validate rules/dataminer-devops --fail-on warning")
@click.argument("paths", metavar="[PATH]...", type=FILE, nargs=-1)
@click.option(
    "--stdin-filename",
    metavar="PATH",
    type=FILE,
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
@click.option(
    "--fix",
    is_flag=True,
    help="Mend what has one certain answer, show the changes, and report what remains.",
)
@click.option("--diff", "only_diff", is_flag=True, help="Show what --fix would change; write nothing.")
def command(  # noqa: PLR0913 - one parameter for each option
    paths: tuple[str, ...],
    stdin_filename: str | None,
    output_format: str,
    fail_on: str,
    *,
    fix: bool,
    only_diff: bool,
) -> int:
    """Check rules by their schemas and by the semantic checks.

    PATH is a program folder, a folder of programs, or one file of a program: program.yaml, a version,
    a scenario or guardrails.yaml; the current folder if none is given. A version is checked together with the
    versions that it builds on. `-` is a file that an editor has not saved: its text comes on standard input,
    and is checked as if it stood in the file that --stdin-filename names.

    Exit code 1 if there are findings at or above --fail-on, with --fix among those that remain; 3 if a PATH
    cannot be read.
    """
    failing = {Severity.ERROR} if fail_on == "error" else {Severity.ERROR, Severity.WARNING}
    if fix or only_diff:
        report = _mended(_named(paths), output_format, is_tried=only_diff)
    else:
        report = _report(paths, stdin_filename)
    if not only_diff:
        say(_text(report, output_format, failing), _look(output_format), nl=False)
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
        return validated(_named(paths))
    if len(paths) > 1:
        raise click.UsageError(f"`{files.STDIN}` is one file's text; check other paths by another command")
    return validated([Path(stdin_filename)], files.bytes_of(files.STDIN))


def _named(paths: tuple[str, ...]) -> list[Path]:
    """What is looked at: the current folder if nothing is named, but not if what is named is empty."""
    if "" in paths:
        raise click.UsageError("a PATH is empty; name a folder or a file, or leave it out")
    return [Path(path) for path in paths or (".",)]


def _mended(paths: list[Path], output_format: str, *, is_tried: bool) -> Report:
    """What is found in the files once they are mended; or in those that are there, if that is only tried."""
    if Path(files.STDIN) in paths:
        raise click.UsageError("standard input (`-`) cannot be mended; name the file")
    is_for_people = output_format in _FOR_PEOPLE
    if is_tried and not is_for_people:
        raise click.UsageError("--diff shows changes only; leave out --format")
    from pointbook.mending import mended_files  # noqa: PLC0415 - only to mend
    from pointbook_cli.reporters.findings.diff import files_diff  # noqa: PLC0415 - see above

    mended = mended_files(paths)
    if not is_tried:
        _write(mended.files)
    between = "\n" if mended.files and mended.report.findings and not is_tried else ""
    say(f"{files_diff(mended.files)}{between}", LINES, nl=False, err=not is_for_people)
    for name, reason in mended.untouched.items():
        say(f"{printable(name)} is left as it is: {reason}", err=True)
    done = "would be mended" if is_tried else "mended"
    where = f" in {quantity(len(mended.files), 'file')}" if mended.files else ""
    say(f"{quantity(mended.count, 'finding')} {done}{where}", err=True)
    return validated(paths) if is_tried else mended.report


def _write(mended: Sequence[MendedFile]) -> None:
    """Write the files, those of a program together, each with the permissions that it has."""
    by_program: dict[Path, list[MendedFile]] = {}
    for file in mended:
        folder = file.path.parent
        is_inside = folder.name in (VERSIONS_FOLDER, SCENARIOS_FOLDER)
        by_program.setdefault(folder.parent if is_inside else folder, []).append(file)
    try:
        with output_folders(list(by_program)) as folders:
            for output, (program, changed) in zip(folders, by_program.items(), strict=True):
                for file in changed:
                    name = file.path.relative_to(program).as_posix()
                    stream = output.replaces_text(name, file.before.decode("utf-8-sig"))
                    Path(stream.name).chmod(stat.S_IMODE(file.path.stat().st_mode))
                    stream.write(file.after.decode())
    except click.BadParameter as error:
        error.param_hint = "--fix"
        raise


def _look(output_format: str) -> Look:
    return MESSAGES if output_format in _FOR_PEOPLE else AS_IT_IS


def _text(report: Report, output_format: str, failing: set[Severity]) -> str:
    """The findings in that format; what only one format needs is imported for it alone."""
    if output_format == "concise":
        return findings_concise(report.findings)
    if output_format == "json":
        return f"{json_text(findings_json(report.findings, report.texts))}\n"
    if output_format == "github":
        return findings_github(report.findings)
    if output_format == "sarif":
        from pointbook_cli.reporters.findings.sarif import findings_sarif  # noqa: PLC0415 - see above

        return f"{json_text(findings_sarif(report.findings, report.texts))}\n"
    if output_format == "junit":
        from pointbook_cli.reporters.findings.junit import findings_junit  # noqa: PLC0415 - see above

        return findings_junit(report.findings, report.files, report.texts, failing)
    return findings_text(report.findings, report.texts)
