"""The definition inside Spark: its own Python processes fold ranges of members, wherever the rows lie.

Members and events become one relation, cut into ranges of members. A partition has the rows of whole
members in order, each member's own row before those of the events, and is folded as one stream of
batches: a member with most of the events takes no more memory than another. What a batch comes to is
one row of bytes, as from a worker process; these rows, in their order, are the results in theirs.

Executors need this package in the version that runs here: installed, or sent with `spark.submit.pyFiles`.
Source: docs/large-logs.md, "The fold in Spark".
"""

from __future__ import annotations

import warnings
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING

from pyspark.sql.pandas.types import from_arrow_schema

from pointbook.folding.member_rows import COLUMNS, RESULTS, MemberRows, folded_range, tallies_from, unpacked
from pointbook.model.tally import Tally
from pointbook.relational.engines.spark_errors import spark_watched
from pointbook.relational.rulebook.columns import DATED, input_columns
from pointbook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from pointbook.folding.member_rows import Batches, Prepare
    from pointbook.model.program import Program
    from pointbook.relational.engines.spark_session import SparkEngine

_ORDER = ("member_id", "at", "event_id")
"""A member's own row has no time, and nothing comes first."""


class FoldInSpark:
    """The results of a log that lies in Spark, which has them too.

    Attributes:
        tally: The results in counts.
    """

    def __init__(self, session: SparkEngine, program: Program, prepare: Prepare) -> None:
        """Fold the relations `events` and `members` of a session.

        Args:
            session: The engine.
            program: Whose log it is.
            prepare: Is called once for each range of members for the function that takes its pieces, one
                after the other; it is pickled.

        Raises:
            EngineError: Executors lack this package.
            InputError: They have another version of it, or the function has refused a piece.
        """
        columns = input_columns(program)
        members, events = session.spark.table("members"), session.spark.table("events")
        dated = (DATED,) if DATED in members.columns else ()
        own = MemberRows((*columns.members, *dated), tuple(columns.events))
        rows = members.select(*own.members).unionByName(events.select(*own.events), allowMissingColumns=True)
        # Ranges, so that results need not be sorted again; Spark makes as many as for any join of its own.
        ranges = rows.repartitionByRange("member_id").sortWithinPartitions(*_ORDER)
        schema = ", ".join(f"{name} BINARY" for name in COLUMNS)
        folded = _mapped(ranges, partial(folded_range, own, prepare, __version__), schema)
        with spark_watched():
            self._folded = session.settled(folded)
            tallies = [bytes(row.tally) for row in self._folded.select("tally").collect()]
        self._session = session
        self.tally = reduce(add, tallies_from(tallies), Tally())

    def written(self) -> Iterator[tuple[bytes, ...]]:
        """Each of `RESULTS`, a stretch at a time, in order; at most two ranges of members are here."""
        for row in self._folded.select(*RESULTS).toLocalIterator(prefetchPartitions=True):
            yield tuple(map(bytes, row))

    def put_table(self, name: str, result: str, schema: pa.Schema) -> None:
        """Make a result, whose stretches are Arrow's tables, a relation of the session."""
        types = from_arrow_schema(schema, prefer_timestamp_ntz=True)
        rows = _mapped(self._folded.select(result), unpacked, types)
        self._session.show(name, rows)


def _mapped(
    rows: DataFrame, function: Callable[[Batches], Iterator[pa.RecordBatch]], schema: StructType | str
) -> DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of a pandas that is not used
        return rows.mapInArrow(function, schema)
