"""DuckDB, PostgreSQL and Spark: how each wants its SQL, and a session in which it runs."""
