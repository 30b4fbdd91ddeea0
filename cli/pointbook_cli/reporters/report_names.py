"""Which reports are asked for, and where they go: by a file's ending, or by `--format`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

STDOUT = "-"


class Report(NamedTuple):
    """A report to be written.

    Attributes:
        path: Where; None for standard output.
        kind: As what, one of the formats that the command has.
    """

    path: Path | None
    kind: str


def reports_of(
    outs: Sequence[Path], chosen: str | None, endings: Mapping[str, str], formats: Sequence[str]
) -> list[Report]:
    """The reports that are asked for, with the one on standard output, if there is any, last.

    An ending says what a file is; `chosen` says it of `-`, of names without an ending, and, where there are
    none of these, of standard output.

    Args:
        outs: The files as they were named.
        chosen: The format that was named, None for none.
        endings: What a file is, by the ending of its name.
        formats: All there are.

    Raises:
        ValueError: A file is of no known kind; the message says what to write instead.
    """
    reports = []
    for out in outs:
        kind = endings.get(out.suffix.lower(), chosen if not out.suffix else None)
        if str(out) != STDOUT and kind is None:
            *first, last = endings
            hint = f"name a file that ends with {', '.join(first)} or {last}"
            if not out.suffix:
                hint += f", or say `--format {'|'.join(formats)}`"
            raise ValueError(f"{out}: there is no report of that kind; {hint}")
        reports.append(Report(None, chosen or "text") if str(out) == STDOUT else Report(out, kind or "text"))
    if all(report.path is not None for report in reports):
        is_used = any(not out.suffix for out in outs)
        reports.append(Report(None, "text" if is_used or chosen is None else chosen))
    return sorted(reports, key=lambda report: report.path is None)
