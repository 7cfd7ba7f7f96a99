"""Which settings are secret, by their names and by what their values look like."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
#: Last words of names.
_ALONE = frozenset(
    """password passwd pwd pass passphrase passcode secret secrets token credential credentials
    apikey authtoken accesstoken privatekey secretkey""".split()
)
#: What comes before "key", or "string".
_KEYS = frozenset(
    """api access private secret account auth authorization signing encryption master shared sas
    ssh service subscription session""".split()
)
_LOOKS = re.compile(
    r"(?<![a-z])[a-z][a-z0-9+.-]{,30}://[^/\s:@]*:[^/\s@]+@"  # a password in an address
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\."
    r"|[?&](?:sig|api_?key|token|password)=[^&\s]{6,}",
    re.IGNORECASE,
)


def is_secret_name(name: str) -> bool:
    """Whether settings of a name are secret.

    >>> [is_secret_name(name) for name in ("api_key", "dbPassword", "max_tokens", "tokenizer")]
    [True, True, False, False]
    """
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    is_key = last in ("key", "keys") and before in _KEYS
    is_connection = last == "string" and before == "connection"
    return last in _ALONE or is_key or is_connection


def looks_secret(text: str) -> bool:
    """Whether a text has a secret in it, whatever its setting is called."""
    return _LOOKS.search(text) is not None
