"""What the models of a package share: the as-of date, and how a column is read, whatever its type is.

dbt finds a column's type when it runs. What each type means is generated of the readings by which rows are
read in place: of those where the proof decides, so that a row without it is one that the reader rejects.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pointbook.log import ValueKind
from pointbook.model.attributes import AttributeType
from pointbook.relational.dbt.wanted import MOMENT, NAME, columns_of
from pointbook.relational.dbt.warehouses import WAREHOUSES
from pointbook.relational.inputs.clean_values import in_range, is_empty, moment_of, reading_of
from pointbook.relational.inputs.engine_words import EngineType, known_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.model.program import Program
    from pointbook.relational.dbt.warehouses import Warehouse
    from pointbook.relational.engines.dialects import Dialect
    from pointbook.relational.inputs.engine_words import Words

_NUMBERS = (ValueKind.INTEGER, ValueKind.DECIMAL, ValueKind.SINGLE, ValueKind.DOUBLE)
_KINDS: Mapping[str, tuple[ValueKind, ...]] = {
    NAME: (ValueKind.TEXT, ValueKind.INTEGER, ValueKind.UUID),
    MOMENT: (ValueKind.LOCAL, ValueKind.INSTANT, ValueKind.DATE),
    AttributeType.INTEGER: _NUMBERS,
    AttributeType.DECIMAL: _NUMBERS[:2],
    AttributeType.DATE: (ValueKind.DATE, ValueKind.LOCAL),
    AttributeType.TEXT: (ValueKind.TEXT, ValueKind.INTEGER, ValueKind.UUID, ValueKind.BOOLEAN),
    AttributeType.BOOLEAN: (ValueKind.BOOLEAN,),
}
"""Of which kinds a column may be for what is wanted of it; the first where the relation is not there yet."""

_VIEW = '", and name that by the variable pointbook_events or pointbook_members"'
_COLUMN = "{{ column }}"
_COMMON = """
{#- The last day that counts. It is asked for, and stands nowhere else: today would make no build repeatable,
    and the day of the last event would leave out what quiet days bring, such as the end of a period. -#}
{% macro pointbook_as_of() -%}
  {%- if not execute -%}
    CAST(NULL AS DATE)
  {%- else -%}
    {%- set day = var('as_of', '') | string -%}
    {%- if not modules.re.match('^(19|2[0-9])[0-9][0-9]-[01][0-9]-[0-3][0-9]$', day) -%}
      {{ exceptions.raise_compiler_error(
        "say which day is the last that counts, as in --vars '{as_of: 2026-01-31}'") }}
    {%- endif -%}
    CAST('{{ day }}' AS DATE)
  {%- endif -%}
{%- endmacro %}

{#- The kind of each column of a relation by its name; empty where there is no such relation yet. Staging
    begins with it, so that nothing is built in a warehouse of another kind. Of a source, a column that is
    called nearly as one that may be missing would count as absent, and nothing would say so. -#}
{% macro pointbook_columns(relation) -%}
  {%- set kinds = {
@kinds@
  } -%}
  {%- set found = {} -%}
  {%- if execute -%}
    {%- if target.type not in @types@ -%}
      {{ exceptions.raise_compiler_error(
        "this package is in the SQL of @dialect@, not of " ~ target.type
        ~ "; write it anew with `pointbook sql PROGRAM --dialect DIALECT --dbt DIR`") }}
    {%- endif -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
      {%- set type = modules.re.sub('\\\\(.*\\\\)', '', column.dtype | lower) | trim -%}
      {%- do found.update({column.name: kinds.get(type, type)}) -%}
    {%- endfor -%}
    {%- set names = {
      var('pointbook_events', 'events'): @events@,
      var('pointbook_members', 'members'): @members@
    }.get(relation.identifier, {'all': [], 'optional': []}) -%}
    {%- set others = found.keys() | reject('in', names['all']) | list -%}
    {%- for name in names['all'] if name not in found -%}
      {%- for other in others if other | lower == name | lower -%}
        {{ exceptions.raise_compiler_error("there is no column " ~ name ~ " in " ~ relation ~ ", but " ~ other
          ~ "; have a view call it " ~ name ~ @view@) }}
      {%- endfor -%}
    {%- endfor -%}
    {%- set absent = names['optional'] | reject('in', found) | list -%}
    {%- if absent and others and found -%}
      {%- do exceptions.warn(relation ~ " has no column " ~ absent | join(', ')
        ~ ", so that there is nothing in it; passed over: " ~ others | join(', ')) -%}
    {%- endif -%}
  {%- endif -%}
  {{ return(found) }}
{%- endmacro %}

{#- A column of a source, with letters told apart whatever its collation says; nothing where the source has
    none and need not have it. -#}
{% macro pointbook_column(columns, name, nothing) -%}
  {%- if columns and name not in columns -%}
    {%- if nothing -%}{{ nothing }}{%- else -%}
      {{ exceptions.raise_compiler_error("there is no column " ~ name ~ ", only " ~ columns | join(', ')) }}
    {%- endif -%}
  {%- elif columns.get(name) == 'text' -%}
    @text@
  {%- else -%}
    {{ adapter.quote(name) }}
  {%- endif -%}
{%- endmacro %}

{#- How a column is read: `integer of decimal`. -#}
{% macro pointbook_how(columns, name, wanted) -%}
  {%- set allowed = {
@allowed@
  } -%}
  {%- set kind = columns.get(name, allowed[wanted][0]) -%}
  {%- if kind not in allowed[wanted] -%}
    {{ exceptions.raise_compiler_error(
      "column " ~ name ~ " is of type " ~ kind ~ "; cast it in a view to " ~ allowed[wanted] | join(' or ')
      ~ @view@) }}
  {%- endif -%}
  {{ return(wanted ~ ' of ' ~ kind) }}
{%- endmacro %}
"""


def macros(dialect: Dialect, program: Program) -> str:
    """The macros of a package in a dialect, which know the columns of the program's sources."""
    warehouse = WAREHOUSES[dialect.name]
    readings = list(_readings(warehouse))
    common = (
        _COMMON.replace("@types@", json.dumps(warehouse.adapters))
        .replace("@dialect@", dialect.name)
        .replace("@view@", _VIEW)
        .replace("@events@", _names("events", dialect, program))
        .replace("@members@", _names("members", dialect, program))
        .replace("@kinds@", _listed({name: str(kind) for name, kind in _types(dialect).items()}))
        .replace("@text@", _exact("{{ adapter.quote(name) }}", warehouse.words))
        .replace("@allowed@", _listed({name: list(map(str, kinds)) for name, kinds in _KINDS.items()}))
    )
    parts = [
        common.strip(),
        _macro("pointbook_raw", "A column to compare rows by: nothing where there is nothing.", readings, 0),
        _macro("pointbook_value", "A column's value.", readings, 1),
        _macro("pointbook_is_good", "Whether that is what the row says.", readings, 2),
    ]
    return "\n\n".join(parts) + "\n"


def _names(kind: str, dialect: Dialect, program: Program) -> str:
    """The columns of a source, and which of them may be missing, as people outside call them."""
    columns = columns_of(kind, program)
    theirs = {name: dialect.outside(columns.theirs(name)) for name in columns.known}
    optional = [outside for name, outside in theirs.items() if name not in columns.required]
    if columns.dated:  # of which nothing is missed
        optional.remove(theirs[columns.dated])
    return json.dumps({"all": [*theirs.values()], "optional": optional})


def _exact(column: str, words: Words) -> str:
    """A column of texts; as plain text where a collation can be taken away from it."""
    return column if words.exact == "{0}" else words.exact.format(f"CAST({column} AS {words.text})")


def _types(dialect: Dialect) -> dict[str, ValueKind]:
    known = {**known_types(dialect.name), **WAREHOUSES[dialect.name].types}
    return {name: kind for name, kind in sorted(known.items()) if not name.endswith("_ns")}


def _listed(pairs: Mapping[str, object]) -> str:
    return ",\n".join(f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in pairs.items())


def _macro(name: str, comment: str, readings: list[tuple[str, tuple[str, ...]]], place: int) -> str:
    """A macro that has a text for each way to read a column."""
    branches: dict[str, list[str]] = {}
    for how, texts in readings:
        branches.setdefault(texts[place], []).append(how)
    lines = [f"  {{%- elif how in {json.dumps(hows)} -%}}\n    {text}" for text, hows in branches.items()]
    lines[0] = lines[0].replace("elif", "if", 1)
    return (
        f"{{#- {comment} -#}}\n{{% macro {name}(columns, name, wanted) -%}}\n"
        "  {%- set column, how = adapter.quote(name), pointbook_how(columns, name, wanted) -%}\n"
        + "\n".join(lines)
        + "\n  {%- endif -%}\n{%- endmacro %}"
    )


def _readings(warehouse: Warehouse) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each way to read a column: what to compare by, its value, and whether that is good."""
    words = warehouse.words
    for wanted, kinds in _KINDS.items():
        for kind in kinds:
            of = EngineType("", kind)
            column = f"CAST({_COLUMN} AS {words.text})" if kind is ValueKind.TEXT else _COLUMN
            empty = is_empty(column, of, words)
            if kind is ValueKind.DECIMAL and warehouse.has_decimals_that_are_none:
                empty = f"{empty} OR {words.is_nan.format(column)}"
            raw = column if empty == f"{column} IS NULL" else f"CASE WHEN NOT ({empty}) THEN {column} END"
            value, proof = _value(column, of, wanted, words)
            yield f"{wanted} of {kind}", (raw, value, f"COALESCE({column} IS NULL OR ({proof}), FALSE)")


def _value(column: str, of: EngineType, wanted: str, words: Words) -> tuple[str, str]:
    if wanted == MOMENT:
        moment, _ = moment_of(column, of, words)
        # A time of which the year is not read is nothing: no engine has to convert it.
        fits = in_range(column if of.kind is ValueKind.DATE else moment.value, _type_of(of, words))
        return f"CASE WHEN {fits} THEN {moment.value} END", fits
    if of.kind is ValueKind.TEXT:
        return f"NULLIF({column}, '')", "TRUE"
    reading = reading_of(column, of, AttributeType.TEXT if wanted == NAME else AttributeType(wanted), words)
    return reading.value, reading.proof


def _type_of(of: EngineType, words: Words) -> str:
    return "DATE" if of.kind is ValueKind.DATE else words.local
