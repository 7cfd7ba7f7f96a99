"""What is wrong with a schema, in words, and what it says but hardly means."""
