"""What the conformance tests know to fail, and why. These lists only shrink.

A case that is listed and passes fails the test, so that it is taken off its list.
"""

from __future__ import annotations

#: Of the JSON Schema test suite: file → "case: test" → reason.
SUITE: dict[str, dict[str, str]] = {}

#: Of SchemaStore: instance (`test/x/y.json`) or schema (`schemas/x.json`) → reason.
SCHEMASTORE: dict[str, str] = {}
