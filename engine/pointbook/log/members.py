"""The texts of a row as a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.attributes import AttributeReader
from pointbook.log.row_faults import RowFaults
from pointbook.log.typed.dates import date_from
from pointbook.model.log import Member

if TYPE_CHECKING:
    from datetime import date

    from pointbook.log.columns import Columns
    from pointbook.log.faults import Fault
    from pointbook.log.records import Texts

_MOST_KEPT = 100_000


class MemberReader:
    """Reads the texts of rows as members."""

    def __init__(self, columns: Columns) -> None:
        self._attributes_from = AttributeReader(columns).attributes_from
        self._faults = RowFaults(columns, {"signed_up_on": date_from})
        self._days: dict[str, date] = {}

    def member_from(self, texts: Texts) -> Member | Fault:
        """The member that `texts` come to, or what is wrong with them."""
        # As with events: the row is taken to be good, and looked at closer if it is not.
        member_id, signed_up_on = texts[:2]
        if not (member_id and signed_up_on):
            return self._faults.fault(self._faults.without_blanks(texts))
        try:
            return Member(member_id, self._day_from(signed_up_on), self._attributes_from(texts[2:]))
        except ValueError:
            filled = self._faults.without_blanks(texts)
            return self._faults.fault(texts) if filled == texts else self.member_from(filled)

    def _day_from(self, text: str) -> date:
        day = self._days.get(text)
        if day is None:
            day = date_from(text)
            if len(self._days) < _MOST_KEPT:
                self._days[text] = day
        return day
