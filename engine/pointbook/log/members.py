"""The texts of a row as a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.attributes import AttributeReader
from pointbook.log.dates import date_from
from pointbook.log.row_faults import RowFaults
from pointbook.model.log import Member

if TYPE_CHECKING:
    from pointbook.log.columns import Columns
    from pointbook.log.faults import Fault
    from pointbook.log.records import Texts


class MemberReader:
    """Reads the texts of rows as members."""

    def __init__(self, columns: Columns) -> None:
        self._attributes_from = AttributeReader(columns).attributes_from
        self._faults = RowFaults(columns, {"signed_up_on": date_from})

    def member_from(self, texts: Texts) -> Member | Fault:
        """The member that `texts` come to, or what is wrong with them."""
        texts = self._faults.without_blanks(texts)
        member_id, signed_up_on = texts[:2]
        if not (member_id and signed_up_on):
            return self._faults.fault(texts)
        try:
            return Member(member_id, date_from(signed_up_on), self._attributes_from(texts[2:]))
        except ValueError:
            return self._faults.fault(texts)
