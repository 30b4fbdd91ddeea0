"""Models that have the rows of the sources as they are, each column under the name that the rules know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.model.attributes import AttributeType
from pointbook.relational.dbt.wanted import NAME, columns_of, outside, wanted_of
from pointbook.relational.dbt.warehouses import WAREHOUSES
from pointbook.relational.inputs.clean_values import nothing_sql
from pointbook.relational.script import constant

if TYPE_CHECKING:
    from pointbook.log.columns import Columns
    from pointbook.model.program import Program
    from pointbook.relational.engines.dialects import Dialect


def staging_model(kind: str, program: Program, dialect: Dialect) -> str:
    """The model of the rows of a source.

    Raises:
        InputError: By log.yaml, times in it have a form that only the reader of files knows.
    """
    columns = columns_of(kind, program)
    form = columns.form
    if form.form is not None or form.timezone is not None:
        what = "times have a form of their own, which models of dbt do not read"
        hint = f"make them timestamps, and under `sources` say for `table:{kind}` what else differs"
        raise InputError(form.place_of("times"), what, hint)
    selected = []
    for name, wanted in wanted_of(columns).items():
        is_required = name in columns.required
        nothing = "" if is_required else nothing_sql(AttributeType(wanted), WAREHOUSES[dialect.name].words)
        theirs = json.dumps(dialect.outside(columns.theirs(name)))
        column = f"{{{{ pointbook_column(columns, {theirs}, {json.dumps(nothing)}) }}}}"
        if wanted in {NAME, AttributeType.TEXT}:
            column = _as_ours(column, theirs, name, columns, dialect)
        selected.append(f"{column} AS {outside(name, dialect)}")
    source = f"source('pointbook', '{kind}')"
    return (
        f"{{%- set columns = pointbook_columns({source}) %}}\n{_refusal_of_dated(columns, dialect)}"
        "SELECT\n  " + ",\n  ".join(selected) + f"\nFROM {{{{ {source} }}}}\n"
    )


def _as_ours(column: str, theirs: str, name: str, columns: Columns, dialect: Dialect) -> str:
    """A column of texts with the words of an export as ours."""
    form, ours = columns.form, column
    if form.empty:
        words = ", ".join(constant(word, dialect) for word in sorted(form.empty))
        without = f"CASE WHEN {column} IN ({words}) THEN '' ELSE {column} END"
        ours = f"{{% if columns.get({theirs}) == 'text' %}}{without}{{% else %}}{column}{{% endif %}}"
    if name == "activity" and form.activities:
        pairs = ((constant(word, dialect), constant(one, dialect)) for word, one in form.activities.items())
        cases = " ".join(f"WHEN {word} THEN {one}" for word, one in pairs)
        ours = f"CASE {column} {cases} ELSE {ours} END"
    return ours


def _refusal_of_dated(columns: Columns, dialect: Dialect) -> str:
    """Where attributes of members are dated, the models would take one row for another."""
    if not (columns.dated and columns.attributes):
        return ""
    dated = dialect.outside(columns.theirs(columns.dated))
    message = f"{dated} says from when attributes hold, which no model knows; take `pointbook evaluate`"
    refusal = f"exceptions.raise_compiler_error({json.dumps(message)})"
    return f"{{%- if {json.dumps(dated)} in columns %}}{{{{ {refusal} }}}}{{% endif %}}\n"
