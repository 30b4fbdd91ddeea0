"""Which report a comparison is written as, and where: by a file's ending, or by `--format`."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, NamedTuple

from pointbook_cli.reporters.comparison.annotations import comparison_github, comparison_sarif
from pointbook_cli.reporters.comparison.csv_rows import write_comparison_csv
from pointbook_cli.reporters.comparison.json_values import write_comparison_json
from pointbook_cli.reporters.comparison.markdown import comparison_markdown
from pointbook_cli.reporters.comparison.text import comparison_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pointbook.guardrails.judging import JudgedComparison

ENDINGS = {".html": "html", ".md": "markdown", ".json": "json", ".csv": "csv", ".sarif": "sarif"}
FORMATS = ("text", *sorted((*ENDINGS.values(), "github")))
STDOUT = "-"


class Report(NamedTuple):
    """A report to be written.

    Attributes:
        path: Where; None for standard output.
        kind: As what, one of `FORMATS`.
    """

    path: Path | None
    kind: str


class Origin(NamedTuple):
    """What a page says of where it comes from.

    Attributes:
        command: The command that makes it again.
        table: Name of the CSV file beside it, if there is one.
        texts: Text of each file with rules, by name.
    """

    command: str
    table: str | None
    texts: Mapping[str, str]


def reports_of(outs: Sequence[Path], chosen: str | None) -> list[Report]:
    """The reports that are asked for, with the one on standard output, if there is any, last.

    An ending says what a file is; `chosen` says it of `-`, of names without an ending, and, where there are
    none of these, of standard output.

    Raises:
        ValueError: A file is of no known kind; the message says what to write instead.
    """
    reports = []
    for out in outs:
        kind = ENDINGS.get(out.suffix.lower(), chosen if not out.suffix else None)
        if str(out) != STDOUT and kind is None:
            *first, last = ENDINGS
            hint = f"name a file that ends with {', '.join(first)} or {last}"
            if not out.suffix:
                hint += f", or say `--format {'|'.join(FORMATS)}`"
            raise ValueError(f"{out}: there is no report of that kind; {hint}")
        reports.append(Report(None, chosen or "text") if str(out) == STDOUT else Report(out, kind or "text"))
    if all(report.path is not None for report in reports):
        is_used = any(not out.suffix for out in outs)
        reports.append(Report(None, "text" if is_used or chosen is None else chosen))
    return sorted(reports, key=lambda report: report.path is None)


def write_report(stream: IO[str], kind: str, judged: JudgedComparison, origin: Origin) -> None:
    """Write a comparison as one of `FORMATS`."""
    match kind:
        case "csv":
            write_comparison_csv(stream, judged.comparison)
        case "json":
            write_comparison_json(stream, judged)
        case "markdown":
            stream.write(comparison_markdown(judged))
        case "html":
            from pointbook_cli.reporters.comparison.html_page import comparison_html  # noqa: PLC0415 - only where it is needed

            stream.write(comparison_html(judged, origin.command, origin.table, origin.texts))
        case "github":
            stream.write(comparison_github(judged))
        case "sarif":
            stream.write(f"{json.dumps(comparison_sarif(judged), indent=2, ensure_ascii=False)}\n")
        case "text":
            stream.write(f"{comparison_text(judged)}\n")
        case _:
            raise AssertionError(f"no report is called {kind}")
