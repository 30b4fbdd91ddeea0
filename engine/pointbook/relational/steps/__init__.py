"""The plan's steps, each a relation over those before it.

In their order: `dating`, `valuing`, `balancing` with `capping`, `summing`, `periods`, `levelling`,
`ledger`, `history`, `standing`. `conditions`, `calendar_expressions` and `exact` are what they are
written with.
"""
