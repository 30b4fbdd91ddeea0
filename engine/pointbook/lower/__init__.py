"""From documents that fit their schemas to the model: patches are resolved, then values are typed."""
