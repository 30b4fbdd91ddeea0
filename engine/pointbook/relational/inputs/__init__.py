"""A log put into an engine: from files by the one reader, or in place in Parquet files and tables."""
