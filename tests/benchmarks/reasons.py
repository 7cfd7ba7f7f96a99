"""Why another is ahead of ours, where it is: by chapter and competitor.

A reason is shown only where the measurement says that the other is ahead.
"""

from __future__ import annotations

_COMPILED = "It is compiled to machine code; ours is Python."
_MSGSPEC = f"{_COMPILED} It drops keys that no class names, which ours keeps."
_JSON = "Ours goes through Python's `json`, and refuses keys that are given twice."
_WRITTEN = "Ours goes through Python's `json`, which asks a function for what it does not know."
_UNCHECKED = "It judges neither types nor limits where it makes objects."
_LOOSE = "It judges no limits, and drops keys that no class names."
_UNTOLD = (
    "Ours judges every branch of a choice first, then loads the one that fits; it keeps what it "
    "found, so that the time grows with the depth. With a required `const` that tells the branches "
    "apart it does both at once (*tagged* above)."
)
_UNTOLD_SAVED = (
    "Such classes are saved by a table, in a loop of Python. Where something was filled in, ours "
    "loads the config again, to see whether that may be written. With a required `const` that "
    "tells the branches apart it need not."
)
_SAVED = (
    "It copies attributes as they are; ours looks for what is absent, and keeps what no class names"
)
_BOTO3 = "Ours goes through botocore, which takes most of the time; the extra `fast` does not."
_VERIFIED = "Ours reads the file again, to compare its checksum with that of S3."
_AT_ONCE = (
    "It asks once for all. Ours asks for several parts at the same time, which pays for larger "
    f"files. {_VERIFIED} Up to 1 MiB it is botocore that takes most of the time."
)

REASONS: dict[tuple[str, str], str] = {
    ("load", "msgspec"): _MSGSPEC,
    ("load", "pydantic"): (
        "For unknown keys ours logs a warning that names them, by Python's `logging`; pydantic is "
        "silent. Keys by a pattern, of which *unions, maps* has one, ours searches twice."
    ),
    ("load", "mashumaro"): _LOOSE,
    **{("load-nested", name): _UNTOLD for name in ("pydantic", "attrs with cattrs", "mashumaro")},
    **{
        ("save-nested", name): _UNTOLD_SAVED
        for name in ("pydantic", "attrs with cattrs", "mashumaro", "dataclasses-json")
    },
    ("save", "msgspec"): _MSGSPEC,
    ("save", "pydantic"): f"{_COMPILED} Ours copies containers item by item.",
    ("save", "attrs with cattrs"): f"{_SAVED}.",
    ("save", "mashumaro"): f"{_SAVED}.",
    ("read", "msgspec"): f"{_MSGSPEC} {_JSON}",
    ("read", "pydantic"): f"It parses and judges at once in Rust. {_JSON}",
    ("read", "mashumaro"): f"It parses by `orjson`, which is Rust. {_LOOSE} {_JSON}",
    ("read", "attrs with cattrs"): f"It parses by `orjson`, which is Rust. {_LOOSE} {_JSON}",
    ("write", "msgspec"): f"{_MSGSPEC} {_WRITTEN}",
    ("write", "pydantic"): f"It writes in Rust. {_WRITTEN}",
    ("write", "mashumaro"): f"It writes by `orjson`, which is Rust. {_WRITTEN}",
    ("write", "attrs with cattrs"): f"It writes by `orjson`, which is Rust. {_WRITTEN}",
    ("construct", "msgspec"): f"{_COMPILED} {_UNCHECKED}",
    ("construct", "pydantic"): f"{_COMPILED}",
    ("construct", "attrs with cattrs"): "Its validators judge the limits, and no types.",
    ("construct", "mashumaro"): f"A plain dataclass. {_UNCHECKED}",
    ("construct", "dataclasses-json"): f"A plain dataclass. {_UNCHECKED}",
    ("check", "jsonschema-rs"): _COMPILED,
    ("size", "datamodel-code-generator"): (
        "Each file of ours has a head of some 600 bytes. What checks, saves and parses is code in "
        "the machine's half, where the peer leaves it to pydantic."
    ),
    ("small-up", "minio"): f"It signs and sends by urllib3 alone. {_BOTO3}",
    ("small-up", "obstore"): f"It is Rust. {_BOTO3}",
    ("small-up", "s3fs"): f"Requests of one thread, by asyncio. {_BOTO3}",
    ("small-up", "boto3, requests"): "It reads each file whole, and sees to nothing else.",
    ("small-down", "minio"): f"It signs and asks by urllib3 alone. {_BOTO3}",
    ("small-down", "obstore"): f"It is Rust. {_BOTO3}",
    ("small-down", "s3fs"): f"Requests of one thread, by asyncio. {_BOTO3}",
    ("small-down", "boto3, requests"): "It writes files in place; ours gives whole files only.",
    ("large-up", "minio"): (
        "It signs and sends by urllib3 alone. Ours goes through botocore and s3transfer, which by "
        "itself takes as long."
    ),
    ("large-up", "obstore"): "It is Rust, and holds several parts in memory.",
    ("large-down", "obstore"): "It is Rust, and holds several parts in memory.",
    ("large-down", "boto3, requests"): "It holds the whole file in memory.",
    ("large-down", "boto3, files"): _VERIFIED,
    ("large-down", "s3transfer"): _VERIFIED,
    ("large-down", "minio"): _AT_ONCE,
    ("large-down", "s3fs"): _AT_ONCE,
    ("large-memory", "minio"): "It takes one part after the other.",
    ("sweep", "Optuna on processes"): (
        "It calls a function in processes that stay. Ours, unless told otherwise, gives each run a "
        "process of its own: forking, ending and hearing it is most of the time."
    ),
}
