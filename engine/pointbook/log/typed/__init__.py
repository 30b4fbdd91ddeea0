"""Texts as typed values: numbers, dates, moments in a time zone."""
