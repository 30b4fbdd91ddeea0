"""Rows of events in place: typed values, and which rows are provably what a reader would accept.

A row is *clean* if every one of its values is proven on its own. Whether its member is known, its
id unique, and its day one without a change of clocks, is found for all rows together.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pointbook.log import ValueKind
from pointbook.model.attributes import AttributeType
from pointbook.relational.inputs.clean_values import moment_of, name_of, nothing_sql, reading_of
from pointbook.structure.date_text import DATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.log.columns import Columns
    from pointbook.model.exports import RowForm
    from pointbook.relational.inputs.engine_words import EngineType, Words
    from pointbook.relational.rulebook.columns import InputColumns

ID_KINDS = (ValueKind.TEXT, ValueKind.INTEGER, ValueKind.UUID)
"""Kinds whose every value has its text in the engine too, so that repeated ids are found there."""

_LOCAL_KINDS = (ValueKind.LOCAL, ValueKind.TEXT)
"""Kinds of which values can be local times, which another time zone makes other moments."""
_PLAIN_TEXTS = ("varchar", "text", "string")


@dataclass(frozen=True, slots=True)
class EventRows:
    """Rows of events of one shape, in an engine.

    Attributes:
        sql: What stands after FROM.
        types: The type of each of its columns that are not passed over, by its own name.
        columns: The columns of its files.
        places: Further expressions over it, by the name they get.
        beside: Columns that the engine adds, which `*` leaves out.
    """

    sql: str
    types: Mapping[str, EngineType]
    columns: Columns
    places: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


def has_ids_in_text(types: Mapping[str, EngineType], columns: Columns, name: str = "event_id") -> bool:
    """Whether the engine can write every id of an event, or that of another `name`, as the reader does."""
    return types[columns.theirs(name)].kind in ID_KINDS


def values_query(relation: EventRows, columns: InputColumns, words: Words) -> str:
    """A query for the values of each row, with the columns of events, and whether it is clean."""
    form, program = relation.columns.form, relation.columns.program
    types = {relation.columns.ours(name): of for name, of in relation.types.items()}
    expressions = {
        relation.columns.ours(name): without_words(expression_of(name, of, words), of, form, words)
        for name, of in relation.types.items()
    }
    names = {
        name: name_of(expressions[name], types[name], words) for name in ("event_id", "member_id", "activity")
    }
    if form.activities:
        names["activity"] = replace(names["activity"], value=_activity(names["activity"].value, form, words))
    moment, is_utc = moment_of(expressions["occurred_at"], types["occurred_at"], words)
    if form.timezone not in {None, program.timezone} and types["occurred_at"].kind in _LOCAL_KINDS:
        moment = replace(moment, proof="FALSE")
    items = {name: reading.value for name, reading in names.items()} | {
        "moment": moment.value,
        "is_utc": is_utc,
    }
    # An id that belongs to a member is as good as the member's own: nothing more needs a proof.
    proofs = [names["event_id"].proof, names["activity"].proof, moment.proof]
    wanted = {"points": ("points", AttributeType.DECIMAL if program.places else AttributeType.INTEGER)} | {
        name: (column, columns.types[name]) for name, column in columns.attributes_in(columns.events).items()
    }
    for name, (column, kind) in wanted.items():
        if name in types:
            reading = reading_of(expressions[name], types[name], kind, words)
            items[column] = reading.value
            proofs.append(reading.proof)
            if name == "points" and program.places:
                value = reading.value
                proofs.append(f"{value} IS NULL OR {value} = ROUND({value}, {program.places})")
        else:
            items[column] = nothing_sql(kind, words)
    if any(_can_be_written(word, of.kind) for word in form.empty for of in types.values()):
        proofs.append("FALSE")  # the word may be how a value that is no text is written
    items |= {"is_clean": " AND ".join(f"({proof})" for proof in proofs)} | dict(relation.places)
    return f"SELECT {words.selected(items)} FROM {relation.sql}"  # noqa: S608 - names are quoted, values are never in it


def without_words(column: str, of: EngineType, form: RowForm, words: Words) -> str:
    """A column in which the words for nothing are empty texts."""
    if not form.empty or of.kind is not ValueKind.TEXT:
        return column
    listed = ", ".join(map(words.literal, sorted(form.empty)))
    return f"(CASE WHEN {column} IN ({listed}) THEN '' ELSE {column} END)"


def _can_be_written(word: str, kind: ValueKind | None) -> bool:
    """Whether a value of a kind other than texts can be written so."""
    if kind in {None, ValueKind.TEXT, ValueKind.NOTHING}:
        return False
    if kind is ValueKind.BOOLEAN:
        return word in {"true", "false"}
    if kind in {ValueKind.DATE, ValueKind.LOCAL, ValueKind.INSTANT}:
        return DATE.match(word) is not None and not word.startswith("0000")
    return any(map(str.isdigit, word))


def _activity(column: str, form: RowForm, words: Words) -> str:
    """The activities that are meant by the words of an export."""
    cases = " ".join(
        f"WHEN {words.literal(theirs)} THEN {words.literal(ours)}" for theirs, ours in form.activities.items()
    )
    return f"CASE {column} {cases} ELSE {column} END"


def expression_of(name: str, of: EngineType, words: Words) -> str:
    """A column by its name; a text of a type of its own, such as an enumeration, as plain text."""
    column = words.named(name)
    if of.kind is not ValueKind.TEXT:
        return column
    if of.name.lower() not in _PLAIN_TEXTS:
        column = f"CAST({column} AS {words.text})"
    return words.exact.format(column)
