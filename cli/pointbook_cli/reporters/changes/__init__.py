"""Semantic changes as text, JSON and Markdown."""
