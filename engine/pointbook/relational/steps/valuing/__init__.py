"""What each event is worth before any limit. Source: docs/meaning.md, "Valuation"."""
