"""How much of the whole difference each change brings about: fair shares, and why they are right.

Take a game: players are the changes from the old rules to the new, and each set of them has a value,
which is what the log comes to under the old rules with just these changes: points, promotions or
demotions. A change's share is its Shapley value, the average of what it adds over all orders in which
the changes could be made (`shapley`). It is the only way to split that has these four properties at
once (Shapley, "A Value for n-Person Games", 1953):

- efficiency: the shares sum to the difference between the new rules and the old, exactly;
- symmetry: changes that add the same to every set have the same share;
- null player: a change that adds nothing to any set has share 0;
- additivity: the shares of a sum of games are the sums of their shares.

Worked out: a visit gives 50 points instead of 40, and a cap of one visit a month comes. Of two visits
in a month, which gave 80 points, the new rules make 50. The amount alone adds 20, and after the cap 10:
its share is 15. The cap alone takes 40, and after the amount 50: its share is -45. Together -30 = 50 - 80.

To look at every set for the whole log would be right, and slow. What is left out, and why that is exact:

- By additivity the game of the log is the sum of its members' games, for nobody's figures depend on
  another member. So `attribution` splits one member after the other and adds up.
- A change that cannot touch a member's figures is a null player of that member's game, and null players
  can be left out without changing another's share. So most members have a game of few players.
- Points of a member are a sum over groups of coupled events (`coupling`): no award depends on events
  outside of its group, under any set of changes. By additivity again each group is a game of its own,
  whose players are the changes that touch it (`game`).
- Levels follow from awards, so a set of changes needs no event valued twice (`replay`).

Beyond `EXACT` players a game has too many sets. Then the average is taken over `PERMUTATIONS` random
orders: each order alone sums to the difference, so efficiency stays exact, and the standard error is
stated. The orders are seeded by the member's id, so that a share depends neither on the order in which
members come nor on how they are divided into ranges, and the errors of members are independent.

All sums are whole numbers over a known denominator; nothing is rounded before it is shown.
"""
