"""Search spaces: what of settings may vary, and within which limits, from the schema."""
