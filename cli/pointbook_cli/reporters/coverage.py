"""What of the rules the scenarios exercise, as text: by file, then each element that is lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.wording import quantity
from pointbook_cli.reporters.findings.text import printable

if TYPE_CHECKING:
    from pointbook.scenarios.coverage import Coverage


def coverage_text(coverage: Coverage) -> str:
    """A line for each file, one for each element that is not exercised, and the percent last."""
    files = {printable(file): counts for file, counts in coverage.by_file.items()}
    width = max(map(len, files), default=0)
    lines = ["", *(f"{file:{width}}  {done} of {there}" for file, (done, there) in files.items())]
    lines += [printable(f"{element.place}: {element.lacking}") for element in coverage.lacking]
    elements = quantity(len(coverage.elements), "element")
    return "\n".join([*lines, f"exercised: {coverage.exercised:,} of {elements} ({coverage.percent} %)"])
