"""What is wrong with the texts of one row: all of it, in words, by the first column at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.log.faults import Fault, RejectReason
from pointbook.log.values import VALUE_FROM
from pointbook.model.rules import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.log.columns import Columns
    from pointbook.log.records import Texts

_VERBATIM = ("event_id", "member_id", "activity")


class RowFaults:
    """Finds what is wrong with rows that cannot be accepted."""

    def __init__(self, columns: Columns, readers: Mapping[str, Callable[[str], Any]]) -> None:
        """For rows of `columns`.

        Args:
            columns: The columns there are.
            readers: How the texts of the columns that are no attributes are read.
        """
        self._known = columns.known
        self._required = columns.required
        types = columns.attributes
        self._readers = {**readers, **{name: VALUE_FROM[kind] for name, kind in types.items()}}
        plain = {name for name, kind in types.items() if kind is AttributeType.TEXT}
        self._verbatim = plain.union(_VERBATIM)

    def without_blanks(self, texts: Texts) -> Texts:
        """`texts`, emptied where they are white space only and white space does not count."""
        pairs = zip(self._known, texts, strict=True)
        return tuple([text if name in self._verbatim or text.strip() else "" for name, text in pairs])

    def fault(self, texts: Texts) -> Fault:
        """What is wrong with `texts`, of which something is: a missing value, or else a bad one."""
        by_name = dict(zip(self._known, texts, strict=True))
        missing = [name for name in self._required if not by_name[name]]
        if missing:
            detail = f"it has {' and '.join(f'no {name}' for name in missing)}"
            return Fault(missing[0], RejectReason.MISSING_VALUE, detail)
        problems = {}
        for name, reader in self._readers.items():
            if by_name[name]:
                try:
                    reader(by_name[name])
                except ValueError as error:
                    problems[name] = str(error)
        column, *others = problems
        detail = "; ".join((problems[column], *(f"also {name}: {problems[name]}" for name in others)))
        return Fault(column, RejectReason.BAD_VALUE, detail)
