"""Results updated: the members are evaluated anew who can differ, and all others stay as they are."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pointbook.source.files import can_be_read_once
from pointbook.views.evaluated import Update, Way
from pointbook_cli.evaluation.memory import with_the_plan
from pointbook_cli.evaluation.ways import evaluated
from pointbook_cli.output_files import output_folder
from pointbook_cli.progress import stage
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.updating.changes import Changes
    from pointbook_cli.evaluation.log_in_session import LogInSession
    from pointbook_cli.evaluation.request import EvaluationFacts, Request
    from pointbook_cli.output_files import OutputFolder

_Done = TypeVar("_Done")

_FEW_EVENTS = 100_000
"""So many the fold takes in less time than it takes to write a plan down."""
_MOST_OF_ALL = 2
"""Where more than every so manieth member is to be evaluated, to evaluate all of them costs no more."""


def refuse_no_update(request: Request) -> None:
    """Refuse to update results that cannot be.

    Raises:
        click.BadParameter: It is so.
    """
    if request.keeps_seen:
        return
    if request.output_format in {"csv", "jsonl"}:
        message = f"results of `{request.output_format}` are not read again"
        hint = "use it with `--output-format parquet`, or with `table` in a database"
    else:
        message = f"{request.backend.shown} keeps no digests of members"
        hint = "use it with `--backend duckdb` or a database of DuckDB or PostgreSQL"
    raise click.BadParameter(f"{message}; {hint}", param_hint="--update")


def updated(request: Request, output: OutputFolder, finish: Callable[[EvaluationFacts], _Done]) -> _Done:
    """Update the tables of an evaluation; where that cannot be, write them anew, and say why.

    Args:
        request: What is asked for.
        output: Where the results of the last run are, and where files are written.
        finish: As `evaluated` takes it.

    Raises:
        InputError: As `evaluated`.
    """
    from pointbook_cli.evaluation.log_in_session import opened_session, read_into  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.seen import SEEN_FILE  # noqa: PLC0415 - not needed by all
    from pointbook_cli.evaluation.updating.last_run import (  # noqa: PLC0415 - an extra
        FullRunError,
        put_seen,
        state_of,
        summary_in_folder,
        summary_in_tables,
    )

    if request.as_of is None:
        hint = 'with `--as-of "$(date +%F)"` quiet days bring anniversaries and versions, too'
        say(f"--update without --as-of goes as far as the last event; {hint}", err=True)
    memory_limit = with_the_plan(request.memory_limit)
    log: LogInSession | None = None
    state = state_of(request, output.folder)
    with ExitStack() as stack:
        try:
            if request.output_format != "table":
                last = summary_in_folder(request, output.folder)
            session = stack.enter_context(opened_session(request, output))
            if request.output_format == "table":
                last = summary_in_tables(request, session)
            put_seen(request, session, output.folder)
            log = _read_narrowed(request, output, session, last) or read_into(
                session, request, output, memory_limit
            )
            changes = _changes(request, log, last)
        except FullRunError as reason:
            say(printable(f"all members are evaluated, because {reason}"), err=True)
            if log is None or log.facts.left_out is not None:
                stack.close()  # which keeps other runs from the tables
                log = None
            return evaluated(request, output, finish, log)
        if request.loaded_at is not None and log.facts.left_out is not None:
            hint = "`--full` beside it sees them; make such a run now and then"
            say(f"rows changed or deleted since the last run are not seen by --loaded-at; {hint}", err=True)
        found = _merged(request, output, log, changes, last)
        if state is not None:
            output.depends_on(SEEN_FILE, state)
        return finish(found)


def _read_narrowed(
    request: Request, output: OutputFolder, session: Session, last: Mapping[str, Any]
) -> LogInSession | None:
    """The log, or the part that has to be read, with the digests of all; None where all has to be read now.

    Raises:
        FullRunError: Everybody is to be evaluated.
    """
    from pointbook.relational.updating.digests import events_of_digests, put_digests  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.log_in_session import read_into  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.updating.narrowing import (  # noqa: PLC0415 - an extra
        Narrowing,
        WholeLogError,
        refuse_other_events,
    )

    if any(map(can_be_read_once, (*request.members, *request.events))):
        return None  # for it may have to be read again
    try:
        log = read_into(
            session,
            request,
            output,
            with_the_plan(request.memory_limit),
            Narrowing(session, request, output.folder, last),
        )
        if log.facts.left_out is None:  # it is not read in place
            return log
        with stage("comparing with the last run"):
            put_digests(session, request.program, log.as_of, few=True)
            refuse_other_events(log.facts, events_of_digests(session))
    except WholeLogError as reason:
        if request.loaded_at is not None:
            say(printable(f"all rows are read, because {reason}"), err=True)
        return None
    return log


def _changes(request: Request, log: LogInSession, last: Mapping[str, Any]) -> Changes:
    """Who is to be evaluated, whom the session has then as well.

    Raises:
        FullRunError: It is everybody, or nearly.
    """
    from pointbook.relational.updating.changes import put_changes  # noqa: PLC0415 - an extra
    from pointbook.relational.updating.digests import put_digests  # noqa: PLC0415 - an extra
    from pointbook.relational.updating.whose_day import whose_day  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.updating.last_run import FullRunError, refuse_earlier  # noqa: PLC0415 - an extra

    refuse_earlier(last, log.as_of)
    last_day = date.fromisoformat(last["as_of"])
    everybody, condition = whose_day(request.program, last_day, log.as_of, dated=log.facts.dated > 0)
    if everybody:
        raise FullRunError(everybody)
    with stage("comparing with the last run"):
        if log.facts.left_out is None:
            put_digests(log.session, request.program, log.as_of)
        changes = put_changes(log.session, condition)
    if changes.members * _MOST_OF_ALL > log.facts.members:
        raise FullRunError(f"{changes.members:,} of {log.facts.members:,} members may differ")
    return changes


def _merged(
    request: Request, output: OutputFolder, log: LogInSession, changes: Changes, last: Mapping[str, Any]
) -> EvaluationFacts:
    """Write the results, most members' as they were; those of tables are written when that is asked for."""
    from pointbook.relational.near_texts import near_texts_in  # noqa: PLC0415 - an extra
    from pointbook.relational.updating.changes import events_after, narrow, seen_sql  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.request import SEEN_TABLE  # noqa: PLC0415 - likewise
    from pointbook_cli.evaluation.result_files import write_rejects  # noqa: PLC0415 - not needed by all
    from pointbook_cli.evaluation.result_tables import tables_stand  # noqa: PLC0415 - likewise
    from pointbook_cli.evaluation.seen import what_was_seen, write_seen  # noqa: PLC0415 - likewise

    session, facts, day = log.session, log.facts, log.as_of
    near_texts = near_texts_in(session, request.program, request.version, day)
    parts = output.scratch / "anew"
    narrow(session)
    anew = _evaluated_anew(request, parts, log, changes)
    seen = seen_sql(session, anew.tally.ignored, updates=True)
    set_to = {"standings": {"as_of": f"DATE '{day}'"}} if last["as_of"] != day.isoformat() else {}
    update = Update(changes.members, changes.other_rows, changes.due, changes.gone)
    found = replace(anew, facts=facts, evaluated=anew.evaluated._replace(update=update))
    if request.output_format == "table":
        from pointbook_cli.evaluation.updating.merged_tables import MergedTables  # noqa: PLC0415 - an extra

        merged = MergedTables(session, request, parts)
        tally = merged.tally(last, anew.tally)
        stand = partial(tables_stand, session, request)
        found = replace(found, tables_stand=stand, write_tables=partial(merged.write, facts, seen, set_to))
    else:
        from pointbook_cli.evaluation.updating.merged_files import write_merged  # noqa: PLC0415 - an extra

        tally = write_merged(session, request, output, parts, set_to)
        write_seen(session, request, output, {SEEN_TABLE: seen}, what_was_seen(request, facts, day))
    write_rejects(facts, request, output)
    tally.ignored = _ignored(session, seen)
    tally.after_as_of, tally.near_texts = events_after(session), near_texts
    return replace(found, tally=tally)


