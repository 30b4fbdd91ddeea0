"""Text in, positioned documents out.

`files` is the only module of the engine that reads files; `yaml_reader` turns text into a
`document`, in which every value knows file, line and column; `patch` merges documents and keeps
those positions. `yaml_text` is the way back, for single values.
"""
