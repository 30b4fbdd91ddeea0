"""One module per subcommand: its options, the calls it makes, what it prints."""
