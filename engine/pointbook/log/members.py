"""The cells of a row as a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.attributes import AttributeReader
from pointbook.log.dates import date_from
from pointbook.log.row_faults import bad_value, missing_value, unknown_column, without_blanks
from pointbook.model.log import Member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.log.columns import Columns
    from pointbook.log.faults import Fault


class MemberReader:
    """Reads the cells of rows as members."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known = frozenset(columns.known)
        self._attributes_of = AttributeReader(columns).attributes_of

    def member_from(self, cells: Mapping[str, str]) -> Member | Fault:
        """The member that `cells` come to, or what is wrong with them."""
        if not self._known.issuperset(cells):
            return unknown_column(min(cells.keys() - self._known), self._columns)
        cells = without_blanks(cells, self._columns)
        try:
            return Member(cells["member_id"], date_from(cells["signed_up_on"]), self._attributes_of(cells))
        except KeyError:
            return missing_value(cells, self._columns)
        except ValueError:
            return bad_value(cells, {"signed_up_on": date_from}, self._columns)
