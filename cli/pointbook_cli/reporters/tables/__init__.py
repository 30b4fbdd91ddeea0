"""Result tables as files: CSV, JSON Lines and Parquet."""
