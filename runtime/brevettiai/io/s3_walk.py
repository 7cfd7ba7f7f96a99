"""Listing objects on S3, as one stream of keys or as folders top down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeAlias

from brevettiai.io.threads import StoppingThreads

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

_AHEAD = 16

Listing: TypeAlias = "Callable[[str, str], Iterator[ListObjectsV2OutputTypeDef]]"
"""Gives the answers, one after the other, that list a bucket below a (prefix, delimiter)."""


def list_keys(listing: Listing, prefix: str) -> Iterator[tuple[str, int]]:
    """All keys below a prefix with their sizes, in the order of S3; memory stays bounded."""
    for answer in listing(prefix, ""):
        for item in answer.get("Contents", []):
            yield item.get("Key", ""), item.get("Size", 0)


def _list_folder(listing: Listing, prefix: str) -> tuple[list[str], list[str]]:
    """The names of folders and files right below a prefix, sorted.

    A key that ends with a slash is a mark that a folder exists, no file; a name that is empty (two
    slashes in a row) has no path and is left out.
    """
    start = len(prefix)
    folders: list[str] = []
    files: list[str] = []
    for answer in listing(prefix, "/"):
        folders += [found.get("Prefix", "")[start:-1] for found in answer.get("CommonPrefixes", [])]
        files += [item.get("Key", "")[start:] for item in answer.get("Contents", [])]
    return sorted(filter(None, folders)), sorted(filter(None, files))


def walk_folders(
    listing: Listing, top: str, prefix: str
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Folders top down as `os.walk` gives them; the next ones are listed while one is looked at.

    Args:
        top: the path of the folder to begin with, which all paths begin with.
        prefix: of its keys, empty or with a slash at its end.
    """
    results: dict[str, Future[tuple[list[str], list[str]]]] = {}
    # The folders still to come, the next one last: (path, prefix).
    pending = [(top, prefix)]
    with StoppingThreads(_AHEAD, "brevettiai-walk") as pool:
        while pending:
            for _, ahead in pending[-_AHEAD:]:
                if ahead not in results:
                    results[ahead] = pool.submit(_list_folder, listing, ahead)
            path, prefix = pending.pop()
            folders, files = results.pop(prefix).result()
            if not folders and not files and path == top:
                break
            yield path, folders, files
            base = path if path.endswith("/") else path + "/"
            pending += [(base + name, f"{prefix}{name}/") for name in reversed(folders)]
