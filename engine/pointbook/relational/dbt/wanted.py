"""What is wanted of the columns of rows, and what they are called outside."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pointbook.log.columns import event_columns, member_columns
from pointbook.model.attributes import AttributeType
from pointbook.model.log import POINTS
from pointbook.relational.dbt.warehouses import WAREHOUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.log.columns import Columns
    from pointbook.model.program import Program
    from pointbook.relational.engines.dialects import Dialect

NAME, MOMENT = "name", "time"
"""What is wanted of ids and activities, and of times; of all else the type of an attribute."""

KINDS = ("members", "events")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WANTED: Mapping[str, str] = {
    **dict.fromkeys(("event_id", "member_id", "activity"), NAME),
    "occurred_at": MOMENT,
    "signed_up_on": AttributeType.DATE,
    POINTS: AttributeType.INTEGER,
}


def columns_of(kind: str, program: Program) -> Columns:
    """The columns of a source as log.yaml has them for its table."""
    columns = event_columns(program) if kind == "events" else member_columns(program)
    return columns.of_file(f"table:{kind}")


def wanted_of(columns: Columns) -> Mapping[str, str]:
    """What is wanted of each column, in the order in which faults are looked for."""
    kinds = {**_WANTED, **columns.attributes}
    return {name: str(kinds[name]) for name in columns.known if name != columns.dated}


def outside(name: str, dialect: Dialect) -> str:
    """A column as people outside call it, as SQL."""
    quoted = WAREHOUSES[dialect.name].words.named(dialect.outside(name))
    return quoted if _PLAIN.fullmatch(name) else f"{{{{ {json.dumps(quoted)} }}}}"
