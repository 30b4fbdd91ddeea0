"""`pointbook sql`: the rules as a query for a warehouse, or as a package of dbt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from pointbook.diagnostics import InputError, install_hint
from pointbook.loading import load_program
from pointbook.model.ledger import Assume
from pointbook.source import files
from pointbook_cli.hidden_folder import settle_abandoned
from pointbook_cli.options import (
    DateType,
    assume_option,
    choice_option,
    program_argument,
    version_id,
)
from pointbook_cli.output_files import output_folder
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

DIALECTS = ("duckdb", "postgres", "spark", "bigquery", "snowflake")
_RESULTS = ("ledger", "standings", "history")
_PROJECT = "dbt_project.yml"
_AS_OF_OF_DBT = (
    "the last day that counts is a variable of the package: `dbt build --vars '{as_of: 2026-01-31}'`"
)


@click.command(epilog="Example: pointbook sql rules/dataminer-devops --dialect postgres --as-of 2025-12-31")
@program_argument
@click.argument("version", metavar="[VERSION]", type=VERSION, required=False)
@choice_option("--dialect", choices=DIALECTS, about="Whose SQL to write.")
@choice_option("--result", choices=_RESULTS, about="What the query comes to.")
@click.option(
    "--as-of",
    type=DateType(),
    help="The last day that counts: a query has no log to take it from. Required without --dbt.",
)
@assume_option
@click.option(
    "--dbt",
    "package",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a package of dbt to this folder: sources, rejected rows, all results, and tests.",
)
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: click.Context,
    program_folder: str,
    version: str | None,
    dialect: str,
    result: str,
    as_of: date | None,
    assume: str,
    package: Path | None,
) -> None:
    """Print the rules as one SQL query over tables `events` and `members`, or write them as a package of dbt.

    The query holds the rules as rows, and says at each step what it computes; its first lines name
    the columns that the two tables need, and what must be clean. A package also finds the rows that are not.
    With VERSION, that one counts as always in force.
    """
    if package is None and as_of is None:
        day = next(one for one in context.command.params if one.name == "as_of")
        raise click.MissingParameter(ctx=context, param=day)
    if package is not None:
        if as_of is not None:
            raise click.UsageError(f"--as-of and --dbt exclude each other: {_AS_OF_OF_DBT}")
        if context.get_parameter_source("result") is not ParameterSource.DEFAULT:
            raise click.UsageError("--result and --dbt exclude each other: a package has all results")
    program = load_program(program_folder)
    version = version_id(program, version, "VERSION") if version is not None else None
    try:
        from pointbook.relational.dbt.package import package_of  # noqa: PLC0415 - an extra
        from pointbook.relational.plan import plan_of  # noqa: PLC0415 - an extra
        from pointbook.relational.script import script_of  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = f"the module `{error.name}` is not installed"
        raise InputError("pointbook sql", message, install_hint("duckdb")) from error
    results = (result,) if package is None else _RESULTS
    plan = plan_of(program, as_of=None, versions=(version,), assume=Assume(assume), results=results)
    if package is not None:
        _write(package, package_of(plan, dialect, Assume(assume)))
    elif as_of is not None:
        say(script_of(plan, dialect, result, as_of), nl=False)


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a package, all of them or none."""
    _refuse_to_replace(folder, texts)
    try:
        with output_folder(folder) as output:
            for name, text in texts.items():
                output.file(name).write(text)
    except click.BadParameter as error:
        error.param_hint = "--dbt"
        raise
    say(printable(f"written to {folder}/"))


def _refuse_to_replace(folder: Path, names: Collection[str]) -> None:
    """Refuse a folder with files of someone else's, unless it is a package that was written by this command.

    Raises:
        click.BadParameter: It is refused; the message names a file.
    """
    if not folder.is_dir():
        return
    settle_abandoned(folder)
    others = [name for name in names if os.path.lexists(folder / name) and not _is_ours(folder / name)]
    if not others and not (folder / _PROJECT).exists():
        others = sorted(found.name for found in folder.iterdir() if not _is_ours(found))
    if others:
        there = printable(f"{folder / others[0]}")
        message = f"{there} is of someone else's, and is not replaced; name a folder that is new or empty"
        raise click.BadParameter(message, param_hint="--dbt")


def _is_ours(path: Path) -> bool:
    from pointbook.relational.dbt.package import is_of_a_package  # noqa: PLC0415 - an extra

    try:
        return is_of_a_package(files.bytes_of(path).decode("utf-8", "replace"))
    except InputError:
        return False
