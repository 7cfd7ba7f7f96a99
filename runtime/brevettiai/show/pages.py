"""What all HTML pages share: their base style, what may run in them, data that cannot leave it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_UNSAFE_IN_HTML = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


@cache
def base_style() -> str:
    """The style below that of each page: the colors of both themes, and texts."""
    return Path(__file__).with_name("base.css").read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """What a Content-Security-Policy calls an inline style or script."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def script_json(value: Any) -> str:
    """`value` as JSON that can stand in a `script` element: no text of it can end the element."""
    return in_script(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def in_script(text: str) -> str:
    """JSON text that can stand in a `script` element."""
    return _UNSAFE_IN_HTML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
