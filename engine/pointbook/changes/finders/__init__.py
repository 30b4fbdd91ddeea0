"""What differs between two versions, or two programs, by subject: each finder yields changes of kinds."""
