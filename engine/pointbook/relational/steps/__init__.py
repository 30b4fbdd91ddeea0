"""The plan's relations, each a function of the context and of the relations before it.

In their order: `dating`, `valuing/`, `awarding/`, `summing`, `levels/`, `results/`. `balances`,
`calendar_expressions` and `exact` are what they are written with. The plan that lists them is
`pointbook.relational.plan`.
"""
