"""What several checks need to know: places, names, what a patch writes.

Nothing here finds a fault; the checks, one folder up, do.
"""
