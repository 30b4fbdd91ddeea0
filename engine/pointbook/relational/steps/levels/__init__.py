"""Each account's time in periods and segments, and the level held in each.

Source: docs/meaning.md, "Levels".
"""
