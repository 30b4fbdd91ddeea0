"""What an author starts from: a new program, drafts of versions."""
