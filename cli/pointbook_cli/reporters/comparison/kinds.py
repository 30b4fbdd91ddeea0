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
    from collections.abc import Mapping

    from pointbook.guardrails.judging import JudgedComparison

ENDINGS = {".html": "html", ".md": "markdown", ".json": "json", ".csv": "csv", ".sarif": "sarif"}
FORMATS = ("text", *sorted((*ENDINGS.values(), "github")))


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
