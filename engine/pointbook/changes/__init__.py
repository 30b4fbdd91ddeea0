"""What one version of the rules means differently from another: semantic changes, each with a direction.

`differences` asks one finder a subject (`levels`, `activities`, `caps` ...). A finder walks what both
versions have (`subject`) and yields a change of a kind; `kinds` is the table of all kinds, with what
each can touch and its direction rule (`directions`). `applying` makes the new version, or any version
between, from the old one and changes.

To add a kind of change:

1. `kinds.py`: its line in the table, and that of what undoes it. A direction that depends on the rules
   is a function in `directions.py`. Where no member of `Touches` says what it can make a difference
   to, a new one does, and mypy names the places that must know.
2. The finder of its subject yields it, with its sentence. A new finder goes into `PARTS` of
   `differences`, or of `activities` if it is about a part of an activity.
3. `tests/comparison/test_directions.py`: two versions that differ in it. Then the golden files.

A field that a record of the model gets is in drafts by itself (`draft`).
"""
