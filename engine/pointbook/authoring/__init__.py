"""What an author starts from: drafts of versions."""
