"""The version of the tool, as generated files and the manifest name it."""

VERSION = "0.1.0"
