"""Models that judge rows: each on its own, then against those with the same id; and the rejects.

What a reject is, and which fault comes first, is as for the reader of rows.
Source: docs/meaning.md, "Not counted, never lost".

In the texts here `<name>` is a relation or a column of the model's own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pointbook.log.faults import RejectReason
from pointbook.model.attributes import AttributeType
from pointbook.relational.dbt.wanted import KINDS, MOMENT, NAME, columns_of, outside, wanted_of
from pointbook.relational.dbt.warehouses import WAREHOUSES
from pointbook.relational.inputs.clean_values import in_range, nothing_sql
from pointbook.relational.script import constant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.relational.engines.dialects import Dialect
    from pointbook.relational.plan import Plan

_OWN_NAME = re.compile(r"<(\w+)>")
_A_DAY = 86_400
_UTC = ("UTC", "Etc/UTC")


class Judging:
    """The models of a program's rows in a dialect."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self._plan, self._dialect = plan, dialect
        self._warehouse = WAREHOUSES[dialect.name]

    def judged(self, kind: str) -> str:
        """The model of rows with their values, in the columns of the plan, and why one is rejected."""
        is_time = f"COALESCE({in_range('<local>', self._warehouse.words.local)}, FALSE)"
        faults = {RejectReason.MISSING_VALUE: "<missing>", RejectReason.BAD_VALUE: "<bad>"}
        if kind == "events":
            faults[RejectReason.BAD_VALUE] = (
                f"CASE WHEN {is_time} THEN <bad> ELSE {self._theirs(kind, 'occurred_at')} END"
            )
            member = self._theirs(kind, "member_id")
            faults[RejectReason.UNKNOWN_MEMBER] = f"CASE WHEN NOT <is_known> THEN {member} END"
        parts = [self._staged(kind), self._read(kind), *(self._placed() if kind == "events" else ())]
        listed = [f"<{name}>" for name in self._inside(kind)]
        row_id = columns_of(kind, self._plan.program).required[0]
        listed += self._verdict(faults, self._theirs(kind, row_id))
        last = "placed" if kind == "events" else "read"
        return f"{{%- set columns = pointbook_columns(ref('stg_pointbook_{kind}')) %}}\n" + self._sql(
            "WITH\n" + ",\n\n".join(parts) + f"\n\nSELECT\n  {_lines(listed)}\nFROM <{last}>\n"
        )

    def rejects(self) -> str:
        """The model of rows that are not used, of both kinds."""
        nothing = nothing_sql(AttributeType.TEXT, self._warehouse.words)
        selects = []
        for kind in KINDS:
            own = {"source": f"'{kind}'"}
            own |= {name: f"<{name}>" for name in ("event_id", "member_id", "activity", "column", "reason")}
            if kind == "members":
                own |= dict.fromkeys(("event_id", "activity"), nothing)
            listed = [f"{sql} AS {outside(name, self._dialect)}" for name, sql in own.items()]
            table = f"{{{{ ref('pointbook_judged_{kind}') }}}}"
            selects.append(f"SELECT\n  {_lines(listed)}\nFROM {table}\nWHERE <reason> IS NOT NULL\n")
        return self._sql("UNION ALL\n".join(selects))

    def accepted(self, kind: str) -> str:
        """A query for the accepted rows, as the plan reads them."""
        listed = _lines(f"<{name}>" for name in self._inside(kind))
        table = f"{{{{ ref('pointbook_judged_{kind}') }}}}"
        return self._sql(f"SELECT\n  {listed}\nFROM {table}\nWHERE <reason> IS NULL")

    def _inside(self, kind: str) -> Iterable[str]:
        return self._plan.columns.events if kind == "events" else self._plan.columns.members

    def _sql(self, text: str) -> str:
        return _OWN_NAME.sub(lambda found: self._warehouse.words.named(found[1]), text)

    def _staged(self, kind: str) -> str:
        wanted = wanted_of(columns_of(kind, self._plan.program))
        raw = [
            f"{self._macro('raw', name, of)} AS {outside(name, self._dialect)}" for name, of in wanted.items()
        ]
        return (
            "-- rows as they are, with nothing where there is nothing\n"
            f"<staged> AS (\n  SELECT\n    {_lines(raw, 4)}\n  FROM {{{{ ref('stg_pointbook_{kind}') }}}}\n)"
        )

    def _read(self, kind: str) -> str:
        columns, inputs = columns_of(kind, self._plan.program), self._plan.columns
        wanted = wanted_of(columns)
        inside = inputs.attributes_in(inputs.events if kind == "events" else inputs.members)
        read = [
            f"{self._macro('value', name, of)} AS <{'moment' if of == MOMENT else inside.get(name, name)}>"
            for name, of in wanted.items()
        ]
        staged = {name: outside(name, self._dialect) for name in wanted}
        missing = [(f"{staged[name]} IS NULL", self._theirs(kind, name)) for name in columns.required]
        bad = [
            (f"NOT ({self._macro('is_good', name, of)})", self._theirs(kind, name))
            for name, of in wanted.items()
            if of not in {NAME, MOMENT, AttributeType.TEXT}
        ]
        one, every = staged[columns.required[0]], ", ".join(staged.values())
        read += [
            f"{_cases(missing)} AS <missing>",
            f"{_cases(bad)} AS <bad>",
            f"COUNT(*) OVER (PARTITION BY {one}) AS <with_this_id>",
            f"COUNT(*) OVER (PARTITION BY {every}) AS <alike>",
            f"ROW_NUMBER() OVER (PARTITION BY {every} ORDER BY {one}) AS <number>",
        ]
        return (
            "-- their values, what is wrong with each on its own, and how many have the same id\n"
            f"<read> AS (\n  SELECT\n    {_lines(read, 4)}\n  FROM <staged>\n)"
        )

    def _verdict(self, faults: Mapping[RejectReason, str], id_column: str) -> Iterator[str]:
        """Why a row is rejected, and for which column: a fault of its own comes first."""
        found = [(f"({column}) IS NOT NULL", reason, column) for reason, column in faults.items()]
        found.append(("<alike> < <with_this_id>", RejectReason.CONFLICTING_DUPLICATE, id_column))
        found.append(("<number> > 1", RejectReason.DUPLICATE, id_column))
        for name, values in {
            "reason": [f"'{reason}'" for _, reason, _ in found],
            "column": [column for _, _, column in found],
        }.items():
            pairs = zip(found, values, strict=True)
            cases = "".join(f"    WHEN {condition} THEN {value}\n" for (condition, _, _), value in pairs)
            yield f"CASE\n{cases}  END AS <{name}>"

    def _placed(self) -> Iterator[str]:
        """Events with their members, and their times in UTC and in the program's time zone."""
        yield (
            "-- and with whether the member is accepted\n"
            "<known> AS (\n  SELECT\n    <read>.*,\n    <m>.<member_id> IS NOT NULL AS <is_known>\n"
            "  FROM <read>\n"
            "  LEFT JOIN (\n    SELECT\n      <member_id>\n    FROM {{ ref('pointbook_judged_members') }}\n"
            "    WHERE <reason> IS NULL\n  ) AS <m>\n    ON <m>.<member_id> = <read>.<member_id>\n)"
        )
        zone = self._plan.program.timezone
        if zone in _UTC:
            both = {"at": "<moment>", "local": "<moment>"}
            yield _more("and with the time in UTC, which is the program's own", "placed", "known", both)
            return
        aheads = {
            name: self._warehouse.seconds_since.format(self._in_zone(moved), moved)
            for name, days in {"ahead": -1, "ahead_later": 1}.items()
            for moved in (self._moved(str(days * _A_DAY)),)
        }
        yield _more(
            "and with how far the zone is ahead of UTC, a day before and after", "ahead", "known", aheads
        )
        first, later = (self._moved(f"-<{name}>") for name in aheads)
        at = (
            f"CASE\n      WHEN <ahead> = <ahead_later> OR {self._in_zone(first)} = <moment> THEN {first}\n"
            f"      WHEN {self._in_zone(later)} = <moment> THEN {later}\n      ELSE {first}\n    END"
        )
        occurred_at = json.dumps(self._dialect.outside("occurred_at"))
        is_utc = f"columns.get({occurred_at}) == 'instant'"
        yield _more(
            "and with the time in UTC: of a local time that occurs twice, the first; of one that is skipped,"
            " as if the clock had not been changed",
            "timed",
            "ahead",
            {"at": f"{{% if {is_utc} %}}<moment>{{% else %}}{at}{{% endif %}}"},
        )
        local = {"local": self._in_zone("<at>")}
        yield _more("and with the time in the program's time zone", "placed", "timed", local)

    def _in_zone(self, at: str) -> str:
        return self._warehouse.in_zone.format(at, self._plan.program.timezone)

    def _moved(self, seconds: str) -> str:
        return f"({self._warehouse.words.plus_seconds.format('<moment>', seconds)})"

    def _theirs(self, kind: str, name: str) -> str:
        """What the source calls a column, as a text: so a reject names it."""
        return constant(columns_of(kind, self._plan.program).theirs(name), self._dialect)

    def _macro(self, what: str, name: str, wanted: str) -> str:
        return f"{{{{ pointbook_{what}(columns, {json.dumps(self._dialect.outside(name))}, '{wanted}') }}}}"


def _more(comment: str, name: str, before: str, columns: Mapping[str, str]) -> str:
    """A relation with further columns."""
    listed = _lines([f"<{before}>.*", *(f"{sql} AS <{column}>" for column, sql in columns.items())], 4)
    return f"-- {comment}\n<{name}> AS (\n  SELECT\n    {listed}\n  FROM <{before}>\n)"


def _cases(pairs: Iterable[tuple[str, str]]) -> str:
    """The first name of which the condition holds; nothing for none. There is at least one."""
    listed = "".join(f"\n      WHEN {condition} THEN {name}" for condition, name in pairs)
    return f"CASE{listed}\n    END"


def _lines(parts: Iterable[str], indent: int = 2) -> str:
    return f",\n{' ' * indent}".join(parts)
