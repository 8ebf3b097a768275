"""The REST door: request, service, response."""
