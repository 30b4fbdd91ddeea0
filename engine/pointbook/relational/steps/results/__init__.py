"""The results: ledger, history and standings."""
