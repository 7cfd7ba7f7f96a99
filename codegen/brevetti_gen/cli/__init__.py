"""The commands: words in, a call of `generate` or of a tool, words out."""
