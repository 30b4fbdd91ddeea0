"""Figures of all members together: by balance, by level, in one sentence, and what is unanswered."""
