"""`pointbook sql`: the rules as a query for a warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pointbook.diagnostics import InputError, install_hint
from pointbook.loading import load_program
from pointbook.model.ledger import Assume
from pointbook_cli.options import (
    DateType,
    assume_option,
    choice_option,
    program_argument,
    version_id,
)
from pointbook_cli.terminal import say
from pointbook_cli.usage.known_words import VERSION

if TYPE_CHECKING:
    from datetime import date

DIALECTS = ("duckdb", "postgres", "spark", "bigquery", "snowflake")


@click.command(epilog="Example: pointbook sql rules/dataminer-devops --dialect postgres --as-of 2025-12-31")
@program_argument
@click.argument("version", metavar="[VERSION]", type=VERSION, required=False)
@choice_option("--dialect", choices=DIALECTS, about="Whose SQL to write.")
@choice_option("--result", choices=("ledger", "standings", "history"), about="What the query comes to.")
@click.option(
    "--as-of",
    type=DateType(),
    required=True,
    help="The last day that counts: a query has no log to take it from, and counts periods up to it.",
)
@assume_option
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    program_folder: str, version: str | None, dialect: str, result: str, as_of: date, assume: str
) -> None:
    """Print the rules as one SQL query over tables `events` and `members`, for a warehouse or a dbt model.

    The query holds the rules as rows, and says at each step what it computes; its first lines name
    the columns that the two tables need. With VERSION, that one counts as always in force.
    """
    program = load_program(program_folder)
    version = version_id(program, version, "VERSION") if version is not None else None
    try:
        from pointbook.relational.plan import plan_of  # noqa: PLC0415 - an extra
        from pointbook.relational.script import script_of  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = f"the module `{error.name}` is not installed"
        raise InputError("pointbook sql", message, install_hint("duckdb")) from error
    plan = plan_of(program, as_of=None, versions=(version,), assume=Assume(assume), results=(result,))
    say(script_of(plan, dialect, result, as_of), nl=False)
