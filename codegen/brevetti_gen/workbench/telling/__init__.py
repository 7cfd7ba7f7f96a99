"""How commands take words and tell what they found: one table of rules, one of options."""
