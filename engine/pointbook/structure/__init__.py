"""JSON Schemas, and what they say about a document in words a program manager can act on."""
