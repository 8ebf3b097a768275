"""The operator's door: every command is a client of the REST API."""
