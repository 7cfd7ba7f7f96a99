"""Hostile texts in every place of schemas, forms and names, and what commands make of them."""
