"""The version of the tool, as generated files name it."""

VERSION = "0.1.0"
