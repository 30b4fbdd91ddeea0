"""The fold where the data is, held to the interpreter in this process: the same lines, the same counts."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pointbook.evaluating import evaluate
from pointbook.folding.arrow_pieces import ArrowPieces
from pointbook.folding.in_spark import FoldInSpark
from pointbook.folding.member_rows import COLUMNS, RESULTS, MemberRows, folded_range, tallies_from
from pointbook.folding.session_pieces import session_pieces
from pointbook.folding.stream import Folding, Results
from pointbook.model.ledger import Entry, LevelChange, Standing
from pointbook.model.tally import Tally
from pointbook.reasoning.near_texts import NearTexts
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.rulebook.columns import input_columns
from pointbook.scenarios.running import interpreted
from pointbook.version import __version__
from pointbook_cli.evaluation.fold_batches import ArrowLines
from pointbook_cli.evaluation.fold_work import FoldWork, RowLines, for_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from pointbook.log import Log
    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.engines.spark_session import SparkEngine
    from pointbook.scenarios.running import EvaluatedScenario, Evaluator


class Lines(NamedTuple):
    """Ledger, standings and history as CSV without headers, and what they come to in counts."""

    results: tuple[bytes, ...]
    tally: Tally


def interpreted_lines(folding: Folding, log: Log) -> Lines:
    """By the interpreter, member by member."""
    entries, standings, changes, tally = list[Entry](), list[Standing](), list[LevelChange](), Tally()
    program, as_of = folding.program, folding.as_of
    for result in evaluate(program, log, as_of=as_of, version=folding.version, assume=folding.assume):
        entries.extend(result.entries)
        standings.extend([] if result.standing is None else [result.standing])
        changes.extend(result.history)
        tally.add(result.entries, result.standing, result.after_as_of)
    tally.near_texts = NearTexts(program, folding.version, as_of).counted(log.members.values(), log.events)
    columns = zip(*entries, strict=True) if entries else repeat(())
    ledger = dict(zip(Entry._fields, columns, strict=False))
    return Lines(RowLines(program, "csv")(Results(ledger, standings, changes, tally)), tally)


def joined(stretches: Iterable[tuple[bytes, ...]]) -> tuple[bytes, ...]:
    """Stretches of each result as one."""
    return tuple(map(b"".join, zip(*stretches, strict=True))) or (b"", b"", b"")


def work(folding: Folding) -> FoldWork:
    """The work whose results are lines of CSV."""
    return FoldWork(folding, ArrowPieces, ArrowLines, "csv")


def put(session: Session, program: Program, log: Log) -> None:
    """Put a log into a session."""
    columns = input_columns(program)
    session.put("events", events_table(log, columns))
    session.put("members", members_table(log, columns))


def lines_in_spark(session: SparkEngine, folding: Folding, log: Log) -> Lines:
    """Inside Spark."""
    put(session, folding.program, log)
    fold = FoldInSpark(session, folding.program, partial(for_pieces, work(folding)))
    return Lines(joined(fold.written()), fold.tally)


def lines_over(session: Session, folding: Folding, log: Log) -> Lines:
    """In this process, over pieces that the session hands over in order."""
    put(session, folding.program, log)
    written = [*map(for_pieces(work(folding)), session_pieces(session, folding.program, 2))]
    return Lines(joined(one.results for one in written), sum((one.tally for one in written), Tally()))


def rows_of_members(folding: Folding, log: Log) -> pa.Table:
    """What Spark makes of a log: each member's own row, then the events."""
    columns = input_columns(folding.program)
    parts = [members_table(log, columns), events_table(log, columns)]
    rows = pa.concat_tables(parts, promote_options="default")
    keys = zip(*(rows.column(name).to_pylist() for name in ("member_id", "at", "event_id")), strict=True)
    order = [(member_id, at or datetime.min, event_id or "") for member_id, at, event_id in keys]  # noqa: DTZ901 - before all
    return rows.take(sorted(range(len(order)), key=order.__getitem__))


def own_rows(folding: Folding, log: Log) -> MemberRows:
    columns = input_columns(folding.program)
    return MemberRows(tuple(members_table(log, columns).column_names), tuple(columns.events))


def lines_of_a_range(size: int, folding: Folding, log: Log) -> Lines:
    """All members as one range, as Spark's Python process has it, in batches of so many rows."""
    batches = rows_of_members(folding, log).to_batches(max_chunksize=size)
    empty = pa.RecordBatch.from_pylist([], schema=batches[0].schema) if batches else None
    given = chain.from_iterable((batch, empty) for batch in batches)
    written = pa.Table.from_batches(
        [*folded_range(own_rows(folding, log), partial(for_pieces, work(folding)), __version__, given)],
        pa.schema([(name, pa.binary()) for name in COLUMNS]),
    )
    rows = written.to_pylist()
    tallies = [*tallies_from([row["tally"] for row in rows])]
    return Lines(joined([tuple(row[name] for name in RESULTS) for row in rows]), sum(tallies, Tally()))


def held_to_the_interpreter(lines: Callable[[Folding, Log], Lines]) -> Evaluator:
    """An evaluator for scenarios: the interpreter, of which `lines` gives the same lines."""

    def evaluated(
        program: Program, log: Log, as_of: date, version: str | None, assume: Assume
    ) -> EvaluatedScenario:
        folding = Folding(program, as_of, version, assume)
        assert lines(folding, log) == interpreted_lines(folding, log)
        return interpreted(program, log, as_of, version, assume)

    return evaluated
