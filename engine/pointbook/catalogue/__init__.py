"""What every code means: of findings, and of kinds of change.

The texts of checks are their docstrings; `texts/` has those of all other codes, in the same form, and an
example of each kind of change. The catalogue of the author's guide, `pointbook rules` and what SARIF says of
a code come from here.
"""
