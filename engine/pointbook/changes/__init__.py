"""What one version of the rules means differently from another: semantic changes, each with a direction.

`differences` asks one finder a subject (`levels`, `activities`, `caps` ...). A finder walks what both
versions have (`subject`) and yields a change of a kind; `kinds` is the table of all kinds, with what
each can touch and its direction rule (`directions`). `applying` makes the new version, or any version
between, from the old one and changes.

To add a kind of change:

1. `kinds.py`: its line in the table. A direction that depends on the rules is a function in
   `directions.py`; what none of `Touches` covers is a member more there, and mypy names the places.
2. The finder of its subject yields it, with its sentence. A new finder goes into `PARTS` of
   `differences.py`, or of `activities.py` for a part of an activity.
3. `tests/comparison/test_directions.py`: two versions that differ in it; `test_codes.py` fails
   until there is such a case. Then the golden files, `pytest --golden` (read the difference).

A field or record that the model gets is in drafts by itself (`draft`).
"""
