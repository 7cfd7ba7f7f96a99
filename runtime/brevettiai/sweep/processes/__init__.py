"""The processes that do runs: a server imports what they need once, and forks for each."""
