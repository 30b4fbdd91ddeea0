"""Cases that the relational evaluator refuses, each with its reason. It never approximates."""

from __future__ import annotations

REFUSED = {
    "an-activitys-caps-come-before-its-groups": "its groups' caps come before one another in a circle",
    "a-balance-rounds-as-it-says": "a balance rounds down",
    "a-balance-with-decimals-counts-in-its-smallest-unit": "balances have decimals",
    "a-default-stands-for-what-is-not-given": "attributes have defaults",
    "a-rate-can-be-for-every-so-many-units": "rates are for every so many units",
    "a-rate-with-a-percentage-is-rounded-once": "a bonus is in percent",
    "a-table-looks-up-several-attributes-nested": "a table is by several attributes",
    "a-value-given-where-a-table-lists-the-amount-is-not-comparable": "a table has `else`",
    "a-value-that-else-asks-for-compares-with-a-range-for-that-event": "a table has `else`",
    "an-assessed-total-lies-between-the-bounds-times-the-quantity": "rates have ranges",
    "an-assessed-total-per-unit-keeps-its-relative-place-in-another-range": "rates have ranges",
    "an-assumed-total-per-unit-is-that-of-the-quantity": "a rate has a range",
    "percent-bonuses-are-of-the-base-and-add-up": "bonuses are in percent",
    "points-of-a-rate-are-1-if-left-out-and-can-be-a-fraction-or-a-table": "rates are fractions and tables",
    "the-logs-points-have-the-places-of-their-balance": "balances have decimals",
    "what-a-table-does-not-list-is-found-by-else": "tables have `else`",
}
"""By the case's file name."""
