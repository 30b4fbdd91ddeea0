"""The rules as a package of dbt: rows as they are, judged, and the results of those that are accepted."""
