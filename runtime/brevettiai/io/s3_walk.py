"""Listing objects on S3, as one stream of keys or as folders top down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, ListObjectsV2RequestTypeDef

_AHEAD = 16


class Page(NamedTuple):
    """A part of a listing: keys with their sizes in bytes, prefixes of folders, and the next part.

    Attributes:
        token: where the listing goes on, None at its end.
    """

    keys: list[tuple[str, int]]
    prefixes: list[str]
    token: str | None


def list_page(
    client: S3Client, bucket: str, prefix: str, delimiter: str, token: str | None
) -> Page:
    """One answer of a listing: at most a thousand keys below a prefix."""
    request: ListObjectsV2RequestTypeDef = {"Bucket": bucket, "Prefix": prefix}
    if delimiter:
        request["Delimiter"] = delimiter
    if token:
        request["ContinuationToken"] = token
    answer: ListObjectsV2OutputTypeDef = client.list_objects_v2(**request)
    return Page(
        [(item.get("Key", ""), item.get("Size", 0)) for item in answer.get("Contents", [])],
        [item.get("Prefix", "") for item in answer.get("CommonPrefixes", [])],
        answer.get("NextContinuationToken"),
    )


ListPage = Callable[[str, str, "str | None"], Page]
"""`list_page` of a bucket: (prefix, delimiter, token)."""


def list_keys(list_page: ListPage, prefix: str) -> Iterator[tuple[str, int]]:
    """All keys below a prefix with their sizes, in the order of S3; memory stays bounded."""
    for page in _pages(list_page, prefix, ""):
        yield from page.keys


def _pages(list_page: ListPage, prefix: str, delimiter: str) -> Iterator[Page]:
    token: str | None = None
    while True:
        page = list_page(prefix, delimiter, token)
        yield page
        token = page.token
        if token is None:
            return


def _list_folder(list_page: ListPage, prefix: str) -> tuple[list[str], list[str]]:
    """The names of folders and files right below a prefix, sorted.

    A key that ends with a slash is a mark that a folder exists, no file; a name that is empty (two
    slashes in a row) has no path and is left out.
    """
    folders: list[str] = []
    files: list[str] = []
    for page in _pages(list_page, prefix, "/"):
        folders += [found[len(prefix) : -1] for found in page.prefixes]
        files += [key[len(prefix) :] for key, _ in page.keys]
    return sorted(filter(None, folders)), sorted(filter(None, files))


def walk_folders(
    list_page: ListPage, top: str, prefix: str
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Folders top down as `os.walk` gives them; the next ones are listed while one is looked at.

    Args:
        top: the path of the folder to begin with, which all paths begin with.
        prefix: of its keys, empty or with a slash at its end.
    """
    listings: dict[str, Future[tuple[list[str], list[str]]]] = {}
    # The folders still to come, the next one last: (path, prefix).
    pending = [(top, prefix)]
    with ThreadPoolExecutor(max_workers=_AHEAD, thread_name_prefix="brevettiai-walk") as pool:
        try:
            while pending:
                for _, ahead in pending[-_AHEAD:]:
                    if ahead not in listings:
                        listings[ahead] = pool.submit(_list_folder, list_page, ahead)
                path, prefix = pending.pop()
                folders, files = listings.pop(prefix).result()
                if not folders and not files and path == top:
                    return
                yield path, folders, files
                base = path if path.endswith("/") else path + "/"
                pending += [(base + name, f"{prefix}{name}/") for name in reversed(folders)]
        finally:
            for listing in listings.values():
                listing.cancel()
