"""What follows from the rules alone: bounds of awards, relations of caps and windows, conditions, values.

Checks, changes, comparison, sample and views ask here; nothing here looks at a log.
"""
