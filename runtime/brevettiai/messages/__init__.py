"""The words of problems."""
