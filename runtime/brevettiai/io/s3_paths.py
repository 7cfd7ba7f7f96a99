"""Paths on S3: `s3://bucket/key`, a folder of which is what its keys begin with."""

from __future__ import annotations

import errno

SCHEME = "s3://"


def split_path(path: str, *, file: bool = True) -> tuple[str, str]:
    """The bucket and the key of a path.

    Args:
        file: the path is that of a file, which has a key and does not end with a slash.

    Raises:
        ValueError: the path has no bucket, or parts (`.`, `..`) that no key should have.
        IsADirectoryError: the path is that of a folder and should be that of a file.
    """
    bucket, _, key = path.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise ValueError(f"{path}: names no bucket, as s3://bucket/key does")
    if any(part in (".", "..") for part in key.split("/")):
        raise ValueError(f"{path}: S3 has no '.' or '..' in its paths")
    if file and (not key or key.endswith("/")):
        raise IsADirectoryError(errno.EISDIR, "Is a folder", path)
    return bucket, key


def split_folder(path: str) -> tuple[str, str]:
    """The bucket of a folder, and the prefix of the keys in it."""
    bucket, key = split_path(path, file=False)
    key = key.rstrip("/")
    return bucket, f"{key}/" if key else ""
