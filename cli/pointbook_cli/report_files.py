"""Reports as files: checked before anything is computed, and moved into place as one set."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import IO, TYPE_CHECKING

import click

from pointbook_cli.output_files import output_files
from pointbook_cli.output_paths import (
    real,
    refuse_missing_folders,
    refuse_replaced_sources,
    refuse_rules_folder,
)
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import Screen, Unchanged, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pointbook_cli.reporters.painting import Look
    from pointbook_cli.reporters.report_names import Report


def refuse_replacing(reports: Sequence[Report], sources: Sequence[str]) -> None:
    """Refuse reports that would take the place of what is read, of each other, or of rules; or in no folder.

    Raises:
        click.BadParameter: One of them would.
    """
    written: set[Path | None] = set()
    for report in reports:
        place = None if report.path is None else real(report.path)
        if place in written:
            message = f"{report.path or '-'} is named twice; give each report its own name"
            raise click.BadParameter(message, param_hint="--out")
        written.add(place)
    paths = {path for path in written if path is not None}
    refuse_replaced_sources(paths, sources, "a report; name another file")
    folders = [report.path.parent for report in reports if report.path is not None]
    for report in reports:
        if report.path is not None:
            refuse_rules_folder(report.path.parent)
            refuse_missing_folders(report.path.parent, others=folders)


@contextmanager
def opened(reports: Sequence[Report], look: Look) -> Iterator[list[IO[str]]]:
    """Where to write each, opened first: what cannot be written is said at once, not after minutes.

    The files are moved into place as one set.

    Args:
        reports: What is to be written.
        look: Of a report that is text, on standard output.
    """
    with output_files([report.path for report in reports if report.path is not None]) as files:
        # The one on standard output is the last (`reports_of`).
        shown = (report.kind for report in reports if report.path is None)
        yield [*files, *(Screen(look) if kind == "text" else Unchanged() for kind in shown)]


def tell_written(done: str, started: float, reports: Sequence[Report]) -> None:
    """Say on standard error how long it took, and what was written.

    Args:
        done: What took so long, such as "compared".
        started: When it began, by `perf_counter`.
        reports: What was written.
    """
    say(f"{done} in {perf_counter() - started:.1f} s", err=True)
    for report in reports:
        if report.path is not None:
            say(f"written to {printable(str(report.path))}", err=True)
