"""Findings of rules as text, JSON and what CI services read."""
