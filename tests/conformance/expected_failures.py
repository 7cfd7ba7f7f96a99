"""What the conformance tests know to fail, and why. These lists only shrink.

A case that is listed and passes fails the test, so that it is taken off its list.
"""

from __future__ import annotations

#: Of the JSON Schema test suite: file → "case: test" → reason.
SUITE: dict[str, dict[str, str]] = {
    # Draft 7 lets an implementation check contents if the user asks for it; we take
    # contentEncoding and contentMediaType for annotations, as all later drafts say.
    "draft7/optional/content.json": dict.fromkeys(
        [
            "validation of string-encoded content based on media type: an invalid JSON document",
            "validation of binary string-encoding: an invalid base64 string "
            "(% is not a valid character)",
            "validation of binary-encoded media type documents: "
            "a validly-encoded invalid JSON document",
            "validation of binary-encoded media type documents: "
            "an invalid base64 string that is valid JSON",
        ],
        "contents are annotations",
    ),
}

#: Of SchemaStore: instance (`test/x/y.json`) or schema (`schemas/x.json`) → reason.
SCHEMASTORE: dict[str, str] = {
    "test/web-types/angular.web-types.json": "the lists of lists of `name-pattern-template`, which "
    "holds itself without a class in between, are typed `Any`: their objects are not filled",
}
