"""What an evaluation is asked for, and what it hands over for the summary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import click

from pointbook.log.reading import is_table
from pointbook.views.evaluated import Way
from pointbook_cli.options import processors
from pointbook_cli.reporters.tables.table_files import FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    import pyarrow as pa

    from pointbook.log import LogFacts
    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program
    from pointbook.model.tally import Tally
    from pointbook.views.evaluated import Evaluated
    from pointbook_cli.backends import Backend

    RunRow: TypeAlias = Callable[[datetime], pa.Table]
    """Makes the row of a run from the time at which its results are found."""

_HINT = "name a database with `--backend`, such as `duckdb://FILE` or `postgresql://...`"
TABLES = ("ledger", "standings", "history", "rejects")
RUNS_TABLE = "runs"
"""The table of a row for each run, where results are tables."""
SEEN_TABLE = "seen"
"""What a run has seen of each member, so that the next one can update its results."""


@dataclass(frozen=True, slots=True)
class Request:
    """What an evaluation is asked for.

    Attributes:
        program: The rules.
        events: Sources of events, as they were typed.
        members: Sources of members, likewise.
        as_of: The last day that counts, None for the log's own.
        version: Id of a version taken to have always been in force, None for each event's own.
        assume: What a missing assessed value is taken to be.
        backend: What evaluates.
        output_format: One of `FORMATS` of `reporters.table_files`.
        table_prefix: What names of tables begin with.
        memory_limit: The most memory that DuckDB uses, None for its own limit.
        workers: The most processes (fold) or threads (plan) of this machine to use, at least 1.
        via: What is to compute the results, None for the plan where it can.
        spreadsheet_safe: Whether no text in files of CSV may be taken for a formula.
        replace: Whether tables that have other columns than results may be dropped.
        run_id: What the run is called in the table of runs, None for a name that is made.
        keeps_seen: Whether what is seen of each member is kept, so that results can be updated.
        updates: Whether results that stand are to be updated, where they can be.
        loaded_at: The column of events that says when a row came, None where none is to be looked at.
    """

    program: Program
    events: tuple[str, ...]
    members: tuple[str, ...]
    as_of: date | None
    version: str | None
    assume: Assume
    backend: Backend
    output_format: str
    table_prefix: str
    memory_limit: str | None
    workers: int
    via: Way | None
    spreadsheet_safe: bool = False
    replace: bool = False
    run_id: str | None = None
    keeps_seen: bool = False
    updates: bool = False
    loaded_at: str | None = None

    @property
    def rejects_format(self) -> str:
        """The form of the rejects, which this process writes: a file, whatever the other results are."""
        return {"table": "csv", FOLDERS: "parquet"}.get(self.output_format, self.output_format)

    @property
    def threads(self) -> int:
        """How many threads an engine in this process has; more than processors would only take turns."""
        return min(self.workers, processors())


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """What came of it, beside the tables.

    Attributes:
        facts: What is known of the log.
        as_of: The last day that counted.
        tally: Counts of the results.
        evaluated: How they were found.
        tables_stand: Whether tables of an earlier evaluation are there that these would replace.
        write_tables: Writes the results to tables of the database, and the row of this run that it takes.
            There is nothing to call where they are files.
    """

    facts: LogFacts
    as_of: date
    tally: Tally
    evaluated: Evaluated
    tables_stand: Callable[[], bool]
    write_tables: Callable[[RunRow], None]


def refuse_what_it_lacks(request: Request) -> None:
    """Refuse options that the backend, or the form of the results, can do nothing with.

    Raises:
        click.BadParameter: An option needs a database, DuckDB, or CSV; or a table is read and written.
    """
    if request.spreadsheet_safe and request.output_format != "csv":
        message = f"spreadsheets open CSV; use it with `--output-format csv`, not `{request.output_format}`"
        raise click.BadParameter(message, param_hint="--spreadsheet-safe")
    if request.backend.kind == "python" and request.via is Way.PLAN:
        message = "python has no plan; use it with `--backend duckdb`, or with a database or Spark"
        raise click.BadParameter(message, param_hint="--via")
    if request.memory_limit is not None and request.backend.kind != "duckdb":
        message = f"{request.backend.shown} has no memory limit; use it with `--backend duckdb`"
        raise click.BadParameter(message, param_hint="--memory-limit")
    if request.loaded_at is not None:
        _refuse_loaded_at(request)
    if request.output_format != "table":
        _refuse_for_files(request)
    if request.output_format == "table":
        _refuse_results_that_are_read(request)
    if request.backend.has_tables:
        return
    if request.output_format == "table":
        message = f"{request.backend.shown} keeps no tables; {_HINT}"
        raise click.BadParameter(message, param_hint="--output-format")
    refuse_tables(request.backend, request.members, request.events)


def _refuse_loaded_at(request: Request) -> None:
    """Only rows of a table say when they came, and only tables of results keep how far they had come."""
    if request.output_format != "table" or not request.keeps_seen:
        form = f"results of `{request.output_format}` on {request.backend.shown}"
        message = f"{form} do not keep how far rows had come"
        hint = "use it with `--output-format table` in a database of DuckDB or PostgreSQL"
    elif len(request.events) != 1:
        message = "it is a column of one source of events, and there are several"
        hint = "put them together in one query: `query:SELECT ... UNION ALL SELECT ...`"
    elif not is_table(request.events[0]):
        message = f"rows of {request.events[0]} are in no table"
        hint = "use it with events of `table:NAME` or `query:SELECT ...`"
    else:
        return
    raise click.BadParameter(f"{message}; {hint}", param_hint="--loaded-at")


def _refuse_for_files(request: Request) -> None:
    """What only tables have, and folders that only Spark writes."""
    if request.output_format == FOLDERS and request.backend.kind != "spark":
        message = f"executors of Spark write such folders; with {request.backend.shown}, use `parquet`"
        raise click.BadParameter(message, param_hint="--output-format")
    if request.replace:
        message = "files are replaced anyway; use it with `--output-format table`"
        raise click.BadParameter(message, param_hint="--replace")
    if request.run_id is not None:
        message = "files have no table of runs; use it with `--output-format table`"
        raise click.BadParameter(message, param_hint="--run-id")


def refuse_tables(backend: Backend, members: tuple[str, ...], events: tuple[str, ...]) -> None:
    """Refuse tables as sources where the backend has none.

    Raises:
        click.BadParameter: One is a source.
    """
    if backend.has_tables:
        return
    for option, sources in (("--events", events), ("--members", members)):
        for source in sources:
            if is_table(source):
                message = f"{source}: {backend.shown} has no tables to read; {_HINT}"
                raise click.BadParameter(message, param_hint=option)


def refuse_results_behind_views(request: Request, words_behind: Callable[[str], set[str]]) -> None:
    """The same of what views and macros read, which the database has to be asked for.

    Args:
        request: What is asked for.
        words_behind: All words of the views and macros that a text names, in small letters.

    Raises:
        click.BadParameter: A result would take the place of what is read.
    """
    results = {name.casefold() for name in _names_of_results(request)}
    for source in (*request.events, *request.members):
        kind, _, named = source.partition(":")
        if kind in {"table", "query"} and not results.isdisjoint(words_behind(named)):
            raise _is_read(source)


def _names_of_results(request: Request) -> list[str]:
    """What tables of results are called, without a schema."""
    prefix = request.table_prefix.rpartition(".")[2]
    return [f"{prefix}{name}" for name in (*TABLES, SEEN_TABLE, RUNS_TABLE)]


def _is_read(source: str) -> click.BadParameter:
    message = f"{source} is read, and would be replaced by a result; name another prefix"
    return click.BadParameter(message, param_hint="--table-prefix")


def _refuse_results_that_are_read(request: Request) -> None:
    """One schema can be left out; where only one side names a schema, it is taken to be the same.

    A query reads whatever stands in it as a word.
    """

    def told(name: str) -> str:
        return name if request.backend.kind == "postgresql" else name.casefold()

    schema = request.table_prefix.rpartition(".")[0]
    results = set(map(told, _names_of_results(request)))
    for source in (*request.events, *request.members):
        kind, _, named = source.partition(":")
        *others, name = named.split(".")
        same_schema = not schema or not others or told(schema) == told(others[-1])
        is_read = kind == "table" and told(name) in results and same_schema
        if is_read or (kind == "query" and not results.isdisjoint(map(told, re.findall(r"\w+", named)))):
            raise _is_read(source)
