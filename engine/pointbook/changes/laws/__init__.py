"""What changes do to members, told by the rules alone: a direction rule for each kind that needs one.

A direction is a law. Favourable: at no date has any member fewer points in any balance, counted from
the sign-up on without resets. Adverse: at no date more. Neutral: nothing that is awarded, and no outcome,
total, level or benefit differs. Everything without a proof is mixed. A rule may only say what it can
prove: for every log that carries the attributes which the rules declare, with assessed values at the
low end of their ranges and at the high end, for the version by itself and among the program's others.
Source: docs/meaning.md, "Directions".
"""
