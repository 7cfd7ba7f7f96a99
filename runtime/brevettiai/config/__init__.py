"""Configs: loading, renaming, copying, and what was given."""
