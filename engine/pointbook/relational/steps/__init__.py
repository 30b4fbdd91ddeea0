"""The plan's steps, each a relation over those before it.

In their order: `dating`, `valuing`, `balancing` with `capping`, `summing`, `periods`, `segments`,
`levelling` or `plain_levels`, `ledger`, `history`, `standing`. `conditions`, `ladders`,
`calendar_expressions` and `exact` are what they are written with.
"""
