"""Schemas that have to do with one another: made together, made again, many at once."""
