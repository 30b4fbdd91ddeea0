"""The plan's steps, each a relation over those before it.

In their order: `dating`, `valuing` with `prices`, `awarding` with `capping` and `own_totals`,
`summing`, `periods`, `segments`, `levelling` or `plain_levels`, `ledger`, `history`, `standing`.
`ruling`, `conditions`, `balances`, `ladders`, `calendar_expressions` and `exact` are what they are
written with.
"""
