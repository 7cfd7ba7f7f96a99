"""For schema authors: what is wrong with a schema in words, and what it hardly means."""
