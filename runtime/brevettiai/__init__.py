"""The runtime that jobs import: settings, the Job and its storage."""
