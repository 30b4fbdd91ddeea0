"""The definition over ranges of members, wherever it runs: in this process, in workers, inside Spark.

Members in the order of their ids, each with the events in order, are cut into `pieces`. `stream` folds
one piece after the other by the interpreter; a member can go on in the next piece. `processes` has
pieces folded by worker processes, and hands over what comes back in the order of the pieces.
"""
