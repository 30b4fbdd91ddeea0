"""Every kind of change, and the kind that undoes it.

`CODES[code]` is the code of the change in the other direction; the table is its own inverse.
"""

from __future__ import annotations

from types import MappingProxyType

_PAIRS = (
    ("activity-added", "activity-removed"),
    ("amount-raised", "amount-lowered"),
    ("announcement-added", "announcement-removed"),
    ("attribute-added", "attribute-removed"),
    ("benefit-added", "benefit-removed"),
    ("benefit-level-lowered", "benefit-level-raised"),
    ("benefit-level-added", "benefit-level-removed"),
    ("bonus-added", "bonus-removed"),
    ("bonus-raised", "bonus-lowered"),
    ("bonus-condition-widened", "bonus-condition-narrowed"),
    ("cap-added", "cap-removed"),
    ("cap-raised", "cap-lowered"),
    ("cap-window-widened", "cap-window-narrowed"),
    ("condition-added", "condition-removed"),
    ("condition-widened", "condition-narrowed"),
    ("demotion-eased", "demotion-tightened"),
    ("group-added", "group-removed"),
    ("group-joined", "group-left"),
    ("level-added", "level-removed"),
    ("note-added", "note-removed"),
    ("range-raised", "range-lowered"),
    ("range-widened", "range-narrowed"),
    ("rate-raised", "rate-lowered"),
    ("source-added", "source-removed"),
    ("split-added", "split-removed"),
    ("table-value-added", "table-value-removed"),
    ("table-value-raised", "table-value-lowered"),
    ("threshold-raised", "threshold-lowered"),
    ("title-added", "title-removed"),
    ("unit-added", "unit-removed"),
)
_OWN_MIRRORS = (
    "amount-form-changed",
    "announcement-changed",
    "attribute-type-changed",
    "balance-changed",
    "benefit-level-changed",
    "bonus-condition-changed",
    "cap-window-changed",
    "caps-reordered",
    "condition-changed",
    "effective-date-changed",
    "groups-reordered",
    "leap-day-changed",
    "note-changed",
    "rate-attribute-changed",
    "source-changed",
    "split-changed",
    "table-attribute-changed",
    "title-changed",
    "unit-changed",
)

CODES = MappingProxyType(
    {
        **dict(_PAIRS),
        **{second: first for first, second in _PAIRS},
        **{code: code for code in _OWN_MIRRORS},
    }
)
