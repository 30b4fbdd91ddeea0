"""Which report a reconciliation is written as."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.reconciliation.csv_rows import write_reconciliation_csv
from pointbook_cli.reporters.reconciliation.json_values import reconciliation_json
from pointbook_cli.reporters.reconciliation.markdown_page import reconciliation_markdown
from pointbook_cli.reporters.reconciliation.text import reconciliation_text

if TYPE_CHECKING:
    from pointbook.reconciliation.result import Reconciliation

ENDINGS = {".txt": "text", ".md": "markdown", ".json": "json", ".csv": "csv"}
FORMATS = ("text", "markdown", "json", "csv")


def write_reconciliation(stream: IO[str], kind: str, found: Reconciliation) -> None:
    """Write a reconciliation as one of `FORMATS`."""
    match kind:
        case "text":
            stream.write(reconciliation_text(found))
        case "markdown":
            stream.write(reconciliation_markdown(found))
        case "json":
            stream.write(f"{json_text(reconciliation_json(found))}\n")
        case "csv":
            write_reconciliation_csv(stream, found)
        case _:
            raise AssertionError(f"no report is called {kind}")
