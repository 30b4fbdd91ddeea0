"""Files as rows of texts: CSV, JSON Lines and Parquet."""
