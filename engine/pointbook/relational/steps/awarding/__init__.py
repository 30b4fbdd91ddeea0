"""What caps and floors leave of each event. Source: docs/meaning.md, "Caps" and "Totals"."""
