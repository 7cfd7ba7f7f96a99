"""Commands for schema authors, on all the steps of a run."""
