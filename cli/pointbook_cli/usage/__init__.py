"""How the command is typed: what shells complete, and what is said of a slip."""
