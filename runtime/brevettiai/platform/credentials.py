"""The platform's credentials for S3: the XML of an STS AssumeRole answer."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from brevettiai.messages.hidden import HiddenText
from brevettiai.platform.errors import CredentialsError

_FIELDS = {
    "AccessKeyId": "access_key",
    "SecretAccessKey": "secret_key",
    "SessionToken": "token",
    "Expiration": "expiry_time",
}
_LONGEST = 100_000
# What the shortest role sessions live, for answers that do not say.
_SHORTEST_LIFE = timedelta(minutes=15)


def parse_assume_role(answer: bytes, source: str) -> Mapping[str, str]:
    """The credentials in an answer: access_key, secret_key, token, expiry_time, as botocore says.

    The answer is not trusted: declarations of entities and oversized answers are refused, and no
    part of it is shown in an error, which names the source.

    Raises:
        CredentialsError: the answer holds no credentials, or expired ones.
    """
    found = {
        name: re.sub(r"\s+", "", element.text or "")
        for element in _parse(answer, source).iter()
        if (name := _FIELDS.get(element.tag.rpartition("}")[2]))
    }
    missing = [tag for tag, name in _FIELDS.items() if tag != "Expiration" and not found.get(name)]
    if missing:
        raise CredentialsError(f"{source}: the answer lacks {', '.join(missing)}")
    expiry = _expiry(found.pop("expiry_time", None), source).isoformat()
    return {"expiry_time": expiry} | {name: HiddenText(text) for name, text in found.items()}


def _parse(answer: bytes, source: str) -> ElementTree.Element:
    # Raised after the except blocks, so that no error carries the answer along as its context.
    try:
        text = answer.decode("utf-8-sig")
        if len(text) <= _LONGEST and "<!" not in text.replace("<!--", ""):
            return ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError):
        pass
    raise CredentialsError(f"{source}: the answer is no XML of credentials")


def _expiry(text: str | None, source: str) -> datetime:
    now = datetime.now(timezone.utc)
    if not text:
        return now + _SHORTEST_LIFE
    try:
        # Python 3.10 reads neither a Z nor fractions of other than three or six digits.
        expiry = datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))
    except ValueError:
        raise CredentialsError(f"{source}: Expiration {text[:40]!r} is no time") from None
    expiry = expiry if expiry.tzinfo else expiry.replace(tzinfo=timezone.utc)
    if expiry <= now:
        raise CredentialsError(
            f"{source}: gave credentials that expired at {expiry.isoformat()}; "
            f"here it is {now.isoformat(timespec='seconds')}, is the clock right?"
        )
    return expiry
