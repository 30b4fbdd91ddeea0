"""Totals or levels that another system shows, against ours, and the causes of what differs.

`published` reads what that system shows, and `cases` puts ours beside it. A `hypothesis` says in what that
system may differ: another setting, or another log. `causes` lists those there are for a program and its log.
`judging` evaluates them for the members who differ, and takes the fewest that give exactly what is shown.
`reconciling` strings it together. Source: docs/reconcile.md.
"""
