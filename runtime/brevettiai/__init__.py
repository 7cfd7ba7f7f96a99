"""The runtime that jobs import: settings, the Job and its storage."""

from __future__ import annotations

#: The distribution that this package belongs to. Another one on the index has the same import name.
DISTRIBUTION = "brevetti"
