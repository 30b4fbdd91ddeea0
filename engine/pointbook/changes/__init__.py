"""What one version, or one state of a program, means differently from another: changes with directions.

`differences` asks one finder a subject (`finders`). A finder walks what both versions have (`subject`)
and yields a change of a kind; `kinds` is the table of all kinds, with what each can touch and its
direction rule (`laws`). `timeline` finds what became of the versions of a program, and `against` adds
program.yaml; changes of guardrails.yaml are found by `guardrails`. `applying` makes the new version, or
any version between, from the old one and changes.

To add a kind of change:

1. `kinds.py`: its line in the table, and that of what undoes it. A direction that depends on the rules
   is a function in `laws`, and says no more than it can prove. Where no member of `Touches` says what it
   can make a difference to, a new one does, and mypy names the places that must know.
2. The finder of its subject yields it, with its sentence. A new finder goes into `PARTS` of
   `differences`, or of `activities` if it is about a part of an activity.
3. `tests/comparison/test_directions.py`: two versions that differ in it. `random_programs.py` there: an
   edit that makes it, so that its law is tried on random logs. Then the golden files.

A field that a record of the model gets is in drafts by itself (`draft`).
"""
