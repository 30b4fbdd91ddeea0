"""What was published may not change unseen: `versions.lock`, and the digest of what decides figures.

`lock` has the records, `reading` makes them of a document, `text` writes them. `form_1` is the digest; a
later form gets a module of its own beside it, and a line in `forms`.
"""
