"""Whether two files are the same, as far as what S3 tells of them shows."""

from __future__ import annotations

import re
from hashlib import md5

from brevettiai.io.local import FileEntry
from brevettiai.io.whole import CHUNK

_DIGEST = re.compile(r"([0-9a-f]{32})(?:-(\d+))?")
#: In MiB: the sizes of parts that clients of S3 take where nobody tells them.
_USUAL_PARTS = (5, 8, 16, 32, 64, 128)


def looks_newer(source: FileEntry, target: FileEntry) -> bool:
    """Whether, as far as the times tell, a file was written after the one it would replace."""
    if source.modified is None or target.modified is None:
        return True
    return source.modified > target.modified


def fits_etag(path: str, etag: str, size: int, part_size: int) -> bool:
    """Whether the ETag of an object on S3 shows that a local file is the same.

    That of an object in one part is its MD5, unless it is encrypted with keys of one's own. That of
    an object in parts is the MD5 of their MD5s, and does not say how large they are: the usual
    sizes are tried.

    Args:
        size: of both, in bytes.
        part_size: the smallest size of the parts that are uploaded, in MiB.
    """
    found = _DIGEST.fullmatch(etag)
    if not found:
        return False
    digest, parts = found[1], found[2]
    if parts is None:
        return _digest_of_parts(path, max(size, 1))[0] == digest
    ours = (part_size << doubled for doubled in range(6))
    return any(
        _digest_of_parts(path, part)[1] == digest
        for part in sorted({each << 20 for each in (*ours, *_USUAL_PARTS)})
        if -(-size // part) == int(parts)
    )


def is_plain(etag: str) -> bool:
    """Whether an ETag is as of an object in one part."""
    return "-" not in etag


def _digest_of_parts(path: str, part_size: int) -> tuple[str, str]:
    """The MD5 of a file's last part, and that of the MD5s of all parts."""
    part, of_parts = md5(usedforsecurity=False), md5(usedforsecurity=False)
    left = part_size
    with open(path, "rb") as file:
        while chunk := file.read(min(CHUNK, left) or CHUNK):
            if not left:
                of_parts.update(part.digest())
                part, left = md5(usedforsecurity=False), part_size
            part.update(chunk)
            left -= len(chunk)
    of_parts.update(part.digest())
    return part.hexdigest(), of_parts.hexdigest()
