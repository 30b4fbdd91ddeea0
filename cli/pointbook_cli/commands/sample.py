"""`pointbook sample`: a synthetic log."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import InputError, install_hint
from pointbook.loading import load_program
from pointbook.sample import default_spec, sample_events, sample_members
from pointbook_cli.options import DateType, choice_option, program_argument
from pointbook_cli.output_files import output_folder
from pointbook_cli.output_paths import refuse_missing_folders
from pointbook_cli.progress import counted
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pointbook.model.program import Program


@click.command(epilog="Example: pointbook sample rules/dataminer-devops --members 200 --seed 7 --out sample")
@program_argument
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the two files."
)
@click.option("--members", default=200, show_default=True, metavar="N", help="How many members.")
@click.option(
    "--events", type=int, metavar="N", help="How many rows of events. [default: about 40 per member and year]"
)
@click.option("--seed", default=1, show_default=True, metavar="N", help="The same seed gives the same files.")
@click.option(
    "--from",
    "first_day",
    type=DateType(),
    help="First day of sign-ups. [default: the day of the first version]",
)
@click.option(
    "--to",
    "last_day",
    type=DateType(),
    help="Last day of the log. [default: four years later, or a year into the newest version]",
)
@choice_option(
    "--output-format",
    choices=("csv", "parquet"),
    about="Form of the two files. In Parquet columns are typed, and misspelt values are empty.",
)
@click.option("--overwrite", is_flag=True, help="Replace files of members and events that are there already.")
@click.option(
    "--mistakes",
    default=10,
    show_default=True,
    metavar="N",
    help="Rows per thousand with a mistake that real exports have; 0 for none.",
)
@click.option(
    "--dated", is_flag=True, help="Let what is true or false of members change: with a column valid_from."
)
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str,
    out: Path,
    members: int,
    events: int | None,
    seed: int,
    first_day: date | None,
    last_day: date | None,
    mistakes: int,
    output_format: str,
    overwrite: bool,
    dated: bool,
) -> None:
    """Make a synthetic log for a program: members.csv and events.csv, or both as Parquet.

    Members sign up over time, some are active and many are not, and a few rows have the mistakes that
    real exports have. The same seed gives the same bytes on every machine.
    """
    refuse_missing_folders(out)
    program = load_program(program_folder)
    try:
        spec = default_spec(
            program,
            members=members,
            events=events,
            first_day=first_day,
            last_day=last_day,
            seed=seed,
            mistakes=mistakes,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    names = [f"members.{output_format}", f"events.{output_format}"]
    there = [name for name in names if os.path.exists(out / name)]  # noqa: PTH110 - that of paths can fail
    if there and not overwrite:
        message = f"{out} already has {' and '.join(there)}; name another folder, or add --overwrite"
        raise click.BadParameter(message, param_hint="--out")
    samples = (
        counted("making members", sample_members(program, spec, dated=dated)),
        counted("making events", sample_events(program, spec)),
    )
    with output_folder(out) as output:
        for name, rows in zip(names, samples, strict=True):
            if output_format == "parquet":
                _write_parquet(output.path(name), rows, program)
            else:
                csv.writer(output.file(name), lineterminator="\n").writerows(rows)
    for name in names:
        say(printable(str(out / name)))


def _write_parquet(path: Path, rows: Iterable[tuple[str, ...]], program: Program) -> None:
    try:
        from pointbook_cli.reporters.tables.sample_parquet import write_sample_parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = "Parquet is written with pyarrow, which is not installed"
        raise InputError("--output-format", message, install_hint("duckdb")) from error
    write_sample_parquet(path, rows, program)
