"""Options about results that become tables of a database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from pointbook_cli.options import Decorated

_NO_UNICODE = re.compile(r"[\ud800-\udfff]")
_PREFIX = re.compile(r"([a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_]{0,39}")


def _table_prefix(_: click.Context, __: click.Parameter, value: str) -> str:
    if not _PREFIX.fullmatch(value):
        message = f"'{value}' cannot begin a table's name; use a-z, 0-9 and _, and a schema and a dot before"
        raise click.BadParameter(message)
    return value


def _run_id(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not value.strip() or _NO_UNICODE.search(value)):
        message = (
            f"'{printable(value)}' is no text to call a run by; write letters and digits, or leave it out"
        )
        raise click.BadParameter(message)
    return value


def table_options(function: Decorated) -> Decorated:
    """--table-prefix, --replace and --run-id."""
    prefix = click.option(
        "--table-prefix",
        default="pointbook_",
        metavar="PREFIX",
        show_default=True,
        callback=_table_prefix,
        help="What the names of tables begin with, such as `club.points_` in another schema. Of tables that"
        " stand the rows are replaced; grants, views, comments and indexes stay.",
    )
    replace = click.option(
        "--replace",
        is_flag=True,
        help="Drop tables of these names that have other columns than the results, and make them anew;"
        " without it they are refused before the log is read.",
    )
    run_id = click.option(
        "--run-id",
        metavar="TEXT",
        callback=_run_id,
        help="What this run is called in the table of runs, such as by the id that a scheduler gives it."
        " [default: the time, and some letters]",
    )
    return prefix(replace(run_id(function)))