def _evaluated_anew(request: Request, parts: Path, log: LogInSession, changes: Changes) -> EvaluationFacts:
    """Write the results of the members of a narrowed log to a folder of their own."""
    is_little = request.via is None and changes.events < _FEW_EVENTS
    via = Way.FOLD if is_little else request.via
    own = replace(request, output_format="parquet", via=via, keeps_seen=False, updates=False)
    narrowed = log._replace(facts=_narrowed(log.facts, changes))
    with output_folder(parts) as folder:
        return evaluated(own, folder, lambda found: found, narrowed)


def _narrowed(facts: LogFacts, changes: Changes) -> LogFacts:
    """What is known of the part of a log that is evaluated; its rejects are those of the whole."""
    from pointbook.log.rejects import Rejects  # noqa: PLC0415 - not needed for help and wrong usage

    none = Rejects(())
    return replace(facts, members=changes.members, events=changes.events, rejects=none, member_rejects=none)


def _ignored(session: Session, seen: str) -> Counter[str]:
    """How many events of each member carry points that nothing uses, by what was seen."""
    some = f"SELECT member_id, points_ignored FROM ({seen}) AS q WHERE points_ignored > 0"  # noqa: S608 - made here
    ids, numbers = (column.to_pylist() for column in session.rows(some).read_all().columns)
    return Counter(dict(zip(ids, numbers, strict=True)))
