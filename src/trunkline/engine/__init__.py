"""Runs scenarios: takes deliveries in, claims executions, keeps the journal."""
