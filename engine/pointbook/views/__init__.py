"""Finished results for people: a summary of a whole evaluation, an explanation of one member.

Views decide what is said; renderers decide how it looks.
"""
