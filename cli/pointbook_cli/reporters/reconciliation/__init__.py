"""A reconciliation as text, Markdown, JSON and CSV."""
