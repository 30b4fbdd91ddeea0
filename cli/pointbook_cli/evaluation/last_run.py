"""The run whose results are to be updated: what it was of, and why all members must be evaluated instead."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import InputError
from pointbook.source import files
from pointbook.version import __version__
from pointbook_cli.backends import backend_from
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.evaluation.seen import SEEN_COLUMNS, SEEN_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pointbook.model.tables import Columns
    from pointbook_cli.evaluation.request import Request


class FullRunError(Exception):
    """All members must be evaluated; the message says why, in words that follow "because"."""


def last_summary(request: Request, folder: Path) -> dict[str, Any]:
    """The summary of the run that wrote a folder's results, where these can be updated.

    Raises:
        FullRunError: They cannot.
    """
    if not files.is_file(folder / SEEN_FILE):
        raise FullRunError(f"{folder} has no {SEEN_FILE} of an earlier run")
    try:
        found = json.loads(files.bytes_of(folder / "summary.json"))
        _refuse_other(request, found)
        _refuse_foreign(request, folder, found)
    except (InputError, ValueError, KeyError, TypeError) as error:
        raise FullRunError(f"{folder} holds no whole results of an earlier run") from error
    assert isinstance(found, dict)
    return found


def _refuse_other(request: Request, last: Mapping[str, Any]) -> None:
    """Refuse the results of a run of something else."""
    program = request.program
    rules = [
        {"id": known.id, "effective_from": known.effective_from.isoformat(), "sha256": known.sha256}
        for known in program.versions
    ]
    same = {
        "it was of another program": last["program"] == program.id,
        "program.yaml has changed since": last["program_sha256"] == program.sha256,
        "the versions have changed since": last["versions"] == rules,
        f"it was run by engine {last['engine_version']}": last["engine_version"] == __version__,
        f"it was run with {_option('version', last['version'])}": last["version"] == request.version,
        f"it was run with --assume {last['assume']}": last["assume"] == request.assume.value,
        f"it was run on {last['evaluated']['backend']}": (
            backend_from(last["evaluated"]["backend"]).kind == request.backend.kind
        ),
    }
    for difference, is_same in same.items():
        if not is_same:
            raise FullRunError(f"the last run was another one: {difference}")


def _option(name: str, value: str | None) -> str:
    return f"no --{name}" if value is None else f"--{name} {value}"


def refuse_earlier(last: Mapping[str, Any], as_of: date) -> None:
    """Refuse to go back in time.

    Raises:
        FullRunError: The last run was of a later day.
    """
    if as_of < date.fromisoformat(last["as_of"]):
        raise FullRunError(f"the last run was as of {last['as_of']}, which is later than {as_of}")


def _refuse_foreign(request: Request, folder: Path, last: Mapping[str, Any]) -> None:
    """Refuse files that the run of that summary cannot have written."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    numbers = {"ledger": last["counts"]["ledger"], "standings": sum(last["levels"].values())}
    tables: dict[str, Columns] = {**result_columns(request.program), "seen": SEEN_COLUMNS}
    for name, columns in tables.items():
        try:
            found = pq.read_metadata(folder / f"{name}.parquet")
        except (OSError, pa.ArrowException) as error:
            raise FullRunError(f"{folder / name}.parquet cannot be read") from error
        if found.schema.names != [column.name for column in columns]:
            raise FullRunError(f"{folder / name}.parquet has other columns")
        if found.num_rows != numbers.get(name, found.num_rows):
            raise FullRunError(f"{folder / name}.parquet is not what the last run wrote")
