"""A log put into an engine: from files by the one reader, or as it lies in Parquet files and tables."""
