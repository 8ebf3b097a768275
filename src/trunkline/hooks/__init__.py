"""The door services knock at: receive, verify, store, answer."""
