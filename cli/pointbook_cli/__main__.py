"""`python -m pointbook_cli` is the command `pointbook`."""

from pointbook_cli.main import main

main()
