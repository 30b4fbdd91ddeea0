"""A log evaluated by a plan: ledger, standings and history, computed when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pointbook.model.ledger import Assume
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.emission import Statements
from pointbook.relational.inputs.log_tables import events_table, members_table, rule_table
from pointbook.relational.plan import plan_of
from pointbook.relational.results import ORDERS, result_columns
from pointbook.relational.unsupported import refuse_dated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date

    import pyarrow as pa

    from pointbook.log import Log
    from pointbook.model.program import Program
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.plan import Plan
    from pointbook.relational.steps.context import Step


class RelationalEvaluation:
    """A log under the rules. What several results need is computed once, when the first asks.

    Attributes:
        plan: The rules as a plan.
        session: The engine, which holds `events` and `members`.
    """

    def __init__(
        self, plan: Plan, session: Session, progress: Callable[[Step], None] = lambda _: None
    ) -> None:
        """Put the rules into the session; nothing is computed yet.

        `progress` is told of each shared step before it is computed.

        Raises:
            ValueError: The plan is for another kind of engine.
        """
        if plan.keeps_order and not session.keeps_order:
            raise ValueError("the plan is for an engine that keeps the order of sorted rows")
        self.plan = plan
        self.session = session
        self._progress = progress
        self._statements = Statements(plan, session.dialect)
        self._stored: list[str] = []
        for name, table in plan.book.tables.items():
            session.put(name, rule_table(table))

    def ledger(self, version_set: int = 0) -> pa.RecordBatchReader:
        """The ledger of a version set, in order."""
        return self.session.rows(self.result_sql("ledger", version_set))

    def standings(self, version_set: int = 0) -> pa.RecordBatchReader:
        """The standings of a version set, in order."""
        return self.session.rows(self.result_sql("standings", version_set))

    def history(self, version_set: int = 0) -> pa.RecordBatchReader:
        """The history of a version set, in order."""
        return self.session.rows(self.result_sql("history", version_set))

    def result_sql(self, name: str, version_set: int = 0, *, for_file: bool = False) -> str:
        """A result as a query over relations that the session has from now on.

        Args:
            name: One of `RESULTS`.
            version_set: Its place among those of the plan.
            for_file: The engine writes the rows to a file of Parquet: texts that are one of a few are
                values of an enumeration, and no column is one that cannot be empty, so that the file's
                schema does not depend on its rows.
        """
        return self.sql_over(*self._query_of(name, version_set, for_file=for_file), for_file=for_file)

    def ledger_over_sorted_events_sql(self) -> str:
        """The only version set's ledger as a query for a file, over the rows of `sorted_events`.

        The engine need not have these, so that one can compute them and another one write the ledger.
        """
        step, query = self._query_of("ledger", 0, for_file=True)
        return self._with_clauses(step, query, ["sorted_events"], for_file=True)

    def forget(self) -> None:
        """Drop what was stored, so that results are computed anew: of other events, or other members."""
        for name in self._stored:
            self.session.drop(name)
        self._stored.clear()

    def relation_sql(self, name: str) -> str:
        """A step of the plan as a query; what it needs is computed and stored, and itself if it is shared."""
        return self.sql_over(name, _all_rows(name))

    def rows_query(self, name: str, version_set: int) -> tuple[str, exp.Select]:
        """The rows of a result that belong to a version set, in no order, and the step that has them."""
        one, count = self.plan.sets[version_set], len(self.plan.sets)
        is_own = name in {"ledger", "sorted_ledger"}
        step = one.named(name) if is_own else name
        query = exp.select("*").from_(exp.to_table(f'"{step}"').as_("result"))
        if count > 1 and not is_own:
            query = query.where(f"MOD(account, {count}) = {version_set}", copy=False)
        return step, query

    def sql_over(self, step: str, query: exp.Select, *, for_file: bool = False) -> str:
        """The text of a query over a step of the plan; what the step needs is computed and stored."""
        self._store_for(step)
        return self._with_clauses(step, query, self._stored, for_file=for_file)

    def _with_clauses(
        self, step: str, query: exp.Select, stored: Collection[str], *, for_file: bool = False
    ) -> str:
        """The text of a query over a step, with all that the step needs and that is not stored."""
        clauses = self._statements.clauses_for(step, stored, for_file=for_file)
        return clauses + query.sql(dialect=self.session.dialect.name)

    def _query_of(self, name: str, version_set: int, *, for_file: bool) -> tuple[str, exp.Select]:
        """The rows of a result, in order, and the step that has them."""
        # Where the events have been sorted already, they must not be sorted again under their names.
        in_order = self.plan.sets[version_set].named("sorted_ledger")
        is_sorted = name == "ledger" and self._statements.has(in_order) and self.session.keeps_order
        step, query = self.rows_query("sorted_ledger" if is_sorted else name, version_set)
        for_file = for_file and self.session.dialect.writes_files
        selected = [
            exp.alias_(_result_value(exp.column(column, quoted=True), for_file=for_file), title, quoted=True)
            for title, column in result_columns(name, self.plan.program).items()
        ]
        query = query.select(*selected, append=False, copy=False)
        if not is_sorted:
            order = [exp.column(column, "result", quoted=True) for column in ORDERS[name]]
            query = query.order_by(*order, copy=False)
        return step, query

    def _store_for(self, name: str) -> None:
        """Store every shared step that `name` needs, and itself if it is one."""
        needed = self._statements.needed_for(name, self._stored)
        for step in self.plan.steps:
            if step.is_shared and step.name in needed:
                self._progress(step)
                query = self._with_clauses(step.name, _all_rows(step.name), self._stored)
                with self._statements.written_meanwhile(needed):
                    self.session.store(step.name, query)
                self._stored.append(step.name)
                self._drop_what_is_read()

    def _drop_what_is_read(self) -> None:
        """Drop what is stored and that no result needs any longer, so that memory is free for the rest."""
        read = {one for step in self.plan.steps for one in step.reads}
        results = (step.name for step in self.plan.steps if step.name not in read)
        open_steps = {one for result in results for one in self._statements.needed_for(result, self._stored)}
        needed = {one for step in self.plan.steps if step.name in open_steps for one in step.reads}
        for name in [name for name in self._stored if name not in needed]:
            self.session.drop(name)
            self._stored.remove(name)


def _all_rows(name: str) -> exp.Select:
    return exp.select("*").from_(exp.to_table(f'"{name}"'))


def _result_value(column: exp.Column, *, for_file: bool) -> exp.Expression:
    """A column of a result; numbers are narrower inside the plan."""
    value = exp.cast(column, "BIGINT") if column.name == "period" else column
    return may_be_empty(value) if for_file else value


def may_be_empty(value: exp.Expression) -> exp.Expression:
    """The same value; DuckDB does not know any longer, from the rows at hand, that it is never null."""
    return exp.Case(default=value.copy()).when(value.is_(exp.null()), exp.null())


def evaluate_relational(  # noqa: PLR0913 - the options of an evaluation
    program: Program,
    source: Log,
    *,
    as_of: date,
    versions: Sequence[str | None] = (None,),
    assume: Assume | str = Assume.NONE,
    session: Session | None = None,
) -> RelationalEvaluation:
    """The log under the rules, as tables that are computed when they are needed.

    Args:
        program: The rules.
        source: Members and events.
        as_of: The last local date that counts.
        versions: Version sets, as `plan_of` takes them.
        assume: What a missing assessed value is taken to be.
        session: The engine; None for a DuckDB of its own. A Spark session that is open already is
            handed over as `SparkEngine(spark)`, a PostgreSQL connection as `PostgresSession(connection)`.

    Raises:
        LookupError: The program has no such version.
        UnsupportedError: The rules or the log hold a construct that the plan has not.
    """
    refuse_dated(source.facts.dated)
    first_day = min((event.local.date() for event in source.events), default=as_of)
    session = DuckDBSession() if session is None else session
    plan = plan_of(
        program,
        as_of=as_of,
        versions=versions,
        assume=Assume(assume),
        first_day=first_day,
        keeps_order=session.keeps_order,
    )
    session.put("events", events_table(source, plan.columns))
    session.put("members", members_table(source, plan.columns))
    return RelationalEvaluation(plan, session)
