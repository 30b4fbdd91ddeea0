"""Cases that the relational evaluator refuses, each with its reason. It never approximates."""

from __future__ import annotations

REFUSED = {
    "an-event-sees-the-members-attributes-of-its-day": "attributes are dated",
    "where-clocks-go-back-attributes-are-those-of-the-members-day": "attributes are dated",
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
    "a-benefit-can-ask-for-more-than-a-level": "benefits have conditions",
    "a-condition-sees-the-level-held-just-before-the-event": "amounts are by level",
    "a-held-level-that-is-gone-counts-by-all-that-it-required": "levels require several balances",
    "a-level-can-require-minimums-of-several-balances": "levels require several balances",
    "a-level-that-is-not-listed-has-what-the-nearest-listed-one-below-has": "amounts are by level",
    "a-program-without-levels-has-no-level-columns-to-fill": "there are no levels",
    "a-rate-by-level-feeds-the-balance-that-decides-the-level": "amounts are by level",
    "a-review-asks-for-what-keeps-a-level": "levels have `keep`",
    "one-of-several-requirements-can-be-enough": "levels require several balances",
    "a-further-balance-can-be-called-points": "a level requires several balances",
    "an-activitys-lifetime-cap-counts-what-its-groups-daily-one-leaves": "the day's is another's too",
    "what-one-cap-leaves-nothing-of-uses-no-other": "a week can lie in two calendar months",
}
"""By the case's file name."""
