"""Paths of both storages: what `job.io.path` offers.

A path with a scheme (`s3://bucket/key`) is an address: its separator is always `/`, and nothing in
it is quoted, so `#`, `?`, `%` and blanks stand for themselves. Any other path is a local one.
"""

from __future__ import annotations

import os

#: Schemes of addresses that `pathlib` folds to `s3:/bucket/key`, which is no local path either.
_SCHEMES = frozenset("s3 s3a s3n gs gcs az abfs abfss hdfs http https ftp sftp file memory".split())


def text_of(path: str | os.PathLike[str]) -> str:
    """A path as text, in which an address that `pathlib` has folded is whole again.

    >>> text_of("s3:/bucket/key")
    's3://bucket/key'
    """
    text = os.fspath(path)
    scheme, colon, rest = text.partition(":")
    is_folded = rest[:1] in ("/", os.sep) and rest[:2] != "//"
    if not (colon and is_folded and scheme.lower() in _SCHEMES):
        return text
    return f"{scheme.lower()}://{rest.replace(os.sep, '/').lstrip('/')}"


def is_address(path: str) -> bool:
    """Whether a path has a scheme, as `s3://bucket/key` has."""
    return "://" in path


def get_sep(path: str) -> str:
    """The separator of a path: `/` in an address, else that of the operating system."""
    return "/" if is_address(path) else os.sep


def join(first: str | os.PathLike[str], *rest: str | os.PathLike[str]) -> str:
    """Join parts of a path, in an address with single slashes, else as `os.path.join` does.

    A part that is itself an address starts anew, as an absolute path does in `os.path.join`.
    """
    joined = text_of(first)
    for item in rest:
        part = text_of(item)
        if is_address(part):
            joined = part
        elif is_address(joined):
            joined = f"{joined.rstrip('/')}/{part.lstrip('/')}" if part else joined
        else:
            joined = os.path.join(joined, part)
    return joined


def relpath(path: str, start: str) -> str:
    """`path` as seen from the folder `start`, with the separator of `path`.

    Raises:
        ValueError: one is an address and the other lies elsewhere; there is no way between them.
    """
    if not is_address(path) and not is_address(start):
        return os.path.relpath(path, start)
    base = start.rstrip("/")
    if path.rstrip("/") == base:
        return "."
    if not path.startswith(base + "/"):
        raise ValueError(f"{path} does not lie in {start}")
    return path[len(base) + 1 :]


def escape(path: str) -> str:
    """A path for a pattern in which it stands for itself.

    >>> escape("s3://bucket/a[1].txt")
    's3://bucket/a[[]1].txt'
    """
    from glob import escape

    return escape(path)


def split_name(name: str, *, windows: bool = os.name == "nt") -> list[str]:
    """The parts of a relative file name, checked so that joined to a folder they stay inside it.

    Args:
        name: a relative name with `/` between its parts; on Windows backslashes separate too.
        windows: hold the parts to the rules of Windows file systems.

    Raises:
        ValueError: the name is empty or absolute, goes up (`..`), or has a part that some system
            reads as something else than a plain file name.
    """
    if windows:
        name = name.replace("\\", "/")
    parts = name.split("/")
    for part in parts:
        reason = _unfit(part, windows)
        if reason:
            raise ValueError(f"{name!r} is no name inside a folder: {reason}")
    if len(parts[0]) == 2 and parts[0][1] == ":":
        raise ValueError(f"{name!r} is no name inside a folder: it starts with a drive")
    return parts


def _unfit(part: str, windows: bool) -> str | None:
    """Why a part of a name is no plain file name, or None where it is one."""
    if not part:
        return "a part of it is empty, or it starts or ends with a slash"
    if part in (".", ".."):
        return f"it contains {part!r}"
    if any(char < " " for char in part):
        return "it contains a control character"
    if windows:
        bad = next((char for char in part if char in '<>:"|?*'), None)
        if bad:
            return f"Windows does not allow {bad!r} in a name"
        if part[-1] in ". ":
            return "Windows drops a dot or a blank at the end of a name"
        if part.split(".", 1)[0].rstrip().upper() in _DEVICES:
            return f"{part!r} names a device on Windows"
    return None


_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [kind + number for kind in ("COM", "LPT") for number in "123456789¹²³"]
)
