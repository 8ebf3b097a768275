"""The pages: built from `ui/`, served as files."""
