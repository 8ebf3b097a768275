"""The sandbox's own small store: a file per noun over one SQLite database."""
